// @ts-check
import { BoxClock } from './validity.js';

/** @typedef {import('./validity.js').Heard} Heard */

const quietMs = 2000;
const againMs = 500;
/** First often, until an answer came quickly; then to keep up with the drift. */
const askMs = [0, 100, 200, 500, 1000];
const askLastMs = 2000;

/** The connection to the box: hears its events, knows its clock, and connects anew after any kind of loss. */
export class Link {
	/** @type {Heard | null} */
	heard = null;
	#clock = new BoxClock();
	/** @type {EventSource | null} */
	#source = null;
	#heardMs = 0;
	#onHeard;

	/** @param {(heard: Heard) => void} onHeard */
	constructor(onHeard) {
		this.#onHeard = onHeard;
	}

	open() {
		this.#connect();
		void this.#ask(0);
		setInterval(() => this.#watch(), againMs);
	}

	/** What was heard before is not to be shown again: the page slept, and does not know for how long. */
	forget() {
		this.heard = null;
		this.#clock.forget();
		void this.#learn();
	}

	/**
	 * Age of the last event; NaN when it is not known.
	 * @param {number} nowMs
	 */
	ageMs(nowMs) {
		return this.heard === null ? Number.NaN : this.#clock.ageMs(this.heard.atMs, nowMs);
	}

	#connect() {
		this.#source?.close();
		this.#heardMs = performance.now();
		const source = new EventSource('api/events');
		source.onmessage = (event) => this.#hear(JSON.parse(event.data));
		source.onerror = () => {
			this.heard = null;
		};
		this.#source = source;
	}

	/** A refused connection and one that fell silent are not taken up again by the browser. */
	#watch() {
		const quiet = performance.now() - this.#heardMs > quietMs;
		if (quiet || this.#source?.readyState === EventSource.CLOSED) this.#connect();
	}

	/** @param {Heard} heard */
	#hear(heard) {
		const nowMs = performance.now();
		this.#heardMs = nowMs;
		// From the future: this machine slept, or the box was restarted, and its clock is another one.
		if (this.#clock.ageMs(heard.atMs, nowMs) < 0) {
			this.forget();
			return;
		}
		this.heard = heard;
		this.#onHeard(heard);
	}

	/** @param {number} turn */
	async #ask(turn) {
		await this.#learn();
		setTimeout(() => void this.#ask(turn + 1), askMs[turn] ?? askLastMs);
	}

	async #learn() {
		const askedMs = performance.now();
		try {
			const response = await fetch('api/state', { signal: AbortSignal.timeout(1000) });
			const { atMs } = await response.json();
			this.#clock.learn(atMs, askedMs, performance.now());
		} catch {
			// No answer: the clock stays as it is, and the silence of the events says the rest.
		}
	}
}
