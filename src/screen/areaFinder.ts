import { CellMarks, hardBit } from './cellMarks.ts';
import { type Component, Components } from './components.ts';
import { longestSide, type ScreenMaps } from './maps.ts';
import type { SearchOptions } from './screenOptions.ts';
import { SectorOutline } from './sectorOutline.ts';

/** What a search found; edges in cells, `right` and `bottom` behind the last. */
export interface FoundArea {
	found: boolean;
	/** Why nothing was found; empty where something was. */
	reason: string;
	/** The screen was running: the area was found by its speckle, not by structure alone. */
	running: boolean;
	shape: 'rectangle' | 'sector';
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** The main part is no line: shortest side, share of the grid's shorter side. */
const thinnestMain = 0.06;
/** Least cells of a further piece of a sector on a standing screen, and of one of a scattered picture. */
const smallestPiece = 4;
const smallestScattered = 16;
/** Lettering has more crisp cells than a faded piece of a picture. */
const crispShare = 0.15;
/** A further piece of a rectangle is neither lower nor narrower (a trace, a frame, a panel's edge is), cells. */
const thinnestPiece = 8;
/** So much of its width lies above or below the main part. */
const pieceOverlap = 0.7;
/** A sector whose picture begins farther from its apex, as share of its depth, may be dark at the top: a probe in air. */
const darkTop = 0.25;

/**
 * Finds the scan area in the maps of a screen: the largest soft part (and, on a running screen, active one) and what
 * belongs to it; a sector is completed to its apex, sides and depth, since its edges are dark where no tissue is. A pure
 * function of maps and options in three steps, each short enough for one turn of the loop; call them in order.
 */
export class AreaFinder {
	readonly area: FoundArea = {
		...{ found: false, reason: '', running: false, shape: 'rectangle' },
		...{ left: 0, top: 0, right: 0, bottom: 0 },
	};
	readonly #cells = new CellMarks();
	readonly #parts = new Components(longestSide * longestSide);
	readonly #outline = new SectorOutline(this.#cells, this.#parts);
	readonly #inRow = new Int32Array(longestSide);
	readonly #inColumn = new Int32Array(longestSide);

	/** First step: which cells may belong to a scan. */
	mark(maps: ScreenMaps, options: SearchOptions): void {
		this.#cells.mark(maps, options);
	}

	/** Second step: how they hang together. */
	label(maps: ScreenMaps): void {
		this.#parts.label(this.#cells.mask, this.#cells.marks, maps.width, maps.height);
	}

