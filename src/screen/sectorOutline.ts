import { type CellMarks, hardBit } from './cellMarks.ts';
import type { Components } from './components.ts';
import { longestSide, type ScreenMaps } from './maps.ts';
import type { SearchOptions } from './screenOptions.ts';
import { evenOut, fitSide, type SectorSide } from './sectorSide.ts';

/** A sector's corners lie at least so far below its top, share of its height. */
const lowestCorner = 0.18;
/** A side that stands upright over this share of a sector's height, and over so many rows, was cut off by the machine. */
const cutShare = 0.12;
const cutRows = 8;
/** It has not just faded there: so much brighter than the background it is. */
const cutAbove = 10;

/** The outline of one part of the screen, and whether it is that of a sector. */
export class SectorOutline {
	/** The sides of the sector, and its apex; cells. */
	readonly left: SectorSide = { at: 0, slope: 0, support: 0 };
	readonly right: SectorSide = { at: 0, slope: 0, support: 0 };
	apexX = 0;
	apexY = 0;
	/** Outermost columns that belong to it. */
	leftmost = 0;
	rightmost = 0;
	readonly #cells: CellMarks;
	readonly #parts: Components;
	/** Outermost cells of each row of the part, -1 where it has none. */
	readonly #leftEdge = new Int16Array(longestSide);
	readonly #rightEdge = new Int16Array(longestSide);

	constructor(cells: CellMarks, parts: Components) {
		this.#cells = cells;
		this.#parts = parts;
	}

	/**
	 * Fits two sides that part downwards, with and without hard cells, and keeps the better fit: rulers and marks lean on
	 * some pictures, and other pictures have hard edges themselves.
	 * @param place of the part in the list of components
	 * @returns whether the part is a sector
	 */
	fitTo(maps: ScreenMaps, place: number, options: SearchOptions): boolean {
		const whole = this.#fitSides(maps, place, 0, options);
		const bare = this.#fitSides(maps, place, hardBit, options);
		if (whole >= bare) this.#fitSides(maps, place, 0, options);
		const { left, right } = this;
		this.apexY = (right.at - left.at) / (left.slope - right.slope);
		this.apexX = left.at + left.slope * this.apexY;
		return Math.max(whole, bare) >= options.sectorSupport;
	}

	/** Whether the machine cut the picture off on that side: it ends upright and is not dark there. */
	isCut(maps: ScreenMaps, place: number, side: 'left' | 'right'): boolean {
		const { top, bottom } = this.#parts.list[place]!;
		const edges = side === 'left' ? this.#leftEdge : this.#rightEdge;
		const outermost = side === 'left' ? this.leftmost : this.rightmost - 1;
		let upright = 0;
		let level = 0;
		for (let y = top; y < bottom; y++) {
			const edge = edges[y]!;
			if (edge < 0 || Math.abs(edge - outermost) > 1) continue;
			upright++;
			level += maps.level[y * maps.width + edge]! - this.#cells.background;
		}
		return upright > Math.max(cutRows, cutShare * (bottom - top)) && level > cutAbove * upright;
	}

	/** The product of the supports of both sides; 0 where they are no sector's. */
	#fitSides(maps: ScreenMaps, place: number, without: number, options: SearchOptions): number {
		const { top, bottom } = this.#parts.list[place]!;
		const { left, right } = this;
		this.#trace(maps, place, without);
		const leftCorner = this.#cornerRow(this.#leftEdge, top, bottom, this.leftmost);
		const rightCorner = this.#cornerRow(this.#rightEdge, top, bottom, this.rightmost - 1);
		if (Math.min(leftCorner, rightCorner) - top < lowestCorner * (bottom - top)) return 0;
		fitSide(this.#leftEdge, top, leftCorner + 1, -1, left);
		fitSide(this.#rightEdge, top, rightCorner + 1, 1, right);
		evenOut(this.#leftEdge, this.#rightEdge, top, Math.min(leftCorner, rightCorner) + 1, left, right);
		if (-left.slope < options.sectorSlope || right.slope < options.sectorSlope) return 0;
		return left.support * right.support;
	}

	#trace({ width }: ScreenMaps, place: number, without: number): void {
		const { top, bottom, left, right } = this.#parts.list[place]!;
		const { marks } = this.#cells;
		this.#leftEdge.fill(-1);
		this.#rightEdge.fill(-1);
		this.leftmost = right;
		this.rightmost = left;
		for (let y = top; y < bottom; y++)
			for (let x = left; x < right; x++) {
				const at = y * width + x;
				if (this.#parts.labels[at] !== place + 1) continue;
				if (((marks[at]! | marks[at - 1]! | marks[at + 1]!) & without) !== 0) continue;
				if (this.#leftEdge[y]! < 0) this.#leftEdge[y] = x;
				this.#rightEdge[y] = x;
				this.leftmost = Math.min(this.leftmost, x);
				this.rightmost = Math.max(this.rightmost, x + 1);
			}
	}

	/** First row whose edge is as far out as the outermost one, to a cell. */
	#cornerRow(edge: Int16Array, top: number, bottom: number, outermost: number): number {
		for (let y = top; y < bottom - 1; y++) if (edge[y]! >= 0 && Math.abs(edge[y]! - outermost) <= 1) return y;
		return bottom - 1;
	}
}
