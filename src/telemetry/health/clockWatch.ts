import { access } from 'node:fs/promises';
import { monotonicMs } from '../../clock.ts';
import type { Health } from '../messages/health.ts';

/** How far the wall clock moved against the monotonic clock; 0 below the threshold. Milliseconds. */
export function clockJump(beforeOffsetMs: number, offsetMs: number, thresholdMs: number): number {
	const moved = offsetMs - beforeOffsetMs;
	return Math.abs(moved) < thresholdMs ? 0 : Math.round(moved);
}

/** Sees the wall clock being set. Times in messages that were made before it are off by as much. */
export class ClockWatch {
	readonly #thresholdMs: number;
	readonly #offset: () => number;
	#before: number;
	#jumps = 0;

	constructor(thresholdMs: number, offset: () => number = () => Date.now() - monotonicMs()) {
		this.#thresholdMs = thresholdMs;
		this.#offset = offset;
		this.#before = offset();
	}

	/** Since the last look. */
	look(): Pick<Health['clock'], 'jumpMs' | 'jumps'> {
		const offset = this.#offset();
		const jumpMs = clockJump(this.#before, offset, this.#thresholdMs);
		this.#before = offset;
		if (jumpMs !== 0) this.#jumps += 1;
		return { jumpMs, jumps: this.#jumps };
	}
}

/** Whether systemd-timesyncd has set the clock (systemd-timesyncd.service(8)); null where it does not run. */
export async function clockSynchronised(folder = '/run/systemd/timesync'): Promise<boolean | null> {
	const there = (path: string) =>
		access(path).then(
			() => true,
			() => false,
		);
	if (!(await there(folder))) return null;
	return there(`${folder}/synchronized`);
}
