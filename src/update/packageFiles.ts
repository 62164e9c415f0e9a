import { type Manifest, manifestFile, modelFile } from '../inference/package/manifest.ts';

/** Files of a model package by their names in its folder. */
export function packageFiles({ golden }: Manifest): string[] {
	return [manifestFile, modelFile, golden.inputs, golden.outputs];
}
