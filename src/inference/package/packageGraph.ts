import { type DraftManifest, modelFile } from './manifest.ts';

/** A graph as it is given to the runtime. */
export interface PackageGraph {
	/** Its file's name in the package folder; for messages. */
	readonly file: string;
	readonly bytes: Uint8Array;
}

/** Which graph a provider runs. */
export type GraphFor = (provider: string) => PackageGraph;

/** One graph of a manifest: files of the network and of its golden answers. */
export interface GraphFiles {
	readonly model: string;
	readonly outputs: string;
	/** Largest difference of a probability from these answers that still passes. */
	readonly tolerance: number;
}

/** All graphs of a package, `model.onnx` first, then the variants in the manifest's order. */
export function graphFiles({ golden, variants = [] }: DraftManifest): GraphFiles[] {
	return [
		{ model: modelFile, outputs: golden.outputs, tolerance: golden.tolerance },
		...variants.map(({ model, goldenOutputs, tolerance }) => ({ model, outputs: goldenOutputs, tolerance })),
	];
}

/** Place in `graphFiles` of the graph that a provider runs: the variant that names it, otherwise `model.onnx`. */
export function graphPlace({ variants = [] }: DraftManifest, provider: string): number {
	return 1 + variants.findIndex(({ providers }) => providers.some((name) => name === provider));
}

/** One graph for all providers. */
export function oneGraph(bytes: Uint8Array, file = modelFile): GraphFor {
	return () => ({ file, bytes });
}
