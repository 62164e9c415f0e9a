import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameMemory } from '../../capture/frameMemory.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import { OnnxModel } from '../onnxModel.ts';
import { type InferenceOptions, inferenceDefaults } from '../options.ts';
import { compareGolden, goldenInputBytes, goldenOutputBytes, replayGolden } from './golden.ts';
import { type DraftManifest, type Manifest, modelFile } from './manifest.ts';
import { checkHash, readManifest, readPackageFile } from './packageFile.ts';

/** A package that was checked whole and whose network is ready to run. */
export interface ModelPackage {
	readonly folder: string;
	readonly manifest: Manifest;
	/** Close it when done. */
	readonly model: OnnxModel;
}

/** Largest golden file: 64 images of 512x512 bytes. */
const goldenLimit = 64 * 512 * 512;

/**
 * Loads a model package (see `manifestSchema`) and trusts nothing in it: hashes, names and shapes against the graph,
 * the golden answers on this very device. The first provider that gives them is in use. Synchronous, a few milliseconds
 * for a small network.
 * @param memory where the network's tensors are laid down
 * @param imageOffset where its input is to lie; null: in a room of its own
 * @throws PhleboxError model-invalid (a file), model-mismatch (manifest against graph), model-golden-failed (answers),
 * runtime-missing, runtime-failed
 */
export function loadModelPackage(
	folder: string,
	memory: FrameMemory,
	options: Partial<InferenceOptions> = {},
	imageOffset: number | null = null,
): ModelPackage {
	const all = { ...inferenceDefaults, ...options };
	checkFolder(folder);
	const manifest = readManifest(folder);
	const { golden, sha256 } = manifest;
	const graph = readPackageFile(folder, modelFile, all.maxModelBytes);
	checkHash(folder, modelFile, graph, sha256.model);
	const inputs = readPackageFile(folder, golden.inputs, goldenLimit);
	checkHash(folder, golden.inputs, inputs, sha256.goldenInputs);
	checkSize(folder, golden.inputs, inputs, goldenInputBytes(manifest));
	const outputs = readPackageFile(folder, golden.outputs, goldenLimit);
	checkHash(folder, golden.outputs, outputs, sha256.goldenOutputs);
	checkSize(folder, golden.outputs, outputs, goldenOutputBytes(manifest));

	const expected = floatsOf(outputs);
	const prove = (model: OnnxModel) =>
		compareGolden(folder, manifest, expected, answersTo(folder, model, memory, manifest, inputs));
	const model = openModel(folder, manifest, graph, memory, all, imageOffset, prove);
	return { folder, manifest, model };
}

/** @throws PhleboxError model-invalid */
export function checkFolder(folder: string): void {
	if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
		throw new PhleboxError('model-invalid', `${folder} is no folder; a model package is one`);
}

/** @throws PhleboxError model-invalid */
export function checkSize(folder: string, name: string, bytes: Uint8Array, wanted: number): void {
	if (bytes.length === wanted) return;
	const words = `has ${bytes.length} bytes; the manifest's images and labels make ${wanted}`;
	throw new PhleboxError('model-invalid', `${join(folder, name)} ${words}`);
}

/** `OnnxModel.open` whose errors name the package. */
export function openModel(
	folder: string,
	manifest: DraftManifest,
	graph: Uint8Array,
	memory: FrameMemory,
	options: InferenceOptions,
	imageOffset: number | null = null,
	prove?: (model: OnnxModel) => void,
): OnnxModel {
	try {
		return OnnxModel.open(manifest, graph, memory, options, imageOffset, prove);
	} catch (error) {
		if (!(error instanceof PhleboxError) || !error.code.startsWith('model-')) throw error;
		if (error.message.startsWith(folder)) throw error;
		throw new PhleboxError(error.code, `${folder}/${error.message}`, { cause: error });
	}
}

/** A network that cannot answer its golden images has failed them. */
export function answersTo(
	folder: string,
	model: OnnxModel,
	memory: FrameMemory,
	manifest: DraftManifest,
	inputs: Uint8Array,
): Float32Array {
	try {
		return replayGolden(model, memory, manifest, inputs);
	} catch (cause) {
		const words = `no answer to its golden images: ${messageOf(cause)}`;
		throw new PhleboxError('model-golden-failed', `${join(folder, modelFile)} gives ${words}`, { cause });
	}
}

function floatsOf(bytes: Buffer): Float32Array {
	return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}
