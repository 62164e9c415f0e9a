import type { Frame, Roi } from '../capture/frame.ts';
import { lumaLayout } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import { openRuntime } from '../inference/onnxRuntime/runtime.ts';
import { type Binding, Session } from '../inference/onnxRuntime/session.ts';
import { readManifest, readPackageFile } from '../inference/package/packageFile.ts';
import { graphFiles, graphPlace } from '../inference/package/packageGraph.ts';
import { SimdKernel } from '../inference/simdKernel.ts';
import { createSourceRows, placeRows } from '../inference/sourceRows.ts';
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
	/** Each byte of the scan area's rows that the pixel kernel reads is read once, eight rows abreast in 16-byte loads, and nothing is made of it. */
	pixels: Summary;
	/** One bare call of the pixel kernel: the scan area to the network's input. */
	kernel: Summary;
	/** One call of the C API (`RunWithBinding`) with tensors bound beforehand, and nothing is made of its answer. */
	network: Summary;
	/** The bare kernel, then the bare call of the network. */
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
	readonly #reader: Exports;
	readonly #kernel: SimdKernel;
	readonly #image: { offset: number; width: number; height: number };
	readonly #session: Session;
	readonly #bindings: readonly [Binding, Binding];
	readonly #clock = new Float64Array(3);
	readonly #pixels: Float64Array;
	readonly #kernels: Float64Array;
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
		this.#frame = { ...frame };
		this.#roi = roi;
		this.#slots = Array.from({ length: memory.slots }, (_, slot) => memory.slotOffset(slot));
		this.#reader = loadKernel<Exports>('dist/inference/pixels.wasm', memory);
		this.#kernel = new SimdKernel(memory);
		const manifest = readManifest(model.folder);
		const { width, height } = manifest.input;
		this.#image = { offset: memory.reserve(4 * width * height), width, height };
		const { model: file } = graphFiles(manifest)[graphPlace(manifest, 'cpu')]!;
		const graph = readPackageFile(model.folder, file, largestGraph);
		this.#session = Session.open(openRuntime(model.library), graph, { name: 'cpu' }, model.threads);
		const map = tensorMap(manifest, memory.reserve(tensorMap(manifest, 0).byteLength));
		// The image that the last look left is not to be had here; any other takes as long.
		new Float32Array(memory.memory.buffer, map.image.offset, 1).fill(0.5);
		this.#bindings = bindBothWays(this.#session, manifest, memory, map);
		const times = () => new Float64Array(runs);
		[this.#pixels, this.#kernels, this.#network, this.#both] = [times(), times(), times(), times()];
	}

	/**
	 * @returns the median of both bare calls in these runs, milliseconds; NaN where there was no room for any
	 * @throws PhleboxError runtime-failed
	 */
	measure(runs: number): number {
		const begun = this.#done;
		const { stride, pixelFormat } = this.#frame;
		const { x, width } = this.#roi;
		const { step } = lumaLayout(pixelFormat);
		const clock = this.#clock;
		const image = this.#image;
		const rows = createSourceRows();
		placeRows(rows, this.#roi, image.height);
		const first = rows.first * stride + x * step;
		const slot = (at: number) => this.#slots[at % this.#slots.length]!;
		for (let i = 0; i < runs && this.#done < this.#both.length; i++, this.#done++) {
			this.#frame.offset = slot(i);
			readClock(clock, 0);
			this.#kernel.areaAverage(this.#frame, this.#roi, image.offset, image.width, image.height);
			readClock(clock, 1);
			this.#bindings[i % 2 === 0 ? 0 : 1].run();
			readClock(clock, 2);
			this.#kernels[this.#done] = clock[1]! - clock[0]!;
			this.#network[this.#done] = clock[2]! - clock[1]!;
			this.#both[this.#done] = clock[2]! - clock[0]!;
		}
		// By itself: what it reads would be nearer for the kernel than it is in the loop.
		for (let at = begun; at < this.#done; at++) {
			readClock(clock, 0);
			this.#reader.readOver(slot(at) + first, stride * rows.apart, rows.count, width * step);
			readClock(clock, 1);
			this.#pixels[at] = clock[1]! - clock[0]!;
			this.#bindings[0].run();
		}
		return summarise(this.#both.subarray(begun, this.#done)).p50Ms;
	}

	result(): FloorResult {
		const of = (times: Float64Array) => summarise(times.subarray(0, this.#done));
		return {
			...{ pixels: of(this.#pixels), kernel: of(this.#kernels) },
			...{ network: of(this.#network), both: of(this.#both) },
		};
	}

	close(): void {
		this.#session.close();
	}
}
