import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DraftManifest, Manifest } from '../../src/inference/package/manifest.ts';
import { manifestHash } from '../../src/inference/package/packageFile.ts';
import { sealPackage } from '../../src/inference/package/seal.ts';
import { type GraphSpec, onnxFile } from './onnxFile.ts';

/**
 * A tiny network for tests whose answers can be painted: the mean of the upper half of the image chooses the landmark,
 * the mean of the lower half the vein state, each the label whose grey is nearest. It carries a state [1, 8] that moves
 * the answers a little, and takes the interval.
 */
export const tinyGreys = {
	landmark: { sfj: 0.9, fv: 0.5, none: 0.1 },
	vein: { open: 0.9, closing: 0.63, closed: 0.36, none: 0.1 },
} as const;

/** How steeply the answers follow the grey: neighbours are apart by half their distance times this, in logits. */
const steepness = 150;
const side = 128;
const states = 8;
/** Mean above, mean below, interval, states. */
const features = 3 + states;

/** -(grey - centre)^2 without the part that all labels share: linear in the grey. */
function heads(): { landmark: number[][]; vein: number[][]; bias: { landmark: number[]; vein: number[] } } {
	const rows = Array.from({ length: features }, (_, at) => at);
	const head = (centres: number[], mean: number) =>
		rows.map((row) =>
			centres.map((centre, label) => {
				if (row === mean) return 2 * steepness * centre;
				if (row < 3) return 0;
				return 0.05 * Math.sin(row * 7 + label * 3 + mean);
			}),
		);
	const landmark = Object.values(tinyGreys.landmark);
	const vein = Object.values(tinyGreys.vein);
	const bias = (centres: number[]) => centres.map((centre) => -steepness * centre * centre);
	return { landmark: head(landmark, 0), vein: head(vein, 1), bias: { landmark: bias(landmark), vein: bias(vein) } };
}

export function tinyGraph(): GraphSpec {
	const { landmark, vein, bias } = heads();
	const carry = Array.from({ length: features }, (_, row) =>
		Array.from({ length: states }, (_, state) => (row === state + 3 ? 0.5 : row < 3 ? Math.cos(row * 5 + state) : 0)),
	);
	return {
		inputs: [
			{ name: 'image', shape: [1, 1, side, side] },
			{ name: 'interval', shape: [1, 1] },
			{ name: 'state', shape: [1, states] },
		],
		outputs: [
			{ name: 'landmark', shape: [1, 3] },
			{ name: 'vein', shape: [1, 4] },
			{ name: 'next_state', shape: [1, states] },
		],
		nodes: [
			{ op: 'Reshape', inputs: ['image', 'halves'], outputs: ['pixels'] },
			{
				op: 'ReduceMean',
				inputs: ['pixels'],
				outputs: ['means'],
				attributes: { axes: [2], keepdims: 0 },
			},
			{ op: 'Concat', inputs: ['means', 'interval', 'state'], outputs: ['features'], attributes: { axis: 1 } },
			{ op: 'Gemm', inputs: ['features', 'landmarkWeights', 'landmarkBias'], outputs: ['landmark'] },
			{ op: 'Gemm', inputs: ['features', 'veinWeights', 'veinBias'], outputs: ['vein'] },
			{ op: 'MatMul', inputs: ['features', 'carry'], outputs: ['next_state'] },
		],
		weights: {
			halves: { shape: [3], values: [1, 2, (side * side) / 2], type: 'int64' },
			landmarkWeights: { shape: [features, 3], values: landmark.flat() },
			landmarkBias: { shape: [3], values: bias.landmark },
			veinWeights: { shape: [features, 4], values: vein.flat() },
			veinBias: { shape: [4], values: bias.vein },
			carry: { shape: [features, states], values: carry.flat() },
		},
	};
}

export function tinyManifest(): DraftManifest {
	return {
		schema: 1,
		name: 'tiny',
		version: '1.0.0',
		licence: 'Apache-2.0',
		intendedUse: 'Tests: answers what is painted.',
		limitations: ['Has seen no vein.'],
		trainedOn: ['Nothing: its weights are written by hand.'],
		input: { name: 'image', width: side, height: side, channels: 1, range: [0, 1] },
		interval: { name: 'interval' },
		state: [{ input: 'state', output: 'next_state', shape: [1, states] }],
		outputs: {
			landmark: { name: 'landmark', labels: Object.keys(tinyGreys.landmark), kind: 'logits', temperature: 1.5 },
			vein: { name: 'vein', labels: Object.keys(tinyGreys.vein), kind: 'logits', temperature: 1.25 },
		},
		thresholds: { landmark: 0.6, open: 0.6, closed: 0.6 },
		protocol: ['sfj', 'fv'],
		golden: { inputs: 'golden.u8', intervalsMs: [0, 33, 50, 17], outputs: 'golden.f32', tolerance: 0.001 },
	};
}

/** An image whose halves have these greys (0..1), as bytes [128, 128]. */
export function paint(above: number, below: number): Uint8Array {
	const image = new Uint8Array(side * side);
	image.fill(Math.round(above * 255), 0, (side * side) / 2);
	image.fill(Math.round(below * 255), (side * side) / 2);
	return image;
}

/** The golden images: the greys between two labels too, so that the answers hang on the state. */
export function tinyGoldenInputs(): Buffer {
	return Buffer.concat([paint(0.9, 0.9), paint(0.7, 0.77), paint(0.5, 0.36), paint(0.3, 0.23)]);
}

export const tinyVariant = {
	providers: ['cpu' as const],
	model: 'model-int8.onnx',
	goldenOutputs: 'golden-int8.f32',
	tolerance: 0.002,
};

/** The tiny network, a little less sure of everything: other golden answers, the same labels. */
export function paleGraph(sureness = 0.8): GraphSpec {
	const graph = tinyGraph();
	for (const name of ['landmarkWeights', 'landmarkBias', 'veinWeights', 'veinBias'])
		graph.weights![name]!.values = graph.weights![name]!.values.map((value) => value * sureness);
	return graph;
}

export interface PackageParts {
	graph?: GraphSpec | Uint8Array;
	manifest?: unknown;
	golden?: Uint8Array;
	/** A variant for the CPU. */
	variant?: GraphSpec;
}

/** Writes a package that is not sealed yet into `folder`. */
export function writeDraftPackage(folder: string, parts: PackageParts = {}): void {
	const { graph = tinyGraph(), golden = tinyGoldenInputs(), variant } = parts;
	const { manifest = variant ? { ...tinyManifest(), variants: [tinyVariant] } : tinyManifest() } = parts;
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'model.onnx'), graph instanceof Uint8Array ? graph : onnxFile(graph));
	writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest, null, '\t'));
	writeFileSync(join(folder, 'golden.u8'), golden);
	if (variant) writeFileSync(join(folder, tinyVariant.model), onnxFile(variant));
}

const temporary: string[] = [];
process.once('exit', () => {
	for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder that goes when the process ends. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-package-'));
	temporary.push(folder);
	return folder;
}

/** A sealed tiny package in a temporary folder of its own; returns the folder. Takes some 50 ms. */
export function makeTinyPackage(parts: PackageParts = {}): string {
	const folder = join(temporaryFolder(), 'tiny');
	writeDraftPackage(folder, parts);
	sealPackage(folder);
	return folder;
}

export const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));

/** Writes the manifest anew, its own hash right: a package that was made wrong, not one that was damaged. */
export function changeManifest(folder: string, change: (manifest: Manifest) => void): void {
	const manifest = manifestOf(folder);
	change(manifest);
	manifest.sha256.manifest = manifestHash(manifest);
	writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}
