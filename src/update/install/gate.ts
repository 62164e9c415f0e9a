import { createFrameMemory } from '../../capture/frameMemory.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { InferenceOptions } from '../../inference/options.ts';
import { loadModelPackage } from '../../inference/package/modelPackage.ts';
import type { VisionModel } from '../../inference/visionModel.ts';

export interface GateLimits {
	/** Longest that an image may take on this device, the median of all that are timed, milliseconds. */
	latencyMs: number;
	/** Images that are timed, after as many that are not. */
	images: number;
	/** Sites that the examination on this box asks for; the model has to know them. */
	sites: readonly string[] | null;
}

export interface GateFigures {
	/** Median over the timed images, milliseconds: what else the machine does at the time moves it little. */
	latencyMs: number;
}

/**
 * Tries a model on this very device, with the runtime and the provider it is to run on, before it is switched to:
 * files, manifest, graph and golden images (`loadModelPackage`), the sites of this box's examination, and its speed.
 * Synchronous and as heavy as the model: not for the thread that holds the light.
 * @param clockMs a monotonic clock; a test's own
 * @throws PhleboxError model-invalid, model-mismatch, model-golden-failed, model-too-slow, runtime-failed
 */
export function passGate(
	folder: string,
	limits: GateLimits,
	options: Partial<InferenceOptions> = {},
	clockMs: () => number = () => performance.now(),
): GateFigures {
	const { manifest, model } = loadModelPackage(folder, createFrameMemory(0), options);
	try {
		const { labels } = manifest.outputs.landmark;
		const unknown = limits.sites?.find((site) => !labels.includes(site));
		if (unknown !== undefined)
			throw new PhleboxError(
				'model-mismatch',
				`${folder} does not know ${unknown}, which this box examines; it knows ${labels.join(', ')}`,
			);
		const latencyMs = timed(folder, model, limits.images, clockMs);
		if (latencyMs > limits.latencyMs)
			throw new PhleboxError(
				'model-too-slow',
				`${folder} takes ${latencyMs.toFixed(1)} ms an image here; at most ${limits.latencyMs} ms are allowed`,
			);
		return { latencyMs };
	} finally {
		model.close();
	}
}

function timed(folder: string, model: VisionModel, images: number, clockMs: () => number): number {
	try {
		for (let at = 0; at < images; at++) model.run({ intervalMs: 33 });
		const times = Array.from({ length: images }, () => {
			const begin = clockMs();
			model.run({ intervalMs: 33 });
			return clockMs() - begin;
		}).sort((a, b) => a - b);
		return times[images >> 1]!;
	} catch (cause) {
		throw new PhleboxError('runtime-failed', `${folder} breaks off when it runs: ${messageOf(cause)}`, { cause });
	}
}
