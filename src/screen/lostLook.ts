import { type Frame, lumaLayout } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import { type FeatureKernel, loadFeatureKernel } from './featureKernel.ts';
import { fingerprintBytes, sameFingerprint, takeFingerprint } from './fingerprint.ts';
import type { Lost, LostOptions } from './lostSignal.ts';

/** Rows of the frame that are looked at. */
const rows = 24;
/** A step from pixel to pixel is an edge above, grey levels. */
const edgeStep = 12;

/** Sees what the whole screen of a frame is, where it is no screen at all. Allocates nothing. */
export class LostLook {
	readonly #bytes: Uint8Array;
	readonly #kernel: FeatureKernel;
	readonly #fingerprint = new Uint8Array(fingerprintBytes);
	/** What the kernel leaves: power and product of the steps, then counts in the same place. */
	readonly #outAt: number;
	readonly #steps: Float64Array;
	readonly #counts: Int32Array;

	/** Takes 64 bytes of the frame memory's work area. */
	constructor(memory: FrameMemory, kernel = loadFeatureKernel(memory)) {
		const { buffer } = memory.memory;
		this.#bytes = memory.bytes;
		this.#kernel = kernel;
		this.#outAt = memory.reserve(32);
		this.#steps = new Float64Array(buffer, this.#outAt, 2);
		this.#counts = new Int32Array(buffer, this.#outAt, 8);
	}

	of(frame: Frame, options: LostOptions): Lost {
		const { first, step } = lumaLayout(frame.pixelFormat);
		const across = Math.max(0, frame.width - 2);
		const counts = this.#counts.fill(0);
		counts[5] = 255;
		for (let row = 0; row < rows; row++) {
			const y = Math.floor(((row + 0.5) * frame.height) / rows);
			this.#kernel.screenRow(frame.offset + first + y * frame.stride, step, across, edgeStep, this.#outAt);
		}
		if (counts[6]! - counts[5]! <= options.blankRange) return 'nothing but one grey comes in';
		const edges = counts[4]! > options.snowEdges * rows * across;
		if (edges && this.#steps[1]! < options.snowGrain * this.#steps[0]!) return 'nothing but noise comes in';
		return this.#isLearned(frame, options) ? 'the picture that was learned for no signal comes in' : '';
	}

	#isLearned(frame: Frame, { pictures, same }: LostOptions): boolean {
		if (pictures.length === 0) return false;
		takeFingerprint(this.#bytes, frame, this.#fingerprint);
		for (let i = 0; i < pictures.length; i++) if (sameFingerprint(pictures[i]!, this.#fingerprint, same)) return true;
		return false;
	}
}
