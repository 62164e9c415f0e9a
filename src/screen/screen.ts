import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { PixelKernel } from '../inference/pixelKernel.ts';
import { type AreaFeatures, AreaMeter } from './areaFeatures.ts';
import { AreaKeeper } from './areaKeeper.ts';
import { createColour, stepColour } from './colour.ts';
import { createDual, type Half, type HalfChanges, stepDual } from './dual.ts';
import { type FeatureKernel, loadFeatureKernel } from './featureKernel.ts';
import { createFreeze, stepFreeze } from './freeze.ts';
import { changedBlocks } from './freshImage.ts';
import { LostLook } from './lostLook.ts';
import { createLostWatch, isLookDue, stepLost } from './lostSignal.ts';
import type { Scene } from './scene.ts';
import type { ScreenOptions } from './screenOptions.ts';
import { createVerdict, refusalOf, stepVerdict } from './ultrasound.ts';

/** What the screen shows. The object is reused: whoever receives it copies what it keeps. */
export interface SceneResult {
	scene: Scene;
	/** The scan area shows the same image as before; also while no scan area is known. */
	repeated: boolean;
	/** The scan area, null where none is known. Another area is another object. */
	roi: Roi | null;
	/** The scan area is another than at the look before: what the network remembers of it is void. */
	changed: boolean;
	/** Why the scene is not live, in a few words; empty where it is. */
	reason: string;
	/** What comes in is no screen at all, as when the signal is lost and the receiver goes on. */
	lost: boolean;
}

/**
 * The judge of what is on the screen, once a frame, in the vision loop. With a known scan area it lays the area down as
 * the network's input, tells fresh images from repeated ones inside it alone (a clock runs on a frozen screen), and
 * judges whether it is a running ultrasound picture; without one it searches, a bounded piece of work a look. The
 * network is to run only where the scene is `live` and the image not repeated; its input is then the fresh image.
 *
 * Of a dual picture an area that was found is given up for that of the half that runs; a configured one stays `dual`.
 * A replayed loop looks live.
 */
