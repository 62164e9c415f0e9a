import { readClock } from './turnClock.ts';

/** Stages of a turn, in the order in which they end. */
export const stages = ['wait', 'screen and pixels', 'network', 'exam and light', 'status'] as const;
export type Stage = (typeof stages)[number];

/** How long each stage of each turn took, in milliseconds; room for a fixed number of turns, nothing allocated later. */
export class StageTimes {
	readonly turns: number;
	readonly #times: ReadonlyMap<Stage, Float64Array>;
	#turn = -1;
	/** Now, and when the stage began. */
	readonly #clock = new Float64Array(2);

	constructor(turns: number) {
		this.turns = turns;
		this.#times = new Map(stages.map((stage) => [stage, new Float64Array(turns)]));
	}

	/** A turn begins; past the room the last place is written again. */
	begin(): void {
		this.#turn = Math.min(this.#turn + 1, this.turns - 1);
		readClock(this.#clock, 1);
	}

	end(stage: Stage): void {
		readClock(this.#clock, 0);
		this.#times.get(stage)![this.#turn] = this.#clock[0]! - this.#clock[1]!;
		this.#clock[1] = this.#clock[0]!;
	}

	/** Times of a stage, one a turn so far. */
	of(stage: Stage): Float64Array {
		return this.#times.get(stage)!.subarray(0, this.#turn + 1);
	}
}
