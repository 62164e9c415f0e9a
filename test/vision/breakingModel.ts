import { makeTinyPackage, tinyGraph, tinyManifest } from '../inference/tinyPackage.ts';

const named = (version: string) => ({ ...tinyManifest(), version });

/** A tiny model whose two landmarks are the other way round. */
export function contraryPackage(version = '2.0.0'): string {
	const graph = tinyGraph();
	for (const name of ['landmarkWeights', 'landmarkBias']) {
		const weights = graph.weights![name]!;
		for (let row = 0; row < weights.values.length; row += 3) {
			const [sfj, fv] = [weights.values[row]!, weights.values[row + 1]!];
			weights.values.splice(row, 2, fv, sfj);
		}
	}
	return makeTinyPackage({ graph, manifest: named(version) });
}

/** A tiny model that answers its golden images, and NaN to an image whose upper half is brighter than they are. */
export function breakingPackage(version = '2.0.0'): string {
	const graph = tinyGraph();
	const { nodes } = graph;
	const concat = nodes.findIndex(({ op }) => op === 'Concat');
	const node = nodes[concat]!;
	nodes[concat] = { ...node, inputs: node.inputs.map((name) => (name === 'means' ? 'sound' : name)) };
	// The root of a negative number is none, and no times makes it one again.
	nodes.splice(
		concat,
		0,
		{ op: 'Sub', inputs: ['brightest', 'means'], outputs: ['room'] },
		{ op: 'Sqrt', inputs: ['room'], outputs: ['root'] },
		{ op: 'Mul', inputs: ['root', 'nothing'], outputs: ['doom'] },
		{ op: 'Add', inputs: ['means', 'doom'], outputs: ['sound'] },
	);
	graph.weights!.brightest = { shape: [1], values: [0.95] };
	graph.weights!.nothing = { shape: [1], values: [0] };
	return makeTinyPackage({ graph, manifest: named(version) });
}
