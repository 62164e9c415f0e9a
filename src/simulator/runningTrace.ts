import type { Roi } from '../capture/frame.ts';
import type { Canvas } from './canvas.ts';
import type { Layout } from './layout.ts';

/** A heart trace that sweeps along the bottom of the screen, whatever the scan does. Allocates nothing while it runs. */
export class RunningTrace {
	/** The columns drawn last, pixels. */
	readonly place: Roi;
	readonly #canvas: Canvas;
	readonly #layout: Layout;
	readonly #left: number;
	readonly #width: number;
	#column = 0;
	#row = 0;

	constructor(canvas: Canvas, layout: Layout) {
		this.#canvas = canvas;
		this.#layout = layout;
		this.#left = Math.round(canvas.width * 0.08) & ~1;
		this.#width = Math.round(canvas.width * 0.8) & ~1;
		const tall = Math.max(6, Math.round(canvas.height * 0.035));
		this.place = { x: this.#left, y: canvas.height - tall - 2, width: 2, height: tall };
		this.#row = this.place.y + tall - 3;
	}

	/** Draws up to a moment. @returns whether `place` was drawn anew */
	show(seconds: number): boolean {
		const target = Math.floor(((seconds / 6) % 1) * (this.#width - 12));
		if (target === this.#column) return false;
		if (target < this.#column) this.#column = 0;
		const from = this.#column;
		const { place } = this;
		this.#canvas.fill(this.#left + from + 1, place.y, target - from + 10, place.height, this.#layout.ground);
		for (; this.#column < target; this.#column++) {
			const beat = (((this.#column + 1) / (this.#width - 12)) * 6 * 1.15) % 1;
			const spike = beat < 0.04 ? beat / 0.04 : beat < 0.08 ? (0.08 - beat) / 0.04 : 0;
			const row = Math.round(place.y + place.height - 3 - spike * (place.height - 4));
			const top = Math.min(row, this.#row);
			this.#canvas.fill(this.#left + this.#column + 1, top, 1, Math.abs(row - this.#row) + 1, [120, 90, 80]);
			this.#row = row;
		}
		place.x = (this.#left + from) & ~1;
		place.width = target - from + 14;
		return true;
	}
}
