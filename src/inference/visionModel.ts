import type { VeinState } from '../exam/observation.ts';

/** The two answers for one image. Reused from run to run. */
export interface Answer {
	/** One of the manifest's landmarks or `none`: the most probable one. */
	landmark: string;
	landmarkConfidence: number;
	vein: VeinState;
	veinConfidence: number;
	/** Calibrated probabilities in the order of the manifest's labels, 0..1, float32. */
	readonly landmarkProbabilities: Float32Array;
	readonly veinProbabilities: Float32Array;
}

/** What a run is told of its image. In an object that is written anew for every image, not a number, for the reason in light.ts. */
export interface Interval {
	/** Time since the image before, milliseconds; 0 for the first. */
	readonly intervalMs: number;
}

/** Port: a loaded model. Reads its input where the pixel kernel wrote it and carries state from image to image. */
export interface VisionModel {
	readonly name: string;
	readonly version: string;
	/** Execution provider in use, such as `cpu`. */
	readonly provider: string;
	/** Landmarks it knows, without `none`. */
	readonly landmarks: readonly string[];
	/** Pixels of its input. */
	readonly inputWidth: number;
	readonly inputHeight: number;
	/** Byte offset in the frame memory of the float32 tensor [1, 1, inputHeight, inputWidth], values 0..1. */
	readonly inputOffset: number;
	/**
	 * Runs the network once over the input and the state carried so far. Synchronous; allocates nothing.
	 * @throws PhleboxError runtime-failed
	 */
	run(interval: Interval): Answer;
	/** Forgets the images so far: after a gap, a fault, a scene that was not live. */
	reset(): void;
	/** Frees the runtime's objects. */
	close(): void;
}
