import { statfs } from 'node:fs/promises';
import type { StatusBoard } from '../vision/statusBoard.ts';
import { boardFigures } from './health/boardFigures.ts';
import { ClockWatch, clockSynchronised } from './health/clockWatch.ts';
import { CpuLoad } from './health/cpuLoad.ts';
import { withinDeadline } from './health/deadline.ts';
import { networkFigures } from './health/networkFigures.ts';
import { VisionFigures } from './health/visionFigures.ts';
import { schemaVersion } from './messages/fields.ts';
import type { Health } from './messages/health.ts';
import type { Outbox } from './outbox.ts';
import { refusedOf, type TelemetryParts } from './telemetryParts.ts';

export interface HealthOptions {
	/** Between two messages, milliseconds. */
	intervalMs: number;
	/** What a part of the figures may take; later it is null. Milliseconds. */
	partMs: number;
	/** From when on a moved wall clock counts as a jump, milliseconds. */
	clockJumpMs: number;
}

export interface HealthParts {
	outbox: Outbox;
	/** Null while no vision thread runs. */
	board: () => StatusBoard | null;
	ready?: TelemetryParts['ready'];
	/** What came in since the last call; null when nobody looks. */
	input: () => Health['input'];
	/** On the disk whose room is reported. */
	folder: string;
}

/** Gathers the health messages. Nothing in it starts a process or blocks the thread. */
export class HealthFigures {
	readonly #options: HealthOptions;
	readonly #parts: HealthParts;
	readonly #cpu = new CpuLoad();
	readonly #vision = new VisionFigures();
	readonly #clock: ClockWatch;
	#seq = 0;

	constructor(options: HealthOptions, parts: HealthParts) {
		this.#options = options;
		this.#parts = parts;
		this.#clock = new ClockWatch(options.clockJumpMs);
	}

	/** Counts and loads are since the last call. Takes at most `partMs`. */
	async collect(): Promise<Health> {
		const { partMs } = this.#options;
		const { outbox, board, input, folder } = this.#parts;
		const now = new Date();
		const [memory, disk, network, synchronised, queue, boardSays] = await Promise.all([
			withinDeadline(memoryFigures(), partMs),
			withinDeadline(diskFigures(folder), partMs),
			withinDeadline(networkFigures(), partMs),
			withinDeadline(clockSynchronised(), partMs),
			withinDeadline(oldestAgeMs(outbox, now), partMs),
			withinDeadline(boardFigures(), partMs),
		]);
		this.#seq += 1;
		return {
			schema: schemaVersion,
			boot: outbox.boot,
			seq: this.#seq,
			measuredAt: now.toISOString(),
			uptimeMs: Math.round(process.uptime() * 1000),
			cpu: this.#cpu.look(),
			memory,
			process: { rssBytes: process.memoryUsage.rss() },
			disk,
			network,
			queue: {
				pending: outbox.pending(),
				pendingBytes: outbox.pendingBytes(),
				oldestAgeMs: queue,
				inMemory: outbox.waiting(),
				setAside: outbox.aside(),
			},
			vision: this.#vision.look(board()),
			inference: inferenceFigures(this.#parts.ready?.() ?? null),
			input: input(),
			board: boardSays,
			clock: { synchronised, ...this.#clock.look() },
		};
	}
}

function inferenceFigures(ready: ReturnType<TelemetryParts['ready']>): Health['inference'] {
	return ready && { provider: ready.model.provider, refused: refusedOf(ready) };
}

async function memoryFigures(): Promise<Health['memory']> {
	// Here and not above: the light does not wait for it.
	const { mem } = await import('systeminformation');
	const { total, available } = await mem();
	return { totalBytes: total, availableBytes: available };
}

async function diskFigures(folder: string): Promise<Health['disk']> {
	const { blocks, bavail, bsize } = await statfs(folder);
	return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

async function oldestAgeMs(outbox: Outbox, now: Date): Promise<number | null> {
	const [oldest] = await outbox.peek(1);
	return oldest ? Math.max(0, now.getTime() - Date.parse(oldest.createdAt)) : null;
}
