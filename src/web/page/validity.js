// @ts-check
/** @typedef {import('../pageState.ts').PageState & { atMs: number }} Heard An event, with the moment it was made on the box's clock. */
/** @typedef {'fresh' | 'expired' | 'lost'} Validity */

/** A longer silence is a lost connection, milliseconds. The box speaks every 50 ms or so. */
export const silenceMs = 300;

/** Clocks of two machines run apart by at most this, in parts of the time passed. */
const drift = 2e-4;

/**
 * What the box's clock shows, known from a question and its answer: the answer was made after the question was asked. So
 * an event is never taken for younger than it is, however long the network held it back.
 */
export class BoxClock {
	/** Page time of the box's zero, at the earliest. */
	#zeroMs = Number.NaN;
	#doubtMs = Number.POSITIVE_INFINITY;
	#learntMs = 0;

	/**
	 * @param {number} atMs on the box's clock, from the answer
	 * @param {number} askedMs on the page's clock
	 * @param {number} nowMs on the page's clock
	 */
	learn(atMs, askedMs, nowMs) {
		const zeroMs = askedMs - atMs;
		const doubtMs = nowMs - askedMs;
		const drifted = (nowMs - this.#learntMs) * drift;
		// Two answers that contradict each other: it is another clock now, such as after the box was started anew.
		const other = zeroMs > this.#zeroMs + this.#doubtMs + drifted || zeroMs + doubtMs < this.#zeroMs - drifted;
		if (doubtMs > this.#doubtMs + drifted && !other) return;
		this.#zeroMs = zeroMs;
		this.#doubtMs = doubtMs;
		this.#learntMs = nowMs;
	}

	forget() {
		this.#zeroMs = Number.NaN;
		this.#doubtMs = Number.POSITIVE_INFINITY;
	}

	/**
	 * Age of what the box said at `atMs`, at most; NaN while the clock is not known.
	 * @param {number} atMs
	 * @param {number} nowMs
	 */
	ageMs(atMs, nowMs) {
		return nowMs - atMs - this.#zeroMs + (nowMs - this.#learntMs) * drift;
	}
}

/**
 * For how long an event may still be shown, milliseconds; 0 when no longer. What the box says of itself (`starting`,
 * `fault`) holds as long as it speaks; what it says of the picture expires.
 * @param {Heard} heard
 * @param {number} ageMs
 */
export function leftMs(heard, ageMs) {
	const ofItself = heard.guidance === 'starting' || heard.guidance === 'fault';
	const holdsMs = ofItself ? silenceMs : Math.min(silenceMs, heard.validForMs);
	const left = holdsMs - ageMs;
	// An age that is no number has expired.
	return left > 0 ? left : 0;
}

/**
 * @param {Heard | null} heard the last event
 * @param {number} ageMs its age
 * @returns {Validity}
 */
export function validity(heard, ageMs) {
	if (heard === null || !(ageMs <= silenceMs)) return 'lost';
	return leftMs(heard, ageMs) > 0 ? 'fresh' : 'expired';
}
