import { type Frame, lumaLayout } from '../capture/frame.ts';
import type { ScreenMaps } from './maps.ts';

/** Widest frame, pixels. */
const widest = 4096;

/** Fills the map of steps between neighbouring pixels at full resolution, some rows a turn. */
export class StepScan {
	/** First pixel of each cell column, and the end. */
	readonly #starts = new Uint16Array(widest);
	#row = 0;

	start(maps: ScreenMaps, frameWidth: number): void {
		this.#row = 0;
		for (let cell = 0; cell <= maps.width; cell++) this.#starts[cell] = Math.floor((cell * frameWidth) / maps.width);
		// The last pixel of a row has no neighbour on its right.
		this.#starts[maps.width] = frameWidth - 1;
	}

	/** Reads the next rows, about `pixels` in all. Returns whether the frame is through. */
	turn(bytes: Uint8Array, frame: Frame, maps: ScreenMaps, pixels: number): boolean {
		const last = Math.min(frame.height - 1, this.#row + Math.max(1, Math.floor(pixels / frame.width)));
		for (; this.#row < last; this.#row++) this.#readRow(bytes, frame, maps, this.#row);
		return this.#row >= frame.height - 1;
	}

	#readRow(bytes: Uint8Array, frame: Frame, maps: ScreenMaps, y: number): void {
		const { first, step } = lumaLayout(frame.pixelFormat);
		const below = frame.stride;
		const line = frame.offset + first + y * frame.stride;
		const cells = Math.floor((y * maps.height) / frame.height) * maps.width;
		for (let cell = 0; cell < maps.width; cell++) {
			let largest = maps.step[cells + cell]!;
			const end = line + this.#starts[cell + 1]! * step;
			for (let at = line + this.#starts[cell]! * step; at < end; at += step) {
				const grey = bytes[at]!;
				const across = Math.abs(bytes[at + step]! - grey);
				const down = Math.abs(bytes[at + below]! - grey);
				if (across > largest) largest = across;
				if (down > largest) largest = down;
			}
			maps.step[cells + cell] = largest;
		}
	}
}
