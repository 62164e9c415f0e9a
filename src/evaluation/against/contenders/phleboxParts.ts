import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createFrameMemory } from '../../../capture/frameMemory.ts';
import { inferenceOptions } from '../../../inference/options.ts';
import { loadModelPackage } from '../../../inference/package/modelPackage.ts';
import { SimdKernel } from '../../../inference/simdKernel.ts';
import type { Answer } from '../../../inference/visionModel.ts';
import { type Runner, serve } from '../serve.ts';
import type { Spec } from '../spec.ts';

/** The box's pixel kernel and its network, and nothing of what it does besides: the work that the others do. */
function parts({ config, count, frame, frames, roi, model: file }: Spec): Runner {
	const memory = createFrameMemory(count);
	const kernel = new SimdKernel(memory);
	const { model } = loadModelPackage(dirname(file), memory, inferenceOptions(config.inference));
	const bytes = readFileSync(frames);
	const byteLength = bytes.length / count;
	const all = Array.from({ length: count }, (_, slot) => {
		const offset = memory.slotOffset(slot);
		memory.bytes.set(bytes.subarray(slot * byteLength, (slot + 1) * byteLength), offset);
		return { ...frame, offset, byteLength, sequence: slot, timestampMs: 0 };
	});
	const { inputWidth, inputHeight, inputOffset } = model;
	const image = new Float32Array(memory.memory.buffer, inputOffset, inputWidth * inputHeight);
	const interval = { intervalMs: 0 };
	let answer: Answer;
	return {
		about: 'pixel kernel and network only',
		frame(place, intervalMs) {
			kernel.areaAverage(all[place]!, roi, inputOffset, inputWidth, inputHeight);
			interval.intervalMs = intervalMs;
			answer = model.run(interval);
			return true;
		},
		input: () => image,
		answer: () => [...answer.landmarkProbabilities, ...answer.veinProbabilities],
		reset: () => model.reset(),
		close: () => model.close(),
	};
}

await serve(parts);
