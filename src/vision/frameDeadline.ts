import type { Frame } from '../capture/frame.ts';

/** Runs of so many misses and more are counted as one length. */
export const longestRunCounted = 63;

/** Which frames came too late to the light: later than a frame time, so that the next one had to wait. */
export interface FrameDeadline {
	/** Of the frame before; NaN for none. */
	sequence: number;
	timestampMs: number;
	/** Time from one frame to the next, as last seen; NaN while not known: no frame is late then. */
	frameMs: number;
	misses: number;
	/** Misses in a row up to now. */
	run: number;
}

export function createDeadline(): FrameDeadline {
	const unknown = Number.NaN;
	return { sequence: unknown, timestampMs: unknown, frameMs: unknown, misses: 0, run: 0 };
}

/**
 * One frame further, in place; allocates nothing. A frame after a gap is held against the frame time before the gap.
 * @param times a cell with the frame's time from the kernel's timestamp to the light, milliseconds, at `at`
 * @param runs of misses that have ended, counted by length; the last place is for `longestRunCounted` and more
 */
export function stepDeadline(
	deadline: FrameDeadline,
	frame: Frame,
	times: Float64Array,
	at: number,
	runs: Int32Array,
): void {
	const interval = frame.timestampMs - deadline.timestampMs;
	if (frame.sequence === deadline.sequence + 1 && interval > 0) deadline.frameMs = interval;
	deadline.sequence = frame.sequence;
	deadline.timestampMs = frame.timestampMs;
	if (times[at]! > deadline.frameMs) {
		deadline.misses++;
		deadline.run++;
	} else if (deadline.run > 0) {
		runs[Math.min(deadline.run, longestRunCounted)]!++;
		deadline.run = 0;
	}
}
