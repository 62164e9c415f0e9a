import { longestSide, type ScreenMaps } from './maps.ts';
import type { SearchOptions } from './screenOptions.ts';

/** Bits of a cell's mark. */
export const hardBit = 1;
export const activeBit = 2;
export const crispBit = 4;

/** The brightest level that can be a screen's background. */
const brightestBackground = 64;

/** The cells that may belong to a scan, and what kind of cell each is. */
export class CellMarks {
	/** 1: lit or active, and no panel. */
	readonly mask = new Uint8Array(longestSide * longestSide);
	/** `hardBit`, `crispBit` (at least half as hard), `activeBit`. */
	readonly marks = new Uint8Array(longestSide * longestSide);
	/** The most common dark grey. */
	background = 0;
	/** First row below the header. */
	firstRow = 0;
	/** Enough of the screen is active. */
	running = false;
	readonly #histogram = new Int32Array(256);
	readonly #flatInRow = new Int32Array(longestSide);
	readonly #flatInColumn = new Int32Array(longestSide);

	mark(maps: ScreenMaps, options: SearchOptions): void {
		const { width, height, level, activity, step } = maps;
		const background = this.#findBackground(maps);
		this.background = background;
		this.#flatInRow.fill(0);
		this.#flatInColumn.fill(0);
		let active = 0;
		for (let y = 0; y < height; y++)
			for (let x = 0; x < width; x++) {
				const at = y * width + x;
				const above = level[at]! - background;
				const moves = activity[at]! > options.activeAbove;
				const flat = !moves && above > options.flatAbove && step[at]! <= options.flatStep;
				if (moves) active++;
				if (flat) {
					this.#flatInRow[y]!++;
					this.#flatInColumn[x]!++;
				}
				this.mask[at] = !flat && (moves || above > options.litAbove) ? 1 : 0;
				const edge =
					step[at]! > options.hardStep ? hardBit | crispBit : step[at]! > options.hardStep / 2 ? crispBit : 0;
				this.marks[at] = edge | (moves ? activeBit : 0);
			}
		this.running = active > options.runningShare * width * height;
		if (this.running) this.#dropStanding(width * height);
		this.#dropPanels(width, height, options.panelShare);
	}

	#findBackground({ width, height, level }: ScreenMaps): number {
		const histogram = this.#histogram.fill(0);
		for (let at = 0; at < width * height; at++) histogram[Math.round(level[at]!) & 255]!++;
		let most = 0;
		for (let grey = 1; grey < brightestBackground; grey++) if (histogram[grey]! > histogram[most]!) most = grey;
		return most;
	}

	/** On a running screen what has a hard edge and stands still is lettering, a ruler or a frame. */
	#dropStanding(cells: number): void {
		for (let at = 0; at < cells; at++) if ((this.marks[at]! & (hardBit | activeBit)) === hardBit) this.mask[at] = 0;
	}

	/** Empties whole rows and columns of panels, with the lettering on them. */
	#dropPanels(width: number, height: number, share: number): void {
		this.firstRow = 0;
		for (let y = 0; y < height; y++)
			if (this.#flatInRow[y]! > share * width) {
				this.mask.fill(0, y * width, (y + 1) * width);
				if (y < height / 3) this.firstRow = y + 1;
			}
		for (let x = 0; x < width; x++)
			if (this.#flatInColumn[x]! > share * height) for (let y = 0; y < height; y++) this.mask[y * width + x] = 0;
	}
}
