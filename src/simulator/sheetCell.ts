import { AreaAverage, type Window } from './areaAverage.ts';
import type { Canvas } from './canvas.ts';

/** Height of the line of text under a picture, pixels. */
export const captionHeight = 10;

/** Puts pictures into the square cells of a sheet. */
export class SheetCell {
	readonly #size: number;
	readonly #square: Uint8Array;

	/** @param size width and height of a cell, pixels */
	constructor(size: number) {
		this.#size = size;
		this.#square = new Uint8Array(size * size);
	}

	/**
	 * Draws one picture, in its proportions, with a line of text under its cell.
	 * @param start byte of the picture's frame; @param window the part of it to show; @param height of the cell if not square
	 */
	paste(
		sheet: Canvas,
		left: number,
		top: number,
		bytes: Uint8Array,
		start: number,
		stride: number,
		window: Window,
		caption: string,
		height: number = this.#size,
	): void {
		const size = this.#size;
		new AreaAverage(window, size).average(bytes, start, stride, this.#square, 0);
		const scale = Math.min(size / window.width, height / window.height);
		const wide = Math.floor(window.width * scale);
		const tall = Math.floor(window.height * scale);
		for (let y = 0; y < tall; y++)
			for (let x = 0; x < wide; x++)
				sheet.luma[(top + y) * sheet.width + left + x] =
					this.#square[Math.floor((y * size) / tall) * size + Math.floor((x * size) / wide)]!;
		sheet.text(caption, left + 2, top + height + 1, 1, [230, 128, 128]);
	}
}
