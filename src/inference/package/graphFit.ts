import { float32 } from '../onnxRuntime/session.ts';
import type { TensorInfo } from '../onnxRuntime/tensorInfo.ts';
import type { DraftManifest } from './manifest.ts';

interface Wanted {
	name: string;
	shape: readonly number[];
}

/**
 * What of the graph does not fit the manifest, in one line; null when all fits. Shapes must be fixed in the graph: an
 * open side would be settled only at the first run, and TensorRT wants them fixed as well.
 */
export function graphMisfit(
	manifest: DraftManifest,
	inputs: readonly TensorInfo[],
	outputs: readonly TensorInfo[],
): string | null {
	const { input, interval, state } = manifest;
	const wantedInputs: Wanted[] = [
		{ name: input.name, shape: [1, input.channels, input.height, input.width] },
		...(interval ? [{ name: interval.name, shape: [1, 1] }] : []),
		...state.map(({ input: name, shape }) => ({ name, shape })),
	];
	const wantedOutputs: Wanted[] = [
		...Object.values(manifest.outputs).map(({ name, labels }) => ({ name, shape: [1, labels.length] })),
		...state.map(({ output: name, shape }) => ({ name, shape })),
	];
	return (
		repeated([...wantedInputs, ...wantedOutputs]) ??
		unnamed(wantedInputs, inputs) ??
		misfit('input', wantedInputs, inputs) ??
		misfit('output', wantedOutputs, outputs)
	);
}

function repeated(wanted: Wanted[]): string | null {
	const twice = wanted.find(({ name }, at) => wanted.findIndex((other) => other.name === name) !== at);
	return twice ? `the manifest names "${twice.name}" twice` : null;
}

/** An input that nothing feeds; outputs that nothing reads do no harm. */
function unnamed(wanted: Wanted[], given: readonly TensorInfo[]): string | null {
	const stray = given.find(({ name }) => !wanted.some((want) => want.name === name));
	return stray ? `the graph wants an input "${stray.name}" that the manifest does not name` : null;
}

function misfit(side: string, wanted: Wanted[], given: readonly TensorInfo[]): string | null {
	for (const want of wanted) {
		const found = given.find(({ name }) => name === want.name);
		if (!found)
			return `the graph has no ${side} "${want.name}"; it has ${given.map(({ name }) => name).join(', ') || 'none'}`;
		if (found.type !== float32) return `${side} "${want.name}" is not float32`;
		if (found.shape.join() !== want.shape.join())
			return `${side} "${want.name}" is [${found.shape}] in the graph, [${want.shape}] by the manifest`;
	}
	return null;
}
