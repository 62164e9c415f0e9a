import type { TensorPlace } from './onnxRuntime/session.ts';
import type { DraftManifest } from './package/manifest.ts';

/** Tensors are this far apart, as vector units like it. */
const alignment = 64;

/** Where the tensors of a model lie, counted from the start of its room. */
export interface TensorMap {
	readonly byteLength: number;
	readonly image: TensorPlace;
	readonly interval: TensorPlace | null;
	readonly landmark: TensorPlace;
	readonly vein: TensorPlace;
	/** Two places for each state: what one run writes the next one reads, so that nothing is copied. */
	readonly states: readonly (readonly [TensorPlace, TensorPlace])[];
	/** The states lie together: from here on, so many bytes. */
	readonly statesOffset: number;
	readonly statesByteLength: number;
}

export const elements = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/**
 * Lays the tensors that a manifest names one behind the other from `base` on.
 * @param imageOffset where the image lies, when that is elsewhere: a place that models share that follow each other
 */
export function tensorMap(manifest: DraftManifest, base: number, imageOffset: number | null = null): TensorMap {
	let next = base;
	const place = (name: string, shape: readonly number[]): TensorPlace => {
		const offset = next;
		next += Math.ceil((4 * elements(shape)) / alignment) * alignment;
		return { name, shape, offset };
	};
	const { input, interval, outputs, state } = manifest;
	const shape = [1, input.channels, input.height, input.width];
	const image = imageOffset === null ? place(input.name, shape) : { name: input.name, shape, offset: imageOffset };
	const intervalPlace = interval ? place(interval.name, [1, 1]) : null;
	const landmark = place(outputs.landmark.name, [1, outputs.landmark.labels.length]);
	const vein = place(outputs.vein.name, [1, outputs.vein.labels.length]);
	const statesOffset = next;
	const states = state.map(({ input, shape }) => [place(input, shape), place(input, shape)] as const);
	return {
		byteLength: next - base,
		image,
		interval: intervalPlace,
		landmark,
		vein,
		states,
		statesOffset,
		statesByteLength: next - statesOffset,
	};
}
