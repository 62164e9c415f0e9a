import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrameMemory } from '../../capture/frameMemory.ts';
import { type InferenceOptions, inferenceDefaults } from '../options.ts';
import { goldenInputBytes } from './golden.ts';
import { type Manifest, manifestFile, modelFile } from './manifest.ts';
import { answersTo, checkFolder, checkSize, loadModelPackage, openModel } from './modelPackage.ts';
import { manifestHash, readDraftManifest, readPackageFile, sha256Of } from './packageFile.ts';

/**
 * Makes a package of what the trainer wrote: runs the network over the golden inputs, writes its answers as golden
 * outputs, fills the hashes into the manifest, and loads the result as the box will. A sealed package can be sealed
 * again after a change.
 * @throws PhleboxError as `loadModelPackage`
 */
export function sealPackage(folder: string, options: Partial<InferenceOptions> = {}): Manifest {
	const all = { ...inferenceDefaults, ...options };
	checkFolder(folder);
	const draft = readDraftManifest(folder);
	const graph = readPackageFile(folder, modelFile, all.maxModelBytes);
	const inputs = readPackageFile(folder, draft.golden.inputs, goldenInputBytes(draft));
	checkSize(folder, draft.golden.inputs, inputs, goldenInputBytes(draft));
	const memory = createFrameMemory(0);
	const model = openModel(folder, draft, graph, memory, all);
	let outputs: Buffer;
	try {
		const answers = answersTo(folder, model, memory, draft, inputs);
		outputs = Buffer.alloc(answers.length * 4);
		for (const [at, probability] of answers.entries()) outputs.writeFloatLE(probability, at * 4);
	} finally {
		model.close();
	}
	const sha256 = {
		manifest: manifestHash(draft),
		model: sha256Of(graph),
		goldenInputs: sha256Of(inputs),
		goldenOutputs: sha256Of(outputs),
	};
	replace(join(folder, draft.golden.outputs), outputs);
	replace(join(folder, manifestFile), `${JSON.stringify({ ...draft, sha256 }, null, '\t')}\n`);
	const { manifest, model: sealed } = loadModelPackage(folder, memory, all);
	sealed.close();
	return manifest;
}

/** A power cut leaves the old file or the new one. */
function replace(path: string, content: string | Uint8Array): void {
	const aside = `${path}.new`;
	const file = openSync(aside, 'w');
	try {
		writeFileSync(file, content);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(aside, path);
}
