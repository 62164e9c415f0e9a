import { activeBit, crispBit, hardBit } from './cellMarks.ts';

/** One connected piece of a mask; sizes and places in cells. */
export interface Component {
	cells: number;
	left: number;
	top: number;
	/** First column and row behind it. */
	right: number;
	bottom: number;
	/** Cells with a hard edge. */
	hard: number;
	/** Cells with an edge at least half as hard. */
	crisp: number;
	/** Cells that change from look to look. */
	active: number;
	/** Sums of the cells' columns and rows: centre times cells. */
	sumX: number;
	sumY: number;
}

/** Pieces beyond this number are left unlabelled: so many pieces are lettering or noise. */
const mostComponents = 2000;

/** Labels the 4-connected pieces of a mask; allocated once, used again for every search. */
export class Components {
	/** Of each cell: 0 for none, else place in `list` + 1. */
	readonly labels: Int16Array;
	/** The first `count` are valid. */
	readonly list: readonly Component[];
	count = 0;
	readonly #stack: Int32Array;
	#depth = 0;

	constructor(cells: number) {
		this.labels = new Int16Array(cells);
		this.#stack = new Int32Array(cells);
		this.list = Array.from({ length: mostComponents }, () => ({
			...{ cells: 0, left: 0, top: 0, right: 0, bottom: 0 },
			...{ hard: 0, crisp: 0, active: 0, sumX: 0, sumY: 0 },
		}));
	}

	/**
	 * @param mask 0 or not, [height, width]
	 * @param marks bits of cellMarks.ts, [height, width]
	 */
	label(mask: Uint8Array, marks: Uint8Array, width: number, height: number): void {
		this.labels.fill(0, 0, width * height);
		this.count = 0;
		for (let start = 0; start < width * height; start++) {
			if (mask[start] === 0 || this.labels[start] !== 0) continue;
			if (this.count === mostComponents) return;
			this.#follow(start, mask, marks, width, height);
		}
	}

	#follow(start: number, mask: Uint8Array, marks: Uint8Array, width: number, height: number): void {
		const part = this.list[this.count]!;
		const label = ++this.count;
		part.cells = part.hard = part.crisp = part.active = part.sumX = part.sumY = 0;
		part.left = width;
		part.top = height;
		part.right = part.bottom = 0;
		this.#depth = 0;
		this.#push(start, mask, label);
		while (this.#depth > 0) {
			const at = this.#stack[--this.#depth]!;
			const y = Math.floor(at / width);
			const x = at - y * width;
			part.cells++;
			part.sumX += x;
			part.sumY += y;
			if ((marks[at]! & hardBit) !== 0) part.hard++;
			if ((marks[at]! & crispBit) !== 0) part.crisp++;
			if ((marks[at]! & activeBit) !== 0) part.active++;
			if (x < part.left) part.left = x;
			if (y < part.top) part.top = y;
			if (x >= part.right) part.right = x + 1;
			if (y >= part.bottom) part.bottom = y + 1;
			if (x > 0) this.#push(at - 1, mask, label);
			if (x < width - 1) this.#push(at + 1, mask, label);
			if (y > 0) this.#push(at - width, mask, label);
			if (y < height - 1) this.#push(at + width, mask, label);
		}
	}

	#push(at: number, mask: Uint8Array, label: number): void {
		if (mask[at] === 0 || this.labels[at] !== 0) return;
		this.labels[at] = label;
		this.#stack[this.#depth++] = at;
	}
}
