import { createFrameMemory } from '../capture/frameMemory.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { withEngineFolder } from '../inference/engine/engineFolder.ts';
import { inferenceOptions } from '../inference/options.ts';
import { loadModelPackage } from '../inference/package/modelPackage.ts';
import { graphFiles, graphPlace } from '../inference/package/packageGraph.ts';
import { modelFolder } from '../vision/protocol.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'model and runtime';
const runs = 200;

/** Loads the model as the box does, golden images included, and times it on the provider in use. */
export function checkRuntime(config: Config): Finding[] {
	const { inference } = withEngineFolder(config);
	try {
		const folder = modelFolder(inference.model);
		const { model, manifest } = loadModelPackage(folder, createFrameMemory(0), inferenceOptions(inference));
		const startMs = performance.now();
		for (let i = 0; i < runs; i++) model.run({ intervalMs: 40 });
		const ms = (performance.now() - startMs) / runs;
		model.close();
		const graph = graphFiles(manifest)[graphPlace(manifest, model.provider)]!.model;
		return [
			ok(
				check,
				`${manifest.name} ${manifest.version} (${graph}) on ${model.provider}: golden images right, ${ms.toFixed(2)} ms a run`,
			),
			...model.refusedProviders.map(({ provider, reason, unbuilt }) =>
				warn(
					check,
					`provider ${provider} is not in use: ${reason}`,
					unbuilt
						? 'the running box builds it beside its work, which takes minutes, and then goes over to it'
						: 'install its runtime (inference.library), or take it out of inference.providers',
				),
			),
		];
	} catch (error) {
		return [
			fail(check, messageOf(error), 'give a sound model package in inference.model, a runtime in inference.library'),
		];
	}
}
