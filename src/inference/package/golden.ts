import { join } from 'node:path';
import type { FrameMemory } from '../../capture/frameMemory.ts';
import { PhleboxError } from '../../errors.ts';
import type { VisionModel } from '../visionModel.ts';
import { type DraftManifest, modelFile } from './manifest.ts';

/** Bytes that the golden inputs of a manifest must have. */
export function goldenInputBytes({ golden, input }: DraftManifest): number {
	return golden.intervalsMs.length * input.width * input.height;
}

/** Probabilities an image: landmark labels, then vein labels. */
function answersAnImage({ outputs }: DraftManifest): number {
	return outputs.landmark.labels.length + outputs.vein.labels.length;
}

export function goldenOutputBytes(manifest: DraftManifest): number {
	return 4 * manifest.golden.intervalsMs.length * answersAnImage(manifest);
}

/**
 * Runs the model over the golden images from a fresh state; leaves it fresh, its input blank.
 * @param inputs bytes [images, height, width]
 * @returns probabilities [images, landmark labels + vein labels]
 * @throws PhleboxError runtime-failed
 */
export function replayGolden(
	model: VisionModel,
	memory: FrameMemory,
	manifest: DraftManifest,
	inputs: Uint8Array,
): Float32Array {
	const pixels = manifest.input.width * manifest.input.height;
	const image = new Float32Array(memory.memory.buffer, model.inputOffset, pixels);
	const answers = new Float32Array(goldenOutputBytes(manifest) / 4);
	let next = 0;
	model.reset();
	for (const [at, intervalMs] of manifest.golden.intervalsMs.entries()) {
		for (let i = 0; i < pixels; i++) image[i] = inputs[at * pixels + i]! / 255;
		const answer = model.run({ intervalMs });
		answers.set(answer.landmarkProbabilities, next);
		next += answer.landmarkProbabilities.length;
		answers.set(answer.veinProbabilities, next);
		next += answer.veinProbabilities.length;
	}
	image.fill(0);
	model.reset();
	return answers;
}

/**
 * Compares answers on this very device with those that were sealed.
 * @param path of the graph that gave them
 * @throws PhleboxError model-golden-failed
 */
export function compareGolden(
	path: string,
	manifest: DraftManifest,
	{ expected, tolerance }: { expected: Float32Array; tolerance: number },
	found: Float32Array,
): void {
	const an = answersAnImage(manifest);
	for (const [at, probability] of found.entries()) {
		// Written so that a NaN fails.
		if (Math.abs(probability - expected[at]!) <= tolerance) continue;
		const labels = [...manifest.outputs.landmark.labels, ...manifest.outputs.vein.labels];
		const where = `golden image ${Math.floor(at / an)}, "${labels[at % an]}"`;
		const words = `${probability.toFixed(4)} instead of ${expected[at]!.toFixed(4)} (tolerance ${tolerance})`;
		throw new PhleboxError('model-golden-failed', `${path}: ${where} is ${words}`);
	}
}

/**
 * A variant may be a little less sure than `model.onnx`, but has to say the same of every golden image.
 * @throws PhleboxError model-golden-failed
 */
export function checkVariant(
	folder: string,
	file: string,
	manifest: DraftManifest,
	plain: Float32Array,
	answers: Float32Array,
): void {
	const an = answersAnImage(manifest);
	for (let image = 0; image < manifest.golden.intervalsMs.length; image++) {
		const said = (all: Float32Array) => labelsOf(manifest, all.subarray(image * an, (image + 1) * an));
		if (said(answers) === said(plain)) continue;
		const words = `golden image ${image} is ${said(answers)}, to ${modelFile} ${said(plain)}`;
		throw new PhleboxError('model-golden-failed', `${join(folder, file)}: ${words}; a variant has to say the same`);
	}
}

function labelsOf({ outputs: { landmark, vein } }: DraftManifest, probabilities: Float32Array): string {
	const most = (values: Float32Array) => values.indexOf(Math.max(...values));
	const count = landmark.labels.length;
	return `${landmark.labels[most(probabilities.subarray(0, count))]} ${vein.labels[most(probabilities.subarray(count))]}`;
}
