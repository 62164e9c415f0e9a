import { place, type TurnTimes } from './turnTimes.ts';

/** What `bench` measures: the stages of the way, and what is done after the light has been told. */
export const measured = ['delivery', 'screen', 'network', 'light', 'status', 'whole'] as const;
export type Measured = (typeof measured)[number];

/** Keeps every time of every turn, for benchmarks; room for a fixed number of turns, nothing allocated later. */
export class StageTimes {
	readonly #times: readonly Float64Array[];
	#turns = 0;

	constructor(turns: number) {
		this.#times = measured.map(() => new Float64Array(turns));
	}

	/** A turn is over; past the room nothing is kept. */
	keep({ ms }: TurnTimes): void {
		if (this.#turns === this.#times[0]!.length) return;
		for (let at = 0; at < ms.length; at++) this.#times[at]![this.#turns] = ms[at]!;
		this.#turns++;
	}

	/** Times of a stage, one a turn so far, milliseconds; NaN where a turn did not pass it. */
	of(stage: Measured): Float64Array {
		return this.#times[place[stage]]!.subarray(0, this.#turns);
	}
}
