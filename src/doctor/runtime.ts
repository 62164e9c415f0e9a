import { createFrameMemory } from '../capture/frameMemory.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { loadModelPackage } from '../inference/package/modelPackage.ts';
import { modelFolder } from '../vision/protocol.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'model and runtime';
const runs = 200;

/** Loads the model as the box does, golden images included, and times it on the provider in use. */
export function checkRuntime({ inference }: Config): Finding[] {
	try {
		const { model, manifest } = loadModelPackage(modelFolder(inference.model), createFrameMemory(0), {
			library: inference.library,
			providers: inference.providers.map((name) => ({ name })),
			threads: inference.threads,
		});
		const startMs = performance.now();
		for (let i = 0; i < runs; i++) model.run({ intervalMs: 40 });
		const ms = (performance.now() - startMs) / runs;
		model.close();
		return [
			ok(
				check,
				`${manifest.name} ${manifest.version} on ${model.provider}: golden images right, ${ms.toFixed(2)} ms a run`,
			),
			...model.refusedProviders.map(({ provider, reason }) =>
				warn(
					check,
					`provider ${provider} is not in use: ${reason}`,
					'install its runtime, or take it out of inference.providers',
				),
			),
		];
	} catch (error) {
		return [
			fail(check, messageOf(error), 'give a sound model package in inference.model, a runtime in inference.library'),
		];
	}
}
