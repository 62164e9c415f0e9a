import { type Manifest, manifestFile } from '../inference/package/manifest.ts';
import { graphFiles } from '../inference/package/packageGraph.ts';

/** Files of a model package by their names in its folder. */
export function packageFiles(manifest: Manifest): string[] {
	const graphs = graphFiles(manifest).flatMap(({ model, outputs }) => [model, outputs]);
	return [manifestFile, manifest.golden.inputs, ...graphs];
}
