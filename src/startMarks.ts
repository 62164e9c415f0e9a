import { readFileSync } from 'node:fs';
import { monotonicMs } from './clock.ts';

/** A part of the start is over. */
export interface StartMark {
	part: string;
	/** Monotonic, milliseconds. */
	atMs: number;
}

/** What of the start is over in this thread, in order. Written a dozen times in a life of the process. */
export class StartMarks {
	readonly marks: StartMark[] = [];

	over(part: string): void {
		this.marks.push({ part, atMs: monotonicMs() });
	}
}

export const startMarks = new StartMarks();

/**
 * When the kernel started this process and how long after its own start that was, by /proc (man 5 proc: starttime in hundredths
 * of a second, which is also how exact it is). Null where there is no such thing.
 */
export function processStart(): { atMs: number; sinceBootMs: number } | null {
	try {
		// The name of the program, in brackets, may hold anything.
		const fields = readFileSync('/proc/self/stat', 'utf8')
			.replace(/^.*\) /s, '')
			.split(' ');
		const sinceBootMs = Number(fields[19]) * 10;
		const upMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
		const atMs = monotonicMs() - (upMs - sinceBootMs);
		return Number.isFinite(atMs) ? { atMs, sinceBootMs } : null;
	} catch {
		return null;
	}
}

export interface FirstLight {
	/** From the process's start to the first light that rests on a look at the signal. */
	afterMs: number;
	/** From the kernel's start. What firmware and boot loader took before is not in it. */
	sinceBootMs: number;
	/** Of all threads of the process until then: what a busy machine takes away is not in it. */
	cpuMs: number;
	/** How long each part took, in order. */
	parts: Record<string, number>;
}

/** @param marks of all threads @param start of the process @param cpuMs of the process */
export function firstLight(
	marks: readonly StartMark[],
	start: { atMs: number; sinceBootMs: number },
	cpuMs: number,
): FirstLight {
	const ordered = marks.toSorted((a, b) => a.atMs - b.atMs);
	const parts: Record<string, number> = {};
	let before = start.atMs;
	for (const { part, atMs } of ordered) {
		parts[part] = Math.round(10 * (atMs - before)) / 10;
		before = atMs;
	}
	const afterMs = Math.round(before - start.atMs);
	return { afterMs, sinceBootMs: Math.round(start.sinceBootMs + afterMs), cpuMs: Math.round(cpuMs), parts };
}
