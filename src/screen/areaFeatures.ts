import { type Frame, lumaLayout, type Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import { ColourMeter } from './colour.ts';
import { type FeatureKernel, loadFeatureKernel } from './featureKernel.ts';
import { readRow, rowsRead } from './rowsRead.ts';
import type { JudgeOptions } from './ultrasound.ts';

/** What an ultrasound picture is told by. Grey levels 0..255; shares 0..1. */
export interface AreaFeatures {
	/** Grey that 5%, 50% and 98% of the area stay below; of every fourth row of the network's input. */
	shadow: number;
	median: number;
	light: number;
	/** Share of the lit 4x4 blocks of the network's input that are flat. */
	flat: number;
	/** Spread of the means of an 8x8 partition of the area over its mean. */
	unevenness: number;
	/** Correlation of neighbouring steps from pixel to pixel: white noise -0.5, lettering below 0, speckle above. */
	grain: number;
	/** Share of pixels that differ clearly from their neighbour, and share of these that differ hard. */
	edges: number;
	hard: number;
	/** Share of the clearly bright pixels that equal their neighbours on the right and below: drawn, not scanned. */
	drawn: number;
	/** Share of pixels whose colour is far from the area's mean colour, and very far; 0 for GREY. */
	coloured: number;
	vivid: number;
}

/** A field that begins as a whole number and becomes a fraction changes the object's shape: writing it then allocates. */
const unknown = Number.NaN;
/** A step from pixel to pixel is an edge above `edgeStep`, a hard one above `hardStep`, grey levels. */
const edgeStep = 12;
const hardStep = 64;
/** A block is lit that is so much brighter than the shadows; a pixel is clearly bright by so much. */
const litAbove = 8;
const brightAbove = 30;
/** Fewer clearly bright pixels than this share say nothing about what is drawn. */
const fewBright = 0.005;

/** Measures the features of the scan area from the network's input and from rows of the frame; allocates nothing. */
export class AreaMeter {
	readonly features: AreaFeatures = {
		...{ shadow: 0, median: 0, light: 0, flat: unknown, unevenness: unknown },
		...{ grain: unknown, edges: unknown, hard: unknown, drawn: unknown, coloured: unknown, vivid: unknown },
	};
	readonly #kernel: FeatureKernel;
	readonly #input: number;
	readonly #width: number;
	readonly #height: number;
	readonly #histogramAt: number;
	readonly #histogram: Int32Array;
	readonly #partsAt: number;
	readonly #parts: Float32Array;
	readonly #limitsAt: number;
	readonly #limits: Float64Array;
	/** Results of the kernel: fractions, and counts in the same place. */
	readonly #outAt: number;
	readonly #fractions: Float64Array;
	readonly #counts: Int32Array;
	readonly #colour: ColourMeter;

	/**
	 * Takes 10 KiB of the frame memory's work area.
	 * @param input byte offset of the float32 tensor [height, width], values 0..1; sides are multiples of 8
	 * @param distances from the mean colour that are far and very far, levels
	 */
	constructor(
		memory: FrameMemory,
		input: number,
		width: number,
		height: number,
		distances: readonly [number, number],
		kernel = loadFeatureKernel(memory),
	) {
		const { buffer } = memory.memory;
		this.#kernel = kernel;
		this.#input = input;
		this.#width = width;
		this.#height = height;
		this.#histogramAt = memory.reserve(4 * 4 * 256);
		this.#histogram = new Int32Array(buffer, this.#histogramAt, 256);
		this.#partsAt = memory.reserve(4 * 64);
		this.#parts = new Float32Array(buffer, this.#partsAt, 64);
		this.#limitsAt = memory.reserve(8 * 3);
		this.#limits = new Float64Array(buffer, this.#limitsAt, 3);
		this.#outAt = memory.reserve(32);
		this.#fractions = new Float64Array(buffer, this.#outAt, 2);
		this.#counts = new Int32Array(buffer, this.#outAt, 8);
		this.#colour = new ColourMeter(memory, kernel, distances);
	}

	/** Fills `features`; the tensor holds the area of this frame. */
	measure(frame: Frame, roi: Roi, options: JudgeOptions): void {
		this.#ranks();
		this.#blocks(options);
		this.#partition();
		this.#readRows(frame, roi);
		this.#colour.measure(frame, roi);
		this.features.coloured = this.#colour.shares[0]!;
		this.features.vivid = this.#colour.shares[1]!;
	}

	#ranks(): void {
		const { features } = this;
		const histogram = this.#histogram;
		const counted = this.#width * (this.#height >> 2);
		this.#kernel.countGreys(this.#input, this.#width, this.#height, this.#histogramAt);
		features.shadow = features.median = features.light = -1;
		let below = 0;
		for (let grey = 0; grey < 256; grey++) {
			below += histogram[grey]!;
			if (features.shadow < 0 && below >= 0.05 * counted) features.shadow = grey;
			if (features.median < 0 && below >= 0.5 * counted) features.median = grey;
			if (features.light < 0 && below >= 0.98 * counted) features.light = grey;
		}
	}

	#blocks({ flatContrast }: JudgeOptions): void {
		this.#limits[0] = this.features.shadow;
		this.#limits[1] = this.features.shadow + litAbove;
		this.#limits[2] = flatContrast;
		this.#kernel.countFlat(this.#input, this.#width, this.#height, this.#limitsAt, this.#outAt);
		const blocks = this.#counts[0]!;
		this.features.flat = blocks === 0 ? 0 : this.#counts[1]! / blocks;
	}

	#partition(): void {
		const parts = this.#parts;
		this.#kernel.sumParts(this.#input, this.#width, this.#height, this.#partsAt);
		let sum = 0;
		let squares = 0;
		for (let i = 0; i < 64; i++) {
			sum += parts[i]!;
			squares += parts[i]! * parts[i]!;
		}
		const mean = sum / 64;
		this.features.unevenness = mean > 0 ? Math.sqrt(Math.max(0, squares / 64 - mean * mean)) / mean : 0;
	}

	#readRows(frame: Frame, roi: Roi): void {
		const { features } = this;
		const counts = this.#counts.fill(0);
		const { first, step } = lumaLayout(frame.pixelFormat);
		const bright = features.shadow + brightAbove;
		const rows = Math.min(rowsRead, roi.height - 1);
		const across = Math.max(0, roi.width - 2);
		for (let row = 0; row < rows; row++) {
			const y = roi.y + readRow(row, rows, roi.height);
			const at = frame.offset + first + y * frame.stride + roi.x * step;
			this.#kernel.rowSteps(at, frame.stride, step, across, edgeStep, hardStep, bright, this.#outAt);
		}
		const pixels = rows * across;
		const power = this.#fractions[0]!;
		const edges = counts[4]!;
		const brights = counts[6]!;
		features.grain = power > 0 ? this.#fractions[1]! / power : 0;
		features.edges = pixels > 0 ? edges / pixels : 0;
		features.hard = edges > 0 ? counts[5]! / edges : 0;
		features.drawn = brights > fewBright * pixels ? counts[7]! / brights : 0;
	}
}
