import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createFrameMemory, type FrameMemory } from '../../capture/frameMemory.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import { OnnxModel } from '../onnxModel.ts';
import { type InferenceOptions, inferenceDefaults } from '../options.ts';
import { compareGolden, goldenInputBytes, goldenOutputBytes, replayGolden } from './golden.ts';
import type { DraftManifest, Manifest } from './manifest.ts';
import { checkHash, readManifest, readPackageFile } from './packageFile.ts';
import { type GraphFor, graphFiles, graphPlace, type PackageGraph } from './packageGraph.ts';

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
 * the golden answers on this very device. The first provider that gives those of its graph is in use; the graphs of the others
 * are checked by their hashes only. Synchronous, a few milliseconds for a small network.
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
	const { manifest, inputs, graphs } = readPackage(folder, all);
	const graphFor = (provider: string) => graphs[graphPlace(manifest, provider)]!;
	const prove = (model: OnnxModel) => proveGraph(folder, graphFor(model.provider), model, memory, manifest, inputs);
	const model = openModel(folder, manifest, graphFor, memory, all, imageOffset, prove);
	return { folder, manifest, model };
}

/**
 * Loads each graph of a package in turn, whichever provider it is for: for who looks at a package or gives it on.
 * @throws PhleboxError as `loadModelPackage`
 */
export function proveEveryGraph(folder: string, options: Partial<InferenceOptions> = {}): Manifest {
	const all = { ...inferenceDefaults, ...options };
	const memory = createFrameMemory(0);
	const { manifest, inputs, graphs } = readPackage(folder, all);
	for (const graph of graphs) {
		const prove = (model: OnnxModel) => proveGraph(folder, graph, model, memory, manifest, inputs);
		openModel(folder, manifest, () => graph, memory, all, null, prove).close();
	}
	return manifest;
}

interface SealedGraph extends PackageGraph {
	/** Golden answers. */
	readonly expected: Float32Array;
	readonly tolerance: number;
}

/** Reads all files of a package and holds them against their hashes. @throws PhleboxError model-invalid */
function readPackage(
	folder: string,
	{ maxModelBytes }: InferenceOptions,
): { manifest: Manifest; inputs: Uint8Array; graphs: SealedGraph[] } {
	checkFolder(folder);
	const manifest = readManifest(folder);
	const { golden, sha256 } = manifest;
	const inputs = readPackageFile(folder, golden.inputs, goldenLimit);
	checkHash(folder, golden.inputs, inputs, sha256.goldenInputs);
	checkSize(folder, golden.inputs, inputs, goldenInputBytes(manifest));
	const hashes = [sha256, ...(sha256.variants ?? [])];
	const graphs = graphFiles(manifest).map(({ model, outputs, tolerance }, at) => {
		const bytes = readPackageFile(folder, model, maxModelBytes);
		checkHash(folder, model, bytes, hashes[at]!.model);
		const answers = readPackageFile(folder, outputs, goldenLimit);
		checkHash(folder, outputs, answers, hashes[at]!.goldenOutputs);
		checkSize(folder, outputs, answers, goldenOutputBytes(manifest));
		return { file: model, bytes, expected: floatsOf(answers), tolerance };
	});
	return { manifest, inputs, graphs };
}

/** @throws PhleboxError model-golden-failed */
function proveGraph(
	folder: string,
	graph: SealedGraph,
	model: OnnxModel,
	...[memory, manifest, inputs]: [FrameMemory, Manifest, Uint8Array]
): void {
	const path = join(folder, graph.file);
	compareGolden(path, manifest, graph, answersTo(path, model, memory, manifest, inputs));
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
	graphs: GraphFor,
	memory: FrameMemory,
	options: InferenceOptions,
	imageOffset: number | null = null,
	prove?: (model: OnnxModel) => void,
): OnnxModel {
	try {
		return OnnxModel.open(manifest, graphs, memory, options, imageOffset, prove);
	} catch (error) {
		if (!(error instanceof PhleboxError) || !error.code.startsWith('model-')) throw error;
		if (error.message.startsWith(folder)) throw error;
		throw new PhleboxError(error.code, `${folder}/${error.message}`, { cause: error });
	}
}

/** A network that cannot answer its golden images has failed them. @param path of its graph */
export function answersTo(
	path: string,
	model: OnnxModel,
	memory: FrameMemory,
	manifest: DraftManifest,
	inputs: Uint8Array,
): Float32Array {
	try {
		return replayGolden(model, memory, manifest, inputs);
	} catch (cause) {
		const words = `no answer to its golden images: ${messageOf(cause)}`;
		throw new PhleboxError('model-golden-failed', `${path} gives ${words}`, { cause });
	}
}

function floatsOf(bytes: Buffer): Float32Array {
	return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}
