import type { StatusBoard } from '../vision/statusBoard.ts';

/** What the watchdog of the service manager is fed by. */
export interface ProgressSigns {
	/** The vision thread's last sign of life, which it gives at every turn; milliseconds on the monotonic clock. */
	heartbeatMs: number;
	/** The vision thread is past its start: model loaded, parts open. */
	ready: boolean;
}

/**
 * What a box shows of its progress. A loop that turns but gets no frame, because a thread that hangs still has the device,
 * works no more than one that starts: nothing but the end of the process gives the device back.
 */
export function progressSigns(box: {
	board: Pick<StatusBoard, 'get' | 'signal'>;
	ready: boolean;
	/** A thread that was given up has not ended. */
	hanging: boolean;
}): ProgressSigns {
	const withoutDevice = box.hanging && box.board.signal === 'error';
	return { heartbeatMs: box.board.get('heartbeatMs'), ready: box.ready && !withoutDevice };
}

export interface ProgressLimits {
	/** Longest time between two turns, milliseconds. */
	turnMs: number;
	/** Longest time without a turn while the thread starts or is started anew. */
	startMs: number;
}

/**
 * Whether the box makes progress. Only turns of the vision loop count: a process whose timers run but whose loop stands is
 * no box, and one whose loop is started again and again without ever getting to a turn is none either. Reads no clock.
 */
export class Progress {
	readonly #limits: ProgressLimits;
	/** The last turn that was seen, or the start of the box. */
	#turnMs: number;

	constructor(limits: ProgressLimits, nowMs: number) {
		this.#limits = limits;
		this.#turnMs = nowMs;
	}

	/** @returns whether the watchdog is to be fed */
	look({ heartbeatMs, ready }: ProgressSigns, nowMs: number): boolean {
		// A thread that is not ready shows signs of life too, but makes no turns.
		if (ready) this.#turnMs = Math.max(this.#turnMs, heartbeatMs);
		return nowMs - this.#turnMs <= (ready ? this.#limits.turnMs : this.#limits.startMs);
	}
}
