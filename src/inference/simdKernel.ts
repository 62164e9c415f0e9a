import { type Frame, lumaLayout, type Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import { PhleboxError } from '../errors.ts';
import { loadKernel } from '../wasmKernel.ts';
import { columnWeights } from './columnWeights.ts';
import type { PixelKernel } from './pixelKernel.ts';
import { createSourceRows, placeRows } from './sourceRows.ts';

/** Widest ROI and widest output, pixels. */
const widestRoi = 4096;
const widestOutput = 1024;
/** ROI and output pairs that are kept side by side: the network's, the preview's, two to spare. */
const planCount = 4;

/** Starts and weights of the widest pair: taps are at most width / output + 2, rounded up to a multiple of 16. */
const planBytes = 4 * widestOutput + 2 * (widestRoi + 17 * widestOutput);
/** `columns + taps` sums of 16 bits and some to spare. */
const rowBytes = 2 * (2 * widestRoi + 16);

/** Exports of pixels.as.ts, which says what they do. */
interface Exports {
	areaAverage(
		...[
			luma,
			stride,
			step,
			columns,
			units,
			rows,
			top,
			height,
			starts,
			weights,
			taps,
			sums,
			out,
			outWidth,
			outHeight,
		]: number[]
	): void;
	toBytes(tensor: number, out: number, count: number): void;
}

/** Column weights laid down in the frame memory for one ROI and output width. */
interface Plan {
	x: number;
	width: number;
	outWidth: number;
	columns: number;
	taps: number;
	readonly starts: number;
	weights: number;
}

/** The pixel kernel of the box: WebAssembly SIMD over the frame memory. */
export class SimdKernel implements PixelKernel {
	readonly #memory: FrameMemory;
	readonly #kernel: Exports;
	readonly #plans: Plan[] = [];
	readonly #sums: number;
	readonly #rows = createSourceRows();
	#oldest = 0;

	/**
	 * Takes 0.3 MiB of the memory's work area.
	 * @throws PhleboxError file-not-found when the kernel was not built
	 */
	constructor(memory: FrameMemory) {
		this.#memory = memory;
		this.#kernel = loadKernel<Exports>('dist/inference/pixels.wasm', memory);
		this.#sums = memory.reserve(rowBytes);
		for (let i = 0; i < planCount; i++) {
			const starts = memory.reserve(planBytes);
			this.#plans.push({ x: 0, width: 0, outWidth: 0, columns: 0, taps: 0, starts, weights: 0 });
		}
	}

	/** @throws PhleboxError roi-invalid when the ROI reaches out of the frame or a size is beyond the limits */
	areaAverage(frame: Frame, roi: Roi, out: number, outWidth: number, outHeight: number): void {
		if (!(roi.x >= 0 && roi.y >= 0 && roi.width > 0 && roi.height > 0)) throw refusal(frame, roi);
		if (roi.x + roi.width > frame.width || roi.y + roi.height > frame.height) throw refusal(frame, roi);
		const plan = this.#plan(roi, outWidth);
		const { first, step } = lumaLayout(frame.pixelFormat);
		const rows = this.#rows;
		placeRows(rows, roi, outHeight);
		this.#kernel.areaAverage(
			frame.offset + first + rows.first * frame.stride + Math.floor(roi.x) * step,
			frame.stride * rows.apart,
			step,
			plan.columns,
			rows.units,
			rows.count,
			rows.top,
			rows.height,
			plan.starts,
			plan.weights,
			plan.taps,
			this.#sums,
			out,
			outWidth,
			outHeight,
		);
	}

	toBytes(tensor: number, out: number, count: number): void {
		this.#kernel.toBytes(tensor, out, count);
	}

	#plan(roi: Roi, outWidth: number): Plan {
		for (let i = 0; i < planCount; i++) {
			const plan = this.#plans[i]!;
			if (plan.x === roi.x && plan.width === roi.width && plan.outWidth === outWidth) return plan;
		}
		const plan = this.#plans[this.#oldest]!;
		this.#oldest = (this.#oldest + 1) % planCount;
		this.#layDown(plan, roi, outWidth);
		return plan;
	}

	#layDown(plan: Plan, roi: Roi, outWidth: number): void {
		if (roi.width > widestRoi - 1 || outWidth > widestOutput)
			throw new PhleboxError(
				'roi-invalid',
				`a scan area ${roi.width} wide cannot become ${outWidth} wide; at most ${widestRoi - 1} and ${widestOutput}`,
			);
		const { columns, taps, starts, weights } = columnWeights(roi.x, roi.width, outWidth);
		const { buffer } = this.#memory.memory;
		plan.x = roi.x;
		plan.width = roi.width;
		plan.outWidth = outWidth;
		plan.columns = columns;
		plan.taps = taps;
		plan.weights = plan.starts + starts.byteLength;
		new Uint32Array(buffer, plan.starts, outWidth).set(starts.map((start) => start * 2));
		new Int16Array(buffer, plan.weights, weights.length).set(weights);
	}
}

function refusal(frame: Frame, roi: Roi): PhleboxError {
	const where = `${roi.width}x${roi.height} at ${roi.x},${roi.y}`;
	return new PhleboxError(
		'roi-invalid',
		`the scan area ${where} does not lie within the ${frame.width}x${frame.height} picture; choose it again`,
	);
}
