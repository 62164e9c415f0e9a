import { type Frame, lumaLayout, type Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import { ColourMeter } from './colour.ts';
import type { JudgeOptions } from './ultrasound.ts';

/** What an ultrasound picture is told by. Grey levels 0..255; shares 0..1. */
export interface AreaFeatures {
	/** Grey that 5%, 50% and 98% of the area stay below. */
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
/** Rows read at full resolution. */
const rowsRead = 32;
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
	readonly #bytes: Uint8Array;
	readonly #tensor: Float32Array;
	readonly #width: number;
	readonly #height: number;
	readonly #histogram = new Int32Array(256);
	readonly #means = new Float64Array(64);
	readonly #colour: ColourMeter;

	/**
	 * @param input byte offset of the float32 tensor [height, width], values 0..1
	 * @param distances from the mean colour that are far and very far, levels
	 */
	constructor(memory: FrameMemory, input: number, width: number, height: number, distances: readonly [number, number]) {
		this.#bytes = memory.bytes;
		this.#tensor = new Float32Array(memory.memory.buffer, input, width * height);
		this.#width = width;
		this.#height = height;
		this.#colour = new ColourMeter(memory.bytes, distances);
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
		const histogram = this.#histogram.fill(0);
		const cells = this.#width * this.#height;
		// Nothing here is below 0, so that adding a half and cutting off rounds; Math.round took five times as long.
		for (let at = 0; at < cells; at++) histogram[(this.#tensor[at]! * 255 + 0.5) | 0]!++;
		features.shadow = features.median = features.light = -1;
		let below = 0;
		for (let grey = 0; grey < 256; grey++) {
			below += histogram[grey]!;
			if (features.shadow < 0 && below >= 0.05 * cells) features.shadow = grey;
			if (features.median < 0 && below >= 0.5 * cells) features.median = grey;
			if (features.light < 0 && below >= 0.98 * cells) features.light = grey;
		}
	}

	#blocks({ flatContrast }: JudgeOptions): void {
		const lit = this.features.shadow + litAbove;
		let blocks = 0;
		let flat = 0;
		for (let top = 0; top + 4 <= this.#height; top += 4)
			for (let left = 0; left + 4 <= this.#width; left += 4) {
				let sum = 0;
				let squares = 0;
				for (let y = top; y < top + 4; y++)
					for (let x = left; x < left + 4; x++) {
						const grey = this.#tensor[y * this.#width + x]! * 255;
						sum += grey;
						squares += grey * grey;
					}
				const mean = sum / 16;
				if (mean <= lit) continue;
				blocks++;
				const spread = Math.sqrt(Math.max(0, squares / 16 - mean * mean));
				if (spread < flatContrast * (mean - this.features.shadow)) flat++;
			}
		this.features.flat = blocks === 0 ? 0 : flat / blocks;
	}

	#partition(): void {
		const means = this.#means.fill(0);
		const across = this.#width / 8;
		const down = this.#height / 8;
		for (let y = 0; y < this.#height; y++)
			for (let part = 0; part < 8; part++) {
				const start = y * this.#width + part * across;
				let sum = 0;
				for (let at = start; at < start + across; at++) sum += this.#tensor[at]!;
				means[Math.floor(y / down) * 8 + part]! += sum;
			}
		let sum = 0;
		let squares = 0;
		for (let i = 0; i < 64; i++) {
			sum += means[i]!;
			squares += means[i]! * means[i]!;
		}
		const mean = sum / 64;
		this.features.unevenness = mean > 0 ? Math.sqrt(Math.max(0, squares / 64 - mean * mean)) / mean : 0;
	}

	#readRows(frame: Frame, roi: Roi): void {
		const { features } = this;
		const bytes = this.#bytes;
		const { first, step } = lumaLayout(frame.pixelFormat);
		const bright = features.shadow + brightAbove;
		const rows = Math.min(rowsRead, roi.height - 1);
		let pixels = 0;
		let edges = 0;
		let hard = 0;
		let brights = 0;
		let equal = 0;
		let power = 0;
		let product = 0;
		for (let row = 0; row < rows; row++) {
			const y = roi.y + Math.floor(((row + 0.5) * (roi.height - 1)) / rows);
			let at = frame.offset + first + y * frame.stride + roi.x * step;
			const end = at + (roi.width - 2) * step;
			for (; at < end; at += step) {
				const grey = bytes[at]!;
				const next = bytes[at + step]!;
				const change = next - grey;
				power += change * change;
				product += change * (bytes[at + 2 * step]! - next);
				pixels++;
				if (change > edgeStep || change < -edgeStep) {
					edges++;
					if (change > hardStep || change < -hardStep) hard++;
				}
				if (grey <= bright) continue;
				brights++;
				if (change === 0 && bytes[at + frame.stride] === grey) equal++;
			}
		}
		features.grain = power > 0 ? product / power : 0;
		features.edges = pixels > 0 ? edges / pixels : 0;
		features.hard = edges > 0 ? hard / edges : 0;
		features.drawn = brights > fewBright * pixels ? equal / brights : 0;
	}
}
