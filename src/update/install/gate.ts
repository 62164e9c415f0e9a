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
	/** Images after these, over which the memory may not grow. */
	leakImages: number;
	/** Most by which the memory of this process may grow over the latter half of them, MiB. */
	leakMiB: number;
	/** Sites that the examination on this box asks for; the model has to know them. */
	sites: readonly string[] | null;
}

export interface GateFigures {
	/** Median over the timed images, milliseconds: what else the machine does at the time moves it little. */
	latencyMs: number;
	/** Growth of this process's memory over the images that look for a leak, MiB. */
	grownMiB: number;
	/** What the model's maker allows a process that runs it, MiB; null where the manifest does not say. */
	allowedMiB: number | null;
}

/** How much memory is looked for a leak with, and what is none: garbage of the engine comes and goes by some MiB. */
export const leakDefaults = { leakImages: 400, leakMiB: 24 } as const;

/** What the machine says; a test's own. */
export interface GateInstruments {
	/** A monotonic clock, milliseconds. */
	clockMs(): number;
	/** Resident memory of this process, MiB. */
	memoryMiB(): number;
}

const machine: GateInstruments = {
	clockMs: () => performance.now(),
	memoryMiB: () => process.memoryUsage.rss() / 2 ** 20,
};

/**
 * Tries a model on this very device, with the runtime and the provider it is to run on, before it is switched to:
 * files, manifest, graph and golden images (`loadModelPackage`), the sites of this box's examination, its speed, and
 * whether it leaks. Synchronous and as heavy as the model: not for the thread that holds the light.
 * @throws PhleboxError model-invalid, model-mismatch, model-golden-failed, model-too-slow, runtime-failed
 */
export function passGate(
	folder: string,
	limits: GateLimits,
	options: Partial<InferenceOptions> = {},
	instruments: Partial<GateInstruments> = {},
): GateFigures {
	const { clockMs, memoryMiB } = { ...machine, ...instruments };
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
		const { latencyMs: asked = Number.POSITIVE_INFINITY, memoryMiB: allowedMiB = null } = manifest.limits ?? {};
		const allowedMs = Math.min(limits.latencyMs, asked);
		if (latencyMs > allowedMs)
			throw new PhleboxError(
				'model-too-slow',
				`${folder} takes ${latencyMs.toFixed(1)} ms an image here; at most ${allowedMs} ms are allowed` +
					(asked < limits.latencyMs ? ' by its own manifest' : ''),
			);
		const grownMiB = grown(folder, model, limits.leakImages, memoryMiB);
		if (grownMiB > limits.leakMiB)
			throw new PhleboxError(
				'runtime-failed',
				`${folder} leaks: ${Math.round(grownMiB)} MiB more in ${limits.leakImages >> 1} images; ${limits.leakMiB} are allowed`,
			);
		return { latencyMs, grownMiB, allowedMiB };
	} finally {
		model.close();
	}
}

function timed(folder: string, model: VisionModel, images: number, clockMs: () => number): number {
	run(folder, model, images);
	const times = Array.from({ length: images }, () => {
		const begin = clockMs();
		run(folder, model, 1);
		return clockMs() - begin;
	}).sort((a, b) => a - b);
	return times[images >> 1]!;
}

/** In the former half the runtime may still be settling in. */
function grown(folder: string, model: VisionModel, images: number, memoryMiB: () => number): number {
	run(folder, model, images >> 1);
	const before = memoryMiB();
	run(folder, model, images >> 1);
	return Math.max(0, memoryMiB() - before);
}

function run(folder: string, model: VisionModel, images: number): void {
	try {
		for (let at = 0; at < images; at++) model.run({ intervalMs: 33 });
	} catch (cause) {
		throw new PhleboxError('runtime-failed', `${folder} breaks off when it runs: ${messageOf(cause)}`, { cause });
	}
}
