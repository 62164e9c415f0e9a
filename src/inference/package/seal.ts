import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrameMemory, type FrameMemory } from '../../capture/frameMemory.ts';
import { type InferenceOptions, inferenceDefaults } from '../options.ts';
import { checkVariant, goldenInputBytes } from './golden.ts';
import { type DraftManifest, type Manifest, manifestFile } from './manifest.ts';
import { answersTo, checkFolder, checkSize, openModel, proveEveryGraph } from './modelPackage.ts';
import { manifestHash, readDraftManifest, readPackageFile, sha256Of } from './packageFile.ts';
import { graphFiles, oneGraph } from './packageGraph.ts';

/**
 * Makes a package of what the trainer wrote: runs each of its graphs over the golden inputs, writes its answers as golden
 * outputs, fills the hashes into the manifest, and loads the result as the box will. A variant that answers a golden image
 * otherwise than `model.onnx` is none of it. A sealed package can be sealed again after a change.
 * @throws PhleboxError as `loadModelPackage`
 */
export function sealPackage(folder: string, options: Partial<InferenceOptions> = {}): Manifest {
	const all = { ...inferenceDefaults, ...options };
	checkFolder(folder);
	const draft = readDraftManifest(folder);
	const inputs = readPackageFile(folder, draft.golden.inputs, goldenInputBytes(draft));
	checkSize(folder, draft.golden.inputs, inputs, goldenInputBytes(draft));
	const memory = createFrameMemory(0);
	const graphs = graphFiles(draft).map(({ model, outputs }) => {
		const bytes = readPackageFile(folder, model, all.maxModelBytes);
		return { file: model, outputs, bytes, answers: answersOf(folder, draft, bytes, model, memory, all, inputs) };
	});
	const plain = graphs[0]!;
	const variants = graphs.slice(1);
	for (const { file, answers } of variants) checkVariant(folder, file, draft, plain.answers, answers);
	const hashesOf = ({ bytes, answers }: SealedGraph) => ({
		model: sha256Of(bytes),
		goldenOutputs: sha256Of(bytesOf(answers)),
	});
	const sha256 = {
		manifest: manifestHash(draft),
		goldenInputs: sha256Of(inputs),
		...hashesOf(plain),
		...(draft.variants ? { variants: variants.map(hashesOf) } : {}),
	};
	for (const { outputs, answers } of graphs) replace(join(folder, outputs), bytesOf(answers));
	replace(join(folder, manifestFile), `${JSON.stringify({ ...draft, sha256 }, null, '\t')}\n`);
	return proveEveryGraph(folder, all);
}

interface SealedGraph {
	file: string;
	bytes: Uint8Array;
	answers: Float32Array;
}

/** Whatever the provider: each graph is to be sealed with answers of its own. */
function answersOf(
	folder: string,
	draft: DraftManifest,
	bytes: Uint8Array,
	...[file, memory, options, inputs]: [string, FrameMemory, InferenceOptions, Uint8Array]
): Float32Array {
	const model = openModel(folder, draft, oneGraph(bytes, file), memory, options);
	try {
		return answersTo(join(folder, file), model, memory, draft, inputs);
	} finally {
		model.close();
	}
}

function bytesOf(answers: Float32Array): Buffer {
	const bytes = Buffer.alloc(answers.length * 4);
	for (const [at, probability] of answers.entries()) bytes.writeFloatLE(probability, at * 4);
	return bytes;
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
