import type { Answer } from '../../inference/visionModel.ts';

/** Images that wait at most; while all wait, further ones are passed over, never waited for. */
const slots = 8;
/** Most labels that a manifest may have: landmarks, vein states. */
const labels = { landmark: 8, vein: 4 } as const;
const answerFloats = labels.landmark + labels.vein;

interface Parts {
	/** Written, read, passed over: counts since the beginning. */
	counts: Int32Array;
	/** A slot: time of the image, and since the image before; milliseconds. */
	times: Float64Array;
	answers: Float32Array;
	images: Float32Array;
	pixels: number;
}

function partsOf(feed: SharedArrayBuffer, pixels: number): Parts {
	const times = 16;
	const answers = times + slots * 2 * 8;
	const images = answers + slots * answerFloats * 4;
	return {
		counts: new Int32Array(feed, 0, 3),
		times: new Float64Array(feed, times, slots * 2),
		answers: new Float32Array(feed, answers, slots * answerFloats),
		images: new Float32Array(feed, images, slots * pixels),
		pixels,
	};
}

/** Memory in which the vision thread leaves images, and what its model says of them, for a model that is tried beside. */
export function createShadowFeed(pixels: number): SharedArrayBuffer {
	return new SharedArrayBuffer(16 + slots * (2 * 8 + answerFloats * 4 + pixels * 4));
}

/** The vision thread's side. Copies one image; waits for nobody and allocates nothing. */
export class ShadowWriter {
	readonly #parts: Parts;
	readonly #image: Float32Array;

	/** @param image where the network's input lies */
	constructor(feed: SharedArrayBuffer, image: Float32Array) {
		this.#parts = partsOf(feed, image.length);
		this.#image = image;
	}

	/** @param image its time, and the time since the image before, 0 for the first; milliseconds */
	offer(answer: Answer, image: Float64Array): void {
		const { counts, times, answers, images, pixels } = this.#parts;
		if (counts[0]! - Atomics.load(counts, 1) >= slots) {
			counts[2]!++;
			return;
		}
		const slot = counts[0]! % slots;
		times[slot * 2] = image[0]!;
		times[slot * 2 + 1] = image[1]!;
		images.set(this.#image, slot * pixels);
		const at = slot * answerFloats;
		answers.set(answer.landmarkProbabilities, at);
		answers.set(answer.veinProbabilities, at + labels.landmark);
		Atomics.add(counts, 0, 1);
	}
}

/** One image that was left, valid until the next is taken. */
export interface ShadowImage {
	timeMs: number;
	/** The network had forgotten what came before. */
	first: boolean;
	pixels: Float32Array;
	/** What the model that runs said, in the order of its labels; as long as the longest list may be. */
	landmark: Float32Array;
	vein: Float32Array;
}

/** The side of the model that is tried. */
export class ShadowReader {
	readonly #parts: Parts;

	constructor(feed: SharedArrayBuffer, pixels: number) {
		this.#parts = partsOf(feed, pixels);
	}

	/** Images that were passed over because this side was busy. */
	get passedOver(): number {
		return this.#parts.counts[2]!;
	}

	/** Hands the next image to `use`, and its place back after that. @returns false when none waits */
	take(use: (image: ShadowImage) => void): boolean {
		const { counts, times, answers, images, pixels } = this.#parts;
		const read = counts[1]!;
		if (Atomics.load(counts, 0) === read) return false;
		const slot = read % slots;
		const at = slot * answerFloats;
		try {
			use({
				timeMs: times[slot * 2]!,
				first: times[slot * 2 + 1] === 0,
				pixels: images.subarray(slot * pixels, (slot + 1) * pixels),
				landmark: answers.subarray(at, at + labels.landmark),
				vein: answers.subarray(at + labels.landmark, at + answerFloats),
			});
		} finally {
			Atomics.store(counts, 1, read + 1);
		}
		return true;
	}
}