	/** Third step: the area, in `area`. */
	conclude(maps: ScreenMaps, options: SearchOptions): void {
		const { area } = this;
		const main = this.#main(maps, options);
		area.running = this.#cells.running;
		area.reason = '';
		if (main < 0) this.#scattered(maps, options);
		else if (this.#outline.fitTo(maps, main, options)) this.#sector(maps, main, options);
		else this.#rectangle(maps, main, options);
		if (area.reason === '') area.reason = this.#fault(maps, options);
		area.found = area.reason === '';
	}

	/** Place of the main part, -1 for none. */
	#main({ width, height }: ScreenMaps, options: SearchOptions): number {
		let main = -1;
		const thinnest = thinnestMain * Math.min(width, height);
		for (let i = 0; i < this.#parts.count; i++) {
			const part = this.#parts.list[i]!;
			if (part.cells < options.smallestPart * width * height || !this.#isSoft(part, options)) continue;
			if (thinness(part) < thinnest) continue;
			if (main < 0 || part.cells > this.#parts.list[main]!.cells) main = i;
		}
		return main;
	}

	/** No lettering; on a running screen, active. */
	#isSoft(part: Component, options: SearchOptions): boolean {
		if (part.hard > options.hardShare * part.cells) return false;
		return !this.#cells.running || part.active >= options.activeShare * part.cells;
	}

	#sector(maps: ScreenMaps, main: number, options: SearchOptions): void {
		const { area } = this;
		const outline = this.#outline;
		const { left, right, apexX, apexY } = outline;
		const part = this.#parts.list[main]!;
		let depth = 0;
		let top = part.top;
		for (let i = 0; i < this.#parts.count; i++) {
			const other = this.#parts.list[i]!;
			if (i !== main && !this.#isPiece(maps, other, options)) continue;
			const x = other.sumX / other.cells;
			const y = other.sumY / other.cells;
			const inside = y > apexY && x > left.at + left.slope * y - 2 && x < right.at + right.slope * y + 2;
			if (i !== main && !inside) continue;
			depth = Math.max(depth, this.#farthest(maps, i, apexX, apexY));
			top = Math.min(top, other.top);
		}
		if (part.top - apexY > darkTop * (part.bottom - apexY) && this.#isDimAtTop(maps, part, main))
			top = Math.min(top, Math.max(this.#cells.firstRow, apexY));
		const fromApex = (slope: number) => apexX + depth * Math.sin(Math.atan(slope));
		area.shape = 'sector';
		area.top = Math.max(0, top);
		area.bottom = Math.min(maps.height, Math.max(part.bottom - 1, apexY + depth));
		area.left = outline.isCut(maps, main, 'left')
			? part.left
			: Math.max(0, Math.min(outline.leftmost, fromApex(left.slope)));
		area.right = outline.isCut(maps, main, 'right')
			? part.right
			: Math.min(maps.width, Math.max(outline.rightmost, fromApex(right.slope)));
	}

	/**
	 * A piece of a dark picture that hangs together with nothing. On a running screen a trace and a clock move too, so
	 * there only large pieces count.
	 */
	#isPiece({ width, height }: ScreenMaps, part: Component, options: SearchOptions): boolean {
		const least = this.#cells.running ? (options.smallestPart / 3) * width * height : smallestPiece;
		if (part.cells < least || part.crisp > crispShare * part.cells) return false;
		return thinness(part) > 1 && this.#isSoft(part, options);
	}

	/** Distance of a part's farthest cell that is not hard. */
	#farthest({ width }: ScreenMaps, place: number, fromX: number, fromY: number): number {
		const { left, top, right, bottom } = this.#parts.list[place]!;
		let farthest = 0;
		for (let y = top; y < bottom; y++)
			for (let x = left; x < right; x++) {
				const at = y * width + x;
				if (this.#parts.labels[at] !== place + 1 || (this.#cells.marks[at]! & hardBit) !== 0) continue;
				farthest = Math.max(farthest, (x + 0.5 - fromX) ** 2 + (y + 0.5 - fromY) ** 2);
			}
		return Math.sqrt(farthest);
	}

	/** Whether the upper quarter of a part is darker than its lower half: noise of a probe in air, not tissue. */
	#isDimAtTop(maps: ScreenMaps, part: Component, place: number): boolean {
		const height = part.bottom - part.top;
		const upper = this.#levelOf(maps, part, place, part.top, Math.ceil(part.top + height / 4));
		return upper < this.#levelOf(maps, part, place, Math.floor(part.top + height / 2), part.bottom);
	}

	/** Mean level of a part between two rows. */
	#levelOf(maps: ScreenMaps, part: Component, place: number, from: number, to: number): number {
		let sum = 0;
		let cells = 0;
		for (let y = from; y < to; y++)
			for (let x = part.left; x < part.right; x++) {
				const at = y * maps.width + x;
				if (this.#parts.labels[at] !== place + 1) continue;
				sum += maps.level[at]!;
				cells++;
			}
		return cells === 0 ? 0 : sum / cells;
	}

	#rectangle(maps: ScreenMaps, main: number, options: SearchOptions): void {
		const part = this.#parts.list[main]!;
		const least = (options.smallestPart / (this.#cells.running ? 12 : 2)) * maps.width * maps.height;
		this.#inRow.fill(0);
		this.#inColumn.fill(0);
		for (let i = 0; i < this.#parts.count; i++) {
			const other = this.#parts.list[i]!;
			const common = Math.min(part.right, other.right) - Math.max(part.left, other.left);
			const belongs = common >= pieceOverlap * (other.right - other.left) && this.#isSoft(other, options);
			if (i === main || (belongs && thinness(other) >= thinnestPiece && other.cells >= least)) this.#count(maps, i);
		}
		this.#bound(maps, options);
	}

	/** Many small active parts and no main one: wires in water, a picture that is nearly black. */
	#scattered(maps: ScreenMaps, options: SearchOptions): void {
		let cells = 0;
		this.#inRow.fill(0);
		this.#inColumn.fill(0);
		for (let i = 0; i < this.#parts.count && this.#cells.running; i++) {
			const part = this.#parts.list[i]!;
			if (part.cells < smallestScattered || !this.#isSoft(part, options)) continue;
			cells += part.cells;
			this.#count(maps, i);
		}
		if (cells >= options.smallestPart * maps.width * maps.height) this.#bound(maps, options);
		else this.area.reason = 'nothing on the screen looks like a scan';
	}

	/** Adds a part to the counts of rows and columns. */
	#count({ width }: ScreenMaps, place: number): void {
		const { left, top, right, bottom } = this.#parts.list[place]!;
		for (let y = top; y < bottom; y++)
			for (let x = left; x < right; x++) {
				if (this.#parts.labels[y * width + x] !== place + 1) continue;
				this.#inRow[y]!++;
				this.#inColumn[x]!++;
			}
	}

	/** The rectangle around all rows and columns that are full enough. */
	#bound(maps: ScreenMaps, options: SearchOptions): void {
		const { area } = this;
		area.shape = 'rectangle';
		area.left = emptyPlaces(this.#inColumn, maps.width, 1, options.sideShare);
		area.right = maps.width - emptyPlaces(this.#inColumn, maps.width, -1, options.sideShare);
		area.top = emptyPlaces(this.#inRow, maps.height, 1, options.sideShare);
		area.bottom = maps.height - emptyPlaces(this.#inRow, maps.height, -1, options.sideShare);
	}

	#fault(maps: ScreenMaps, options: SearchOptions): string {
		const width = this.area.right - this.area.left;
		const height = this.area.bottom - this.area.top;
		const shortest = options.shortestSide * Math.min(maps.width, maps.height);
		if (width > options.flattest * height) return 'only a flat strip is lit: put the probe on the skin';
		return Math.min(width, height) < shortest ? 'what is lit or moves is too small for a scan' : '';
	}
}

function thinness(part: Component): number {
	return Math.min(part.right - part.left, part.bottom - part.top);
}

/** Places from one end up to the first that holds `share` of the fullest. */
function emptyPlaces(counts: Int32Array, length: number, direction: 1 | -1, share: number): number {
	let most = 0;
	for (let i = 0; i < length; i++) most = Math.max(most, counts[i]!);
	let empty = 0;
	while (empty < length && counts[direction > 0 ? empty : length - 1 - empty]! < share * most) empty++;
	return empty;
}