export class Screen {
	readonly #options: ScreenOptions;
	readonly #bytes: Uint8Array;
	readonly #kernel: PixelKernel;
	readonly #width: number;
	readonly #height: number;
	readonly #inputOffset: number;
	readonly #input: Float32Array;
	readonly #features: FeatureKernel;
	/** Block by block of the input: sums of this image and of the last fresh one, and what changed between the two. */
	readonly #sumsAt: number;
	readonly #lastSumsAt: number;
	readonly #changesAt: number;
	readonly #changes: Float32Array;
	readonly #keeper: AreaKeeper;
	readonly #meter: AreaMeter;
	readonly #freeze = createFreeze();
	readonly #verdict = createVerdict();
	readonly #colour = createColour();
	readonly #dual = createDual();
	readonly #halves: HalfChanges = { left: 0, right: 0, blocks: 0 };
	readonly #isPicture = (half: Half) => this.#spreadOf(half) >= this.#options.dual.leastSpread;
	readonly #lost = createLostWatch();
	readonly #lostLook: LostLook;
	readonly #result: SceneResult = {
		...{ scene: 'no-roi', repeated: true, roi: null, changed: false, reason: '', lost: false },
	};
	/** An image of this area was seen. */
	#seen = false;
	/** When an image was last repeated to the bit. */
	#exactMs = Number.NEGATIVE_INFINITY;

	/**
	 * Takes 0.2 MiB of the frame memory's work area.
	 * @param inputWidth pixels of the network's input, like `inputHeight` a multiple of 8
	 * @param inputOffset byte offset of the network's input in the frame memory
	 * @throws PhleboxError roi-invalid for a configured area that fits no frame at all
	 */
	constructor(
		options: ScreenOptions,
		memory: FrameMemory,
		kernel: PixelKernel,
		inputWidth: number,
		inputHeight: number,
		inputOffset: number,
	) {
		const count = inputWidth * inputHeight;
		this.#options = options;
		this.#bytes = memory.bytes;
		this.#kernel = kernel;
		this.#width = inputWidth;
		this.#height = inputHeight;
		this.#inputOffset = inputOffset;
		this.#input = new Float32Array(memory.memory.buffer, inputOffset, count);
		this.#sumsAt = memory.reserve(count / 16);
		this.#lastSumsAt = memory.reserve(count / 16);
		this.#changesAt = memory.reserve(count / 16);
		this.#changes = new Float32Array(memory.memory.buffer, this.#changesAt, count / 64);
		this.#features = loadFeatureKernel(memory);
		this.#lostLook = new LostLook(memory, this.#features);
		this.#keeper = new AreaKeeper(options, memory, kernel);
		const distances = [options.judge.colourDistance, options.colour.distance] as const;
		this.#meter = new AreaMeter(memory, inputOffset, inputWidth, inputHeight, distances, this.#features);
	}

	/** What the picture was last judged by; for diagnosis. */
	get features(): AreaFeatures {
		return this.#meter.features;
	}

	/** Judges the next frame. Throws for nothing that a screen can show. */
	look(frame: Frame): SceneResult {
		const result = this.#result;
		if (this.#isLost(frame)) return result;
		result.changed = this.#keeper.before(frame);
		if (result.changed) this.#forget();
		const { roi } = this.#keeper;
		if (roi === null) return this.#withoutArea();
		result.roi = roi;
		const fresh = this.#lay(frame, roi);
		result.repeated = !fresh;
		stepFreeze(this.#freeze, fresh, frame, this.#options.freeze);
		if (fresh) this.#judge(frame, roi);
		this.#conclude();
		const { scene } = result;
		if (this.#keeper.after(frame, scene === 'not-ultrasound' || scene === 'dual', this.#freeze.standing)) {
			result.changed = true;
			this.#forget();
			this.#withoutArea();
		}
		return result;
	}

	/** What is no screen tells nothing of a scan area either: the one that is known is kept, what was seen in it is not. */
	#isLost(frame: Frame): boolean {
		const watch = this.#lost;
		const { lost: options } = this.#options;
		const before = watch.lost;
		if (isLookDue(watch, frame, options)) stepLost(watch, this.#lostLook.of(frame, options), frame, options);
		const result = this.#result;
		result.lost = watch.lost !== '';
		if (watch.lost !== before) this.reset();
		if (!result.lost) return false;
		result.changed = false;
		result.repeated = true;
		this.#say('not-ultrasound', watch.lost);
		return true;
	}

	#conclude(): void {
		const { refusal } = this.#verdict;
		if (refusal !== '') this.#say('not-ultrasound', refusal);
		else if (this.#freeze.standing) this.#say('frozen', 'the picture stands');
		else if (this.#colour.on) this.#say('colour', 'colour Doppler is on');
		else if (this.#dual.running !== null) this.#say('dual', runningWords[this.#dual.running]);
		else this.#say('live', '');
	}

	#say(scene: Scene, reason: string): void {
		this.#result.scene = scene;
		this.#result.reason = reason;
	}

	/** Forgets the images seen, not the scan area: after a gap, a fault of the signal, a source that begins again. */
	reset(): void {
		this.#keeper.reset();
		this.#forget();
	}

	#forget(): void {
		Object.assign(this.#freeze, createFreeze());
		Object.assign(this.#verdict, createVerdict());
		Object.assign(this.#colour, createColour());
		Object.assign(this.#dual, createDual());
		this.#seen = false;
		this.#exactMs = Number.NEGATIVE_INFINITY;
	}

	#withoutArea(): SceneResult {
		const result = this.#result;
		result.scene = this.#keeper.scene;
		result.reason = this.#keeper.reason;
		result.repeated = true;
		result.roi = null;
		return result;
	}

	/** Lays the scan area down as the network's input. Returns whether it is a fresh image. */
	#lay(frame: Frame, roi: Roi): boolean {
		const { fresh } = this.#options;
		const width = this.#width;
		const height = this.#height;
		const sums = this.#sumsAt;
		const last = this.#lastSumsAt;
		this.#kernel.areaAverage(frame, roi, this.#inputOffset, width, height);
		const largest = this.#features.blockChanges(this.#inputOffset, width, height, last, sums, this.#changesAt);
		if (this.#seen) {
			if (largest === 0) this.#exactMs = frame.timestampMs;
			const exact = frame.timestampMs - this.#exactMs <= fresh.exactForMs;
			if (largest <= (64 * (exact ? fresh.exactBlockChange : fresh.blockChange)) / 255) return false;
			const halves = this.#halves;
			const changed = changedBlocks(this.#changes, width, height, fresh, exact, halves);
			if (changed < (fresh.blockShare * this.#input.length) / 64) return false;
			stepDual(this.#dual, halves, this.#isPicture, frame, this.#options.dual);
		}
		this.#bytes.copyWithin(last, sums, sums + this.#changes.byteLength);
		this.#seen = true;
		return true;
	}

	#judge(frame: Frame, roi: Roi): void {
		const { judge, colour } = this.#options;
		this.#meter.measure(frame, roi, judge);
		stepVerdict(this.#verdict, refusalOf(this.#meter.features, judge), judge);
		stepColour(this.#colour, this.#meter.features.vivid > colour.share, frame, colour);
	}

	/** How much the blocks of a half differ in brightness: standard deviation, grey levels. */
	#spreadOf(half: Half): number {
		const from = half === 'left' ? 0 : this.#width >> 1;
		let sum = 0;
		let squares = 0;
		let blocks = 0;
		for (let top = 0; top < this.#height; top += 8)
			for (let left = from; left < from + (this.#width >> 1); left += 8) {
				let block = 0;
				for (let y = top; y < top + 8; y++)
					for (let x = left; x < left + 8; x++) block += this.#input[y * this.#width + x]!;
				const grey = (block / 64) * 255;
				sum += grey;
				squares += grey * grey;
				blocks++;
			}
		const mean = sum / blocks;
		return Math.sqrt(Math.max(0, squares / blocks - mean * mean));
	}
}

const runningWords: Readonly<Record<Half, string>> = {
	left: 'two pictures, of which the left one runs',
	right: 'two pictures, of which the right one runs',
};
