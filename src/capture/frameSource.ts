import type { Frame } from './frame.ts';
import type { FrameMemory } from './frameMemory.ts';
import type { SignalState } from './signal.ts';

/**
 * What one pull gave. The object belongs to the source and is overwritten by the next pull.
 * - `frame`: a frame, in `frame`.
 * - `signal`: no frame within the deadline because of `signal` (never `ok`); `detail` names the cause in one line.
 * - `idle`: no frame within the deadline, and nothing known to be wrong yet (the deadline was short).
 * - `end`: a recording or simulation is over; every later pull says so again.
 */
export interface Pull {
	kind: 'frame' | 'signal' | 'idle' | 'end';
	frame: Frame;
	signal: SignalState;
	detail: string;
}

/**
 * Port: where frames come from. Synchronous, driven by the vision loop, one caller. Implementations: v4l2, recording,
 * simulator; test/capture/frameSource.contract.ts holds for each.
 */
export interface FrameSource {
	/** For logs and birth messages, such as `v4l2 /dev/video0`. */
	readonly name: string;
	/**
	 * Makes the source ready to write frames into `memory`. A device that is missing or has no signal is no error: `next`
	 * then names its state and goes on trying.
	 * @throws PhleboxError for what no waiting mends (a file that is no video)
	 */
	open(memory: FrameMemory): void;
	/** Waits at most `deadlineMs` milliseconds. Throws nothing for faults of the device: they are signal states. */
	next(deadlineMs: number): Pull;
	/** Gives everything back; may be called at any time, more than once. After it `next` says `end`. */
	close(): void;
}
