import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { FeatureKernel } from './featureKernel.ts';
import { readRow, rowsRead } from './rowsRead.ts';

/** How colour Doppler is told from a grey picture: by its patches of strong colour, which come and go with the pulse. */
export interface ColourOptions {
	/** A point is strongly coloured that is so far from the area's mean colour (Cb or Cr), levels. */
	distance: number;
	/** Share of the points that must be so: coloured marks of the machine in a scan area are less. */
	share: number;
	/** With colour once seen it stays on for so long without: longer than a slow heart's pause. Milliseconds. */
	holdMs: number;
}

/** Points of each row that is read at which colour is taken. */
const pointsOfRow = 72;
const points = rowsRead * pointsOfRow;

/**
 * Share of points of the scan area whose colour is farther from the mean colour than a distance, in `shares`, one for each
 * distance given; a tinted grey scale counts as none. 0 for formats without colour. Allocates nothing.
 */
export class ColourMeter {
	readonly shares: Float64Array;
	readonly #kernel: FeatureKernel;
	readonly #distances: Float64Array;
	/** Where the points are in a frame: bytes from its start to their row, and from there to their column. */
	readonly #columnsAt: number;
	readonly #columns: Uint32Array;
	readonly #rowsAt: number;
	readonly #rows: Uint32Array;
	/** The colours at the points, Cb (or Cr) and the other one. */
	readonly #firstAt: number;
	readonly #secondAt: number;
	readonly #sumsAt: number;
	readonly #sums: Int32Array;
	/** What the places are for. */
	readonly #known = { pixelFormat: '', stride: 0, height: 0, x: 0, y: 0, across: 0, down: 0 };

	/** Takes 5 KiB of the frame memory's work area. */
	constructor(memory: FrameMemory, kernel: FeatureKernel, distances: readonly number[]) {
		const { buffer } = memory.memory;
		this.#kernel = kernel;
		this.#distances = Float64Array.from(distances);
		this.shares = new Float64Array(distances.length);
		this.#columnsAt = memory.reserve(4 * pointsOfRow);
		this.#columns = new Uint32Array(buffer, this.#columnsAt, pointsOfRow);
		this.#rowsAt = memory.reserve(4 * rowsRead);
		this.#rows = new Uint32Array(buffer, this.#rowsAt, rowsRead);
		this.#firstAt = memory.reserve(points);
		this.#secondAt = memory.reserve(points);
		this.#sumsAt = memory.reserve(8);
		this.#sums = new Int32Array(buffer, this.#sumsAt, 2);
	}

	measure(frame: Frame, roi: Roi): void {
		this.shares.fill(0);
		if (frame.pixelFormat === 'GREY') return;
		this.#find(frame, roi);
		const gap = frame.pixelFormat === 'NV12' ? 1 : 2;
		const first = this.#firstAt;
		const second = this.#secondAt;
		const columns = this.#columnsAt;
		const rows = this.#rowsAt;
		this.#kernel.takeColour(frame.offset, columns, pointsOfRow, rows, rowsRead, gap, first, second, this.#sumsAt);
		const u = this.#sums[0]! / points;
		const v = this.#sums[1]! / points;
		for (let which = 0; which < this.shares.length; which++) {
			const reach = this.#distances[which]!;
			// A byte is farther from the mean than `reach` where it is outside these whole numbers.
			const far = this.#kernel.countFar(
				first,
				second,
				points,
				Math.max(0, Math.ceil(u - reach)),
				Math.min(255, Math.floor(u + reach)),
				Math.max(0, Math.ceil(v - reach)),
				Math.min(255, Math.floor(v + reach)),
			);
			this.shares[which] = far / points;
		}
	}

	/** The first colour sample nearest to each point. */
	#find({ pixelFormat, stride, height }: Frame, roi: Roi): void {
		const known = this.#known;
		const sameFrame = known.pixelFormat === pixelFormat && known.stride === stride && known.height === height;
		const sameRoi = known.x === roi.x && known.y === roi.y && known.across === roi.width && known.down === roi.height;
		if (sameFrame && sameRoi) return;
		Object.assign(known, { pixelFormat, stride, height, x: roi.x, y: roi.y, across: roi.width, down: roi.height });
		for (let point = 0; point < pointsOfRow; point++) {
			const x = Math.floor(roi.x + ((point + 0.5) * roi.width) / pointsOfRow) & ~1;
			const packed = 2 * x + (pixelFormat === 'YUYV' ? 1 : 0);
			this.#columns[point] = pixelFormat === 'NV12' ? x : packed;
		}
		for (let row = 0; row < rowsRead; row++) {
			const y = roi.y + readRow(row, rowsRead, roi.height);
			this.#rows[row] = pixelFormat === 'NV12' ? stride * (height + (y >> 1)) : stride * y;
		}
	}
}

/** Whether colour Doppler is on. Begin with `createColour()`. */
export interface Colour {
	on: boolean;
	/** When strong colour was last seen, milliseconds. */
	seenMs: number;
}

export function createColour(): Colour {
	return { on: false, seenMs: Number.NEGATIVE_INFINITY };
}

/**
 * One frame further, in place. Time that runs backwards keeps it on: nothing was seen to end.
 * @param coloured this frame's image has enough strong colour
 */
export function stepColour(
	colour: Colour,
	coloured: boolean,
	frame: { readonly timestampMs: number },
	options: ColourOptions,
): void {
	if (coloured || (colour.on && frame.timestampMs < colour.seenMs)) {
		colour.on = true;
		colour.seenMs = frame.timestampMs;
	} else if (frame.timestampMs - colour.seenMs > options.holdMs) colour.on = false;
}
