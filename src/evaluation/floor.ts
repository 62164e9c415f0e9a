import type { Frame, Roi } from '../capture/frame.ts';
import { lumaLayout } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import { openRuntime } from '../inference/onnxRuntime/runtime.ts';
import { type Binding, Session } from '../inference/onnxRuntime/session.ts';
import { modelFile } from '../inference/package/manifest.ts';
import { readManifest, readPackageFile } from '../inference/package/packageFile.ts';
import { bindBothWays } from '../inference/startSession.ts';
import { tensorMap } from '../inference/tensorMap.ts';
import { readClock } from '../vision/turnClock.ts';
import { loadKernel } from '../wasmKernel.ts';
import { type Summary, summarise } from './summary.ts';

/** Export of src/inference/pixels.as.ts. */
interface Exports {
	readOver(at: number, stride: number, rows: number, rowBytes: number): number;
}

/** What no way from frame to light can be faster than, on this machine and in this run. */
export interface FloorResult {
	/** Each byte of the scan area's rows is read once, in 16-byte loads, and nothing is made of it. */
	pixels: Summary;
	/** One call of the C API (`RunWithBinding`) with tensors bound beforehand, and nothing is made of its answer. */
	network: Summary;
	both: Summary;
}

const largestGraph = 1 << 30;

/**
 * Measures the floor on the very frames that the loop sees, in between: what else the machine does falls on both. It has a
 * session of its own on the same graph, on the CPU.
 */
export class Floor {
	readonly #frame: Frame;
	readonly #roi: Roi;
	readonly #slots: readonly number[];
	readonly #kernel: Exports;
	readonly #session: Session;
	readonly #bindings: readonly [Binding, Binding];
	readonly #clock = new Float64Array(3);
	readonly #pixels: Float64Array;
	readonly #network: Float64Array;
	readonly #both: Float64Array;
	#done = 0;

	/**
	 * @param frame any of the frames; they begin at the slots
	 * @param roi what is read of them, whole pixels
	 * @param runs that are measured at most
	 * @throws PhleboxError runtime-failed, model-invalid
	 */
	constructor(
		memory: FrameMemory,
		frame: Frame,
		roi: Roi,
		model: { folder: string; library: string | null; threads: number },
		runs: number,
	) {
		this.#frame = frame;
		this.#roi = roi;
		this.#slots = Array.from({ length: memory.slots }, (_, slot) => memory.slotOffset(slot));
		this.#kernel = loadKernel<Exports>('dist/inference/pixels.wasm', memory);
		const manifest = readManifest(model.folder);
		const graph = readPackageFile(model.folder, modelFile, largestGraph);
		this.#session = Session.open(openRuntime(model.library), graph, { name: 'cpu' }, model.threads);
		const map = tensorMap(manifest, memory.reserve(tensorMap(manifest, 0).byteLength));
		// The image that the last look left is not to be had here; any other takes as long.
		new Float32Array(memory.memory.buffer, map.image.offset, 1).fill(0.5);
		this.#bindings = bindBothWays(this.#session, manifest, memory, map);
		[this.#pixels, this.#network, this.#both] = [
			new Float64Array(runs),
			new Float64Array(runs),
			new Float64Array(runs),
		];
	}

	/** @throws PhleboxError runtime-failed */
	measure(runs: number): void {
		const { stride, pixelFormat } = this.#frame;
		const { x, y, width, height } = this.#roi;
		const { step } = lumaLayout(pixelFormat);
		const first = y * stride + x * step;
		for (let i = 0; i < runs && this.#done < this.#both.length; i++, this.#done++) {
			readClock(this.#clock, 0);
			this.#kernel.readOver(this.#slots[i % this.#slots.length]! + first, stride, height, width * step);
			readClock(this.#clock, 1);
			this.#bindings[i % 2 === 0 ? 0 : 1].run();
			readClock(this.#clock, 2);
			this.#pixels[this.#done] = this.#clock[1]! - this.#clock[0]!;
			this.#network[this.#done] = this.#clock[2]! - this.#clock[1]!;
			this.#both[this.#done] = this.#clock[2]! - this.#clock[0]!;
		}
	}

	result(): FloorResult {
		const of = (times: Float64Array) => summarise(times.subarray(0, this.#done));
		return { pixels: of(this.#pixels), network: of(this.#network), both: of(this.#both) };
	}

	close(): void {
		this.#session.close();
	}
}
