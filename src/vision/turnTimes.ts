import type { Frame } from '../capture/frame.ts';
import { readClock } from './turnClock.ts';

/**
 * Stages of a frame's way to the light, in their order: `delivery` from the kernel's timestamp to the loop, `screen`
 * (judging the screen, and the network's input), `network`, `light` (the exam, and the writing of the light).
 */
export const stages = ['delivery', 'screen', 'network', 'light'] as const;
export type Stage = (typeof stages)[number];

/** Places of the times: the stages, what comes after the light, and the whole way from the kernel's timestamp to it. */
export const place = { delivery: 0, screen: 1, network: 2, light: 3, status: 4, whole: 5 } as const;
const places = 6;

/**
 * How long each stage of this turn took, milliseconds; NaN for one that it did not pass. Always on: two system clock
 * readings a stage, 0.2 µs each, nothing allocated.
 */
export class TurnTimes {
	/** By `place`. */
	readonly ms = new Float64Array(places);
	/** Now, and when the stage began. */
	readonly #clock = new Float64Array(2);

	begin(): void {
		this.ms.fill(Number.NaN);
	}

	/** The loop has a frame. @param frame not its time alone: a fraction as an argument can cost an allocation */
	received({ timestampMs }: Frame): void {
		readClock(this.#clock, 1);
		this.ms[place.delivery] = this.#clock[1]! - timestampMs;
	}

	/** A stage that begins now although none before it ended. */
	resume(): void {
		readClock(this.#clock, 1);
	}

	/** @param at one of `place` but `delivery` and `whole` */
	end(at: number): void {
		readClock(this.#clock, 0);
		this.ms[at] = this.#clock[0]! - this.#clock[1]!;
		this.#clock[1] = this.#clock[0]!;
	}

	/** The light has been told of this frame. */
	shown({ timestampMs }: Frame): void {
		this.end(place.light);
		this.ms[place.whole] = this.#clock[0]! - timestampMs;
	}
}
