import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { type ErrorCode, PhleboxError } from '../../src/errors.ts';
import { loadModelPackage, proveEveryGraph } from '../../src/inference/package/modelPackage.ts';
import { readManifest, sha256Of } from '../../src/inference/package/packageFile.ts';
import { sealPackage } from '../../src/inference/package/seal.ts';
import type { GraphSpec } from './onnxFile.ts';
import {
	changeManifest,
	makeTinyPackage,
	manifestOf,
	type PackageParts,
	paleGraph,
	temporaryFolder,
	tinyGoldenInputs,
	tinyGraph,
	tinyManifest,
	tinyVariant,
	writeDraftPackage,
} from './tinyPackage.ts';

const memory = createFrameMemory(0);

interface Misfit {
	name: string;
	parts: () => PackageParts;
	code: ErrorCode;
	says: RegExp;
}

function graphWith(change: (graph: GraphSpec) => void): PackageParts {
	const graph = tinyGraph();
	change(graph);
	return { graph };
}

function manifestWith(change: (manifest: ReturnType<typeof tinyManifest>) => void): PackageParts {
	const manifest = tinyManifest();
	change(manifest);
	return { manifest };
}

const misfits: Misfit[] = [
	{
		name: 'an image of another size',
		parts: () => ({
			...manifestWith((manifest) => {
				manifest.input.height = 64;
			}),
			golden: tinyGoldenInputs().subarray(0, 128 * 128 * 2),
		}),
		code: 'model-mismatch',
		says: /input "image" is \[1,1,128,128\] in the graph, \[1,1,64,128\] by the manifest/,
	},
	{
		name: 'an image that the graph knows by another name',
		parts: () =>
			manifestWith((manifest) => {
				manifest.input.name = 'picture';
			}),
		code: 'model-mismatch',
		says: /input "image" that the manifest does not name/,
	},
	{
		name: 'an interval that the graph does not have',
		parts: () =>
			graphWith((graph) => {
				graph.inputs.splice(1, 1);
				graph.weights!.interval = { shape: [1, 1], values: [0] };
			}),
		code: 'model-mismatch',
		says: /no input "interval"; it has image, state/,
	},
	{
		name: 'an interval that the manifest does not name',
		parts: () =>
			manifestWith((manifest) => {
				delete manifest.interval;
			}),
		code: 'model-mismatch',
		says: /input "interval" that the manifest does not name/,
	},
	{
		name: 'a missing output',
		parts: () => graphWith((graph) => graph.outputs.splice(1, 1)),
		code: 'model-mismatch',
		says: /no output "vein"; it has landmark, next_state/,
	},
	{
		name: 'more labels than the output has places',
		parts: () => manifestWith((manifest) => manifest.outputs.landmark.labels.push('pop')),
		code: 'model-mismatch',
		says: /output "landmark" is \[1,3\] in the graph, \[1,4\] by the manifest/,
	},
	{
		name: 'a state of another length',
		parts: () =>
			manifestWith((manifest) => {
				manifest.state[0]!.shape = [1, 9];
			}),
		code: 'model-mismatch',
		says: /input "state"/,
	},
	{
		name: 'a side that the graph leaves open',
		parts: () =>
			graphWith((graph) => {
				graph.inputs[2]!.shape = ['batch', 8];
			}),
		code: 'model-mismatch',
		says: /input "state" is \[-1,8\] in the graph/,
	},
	{
		name: 'a tensor that the manifest names twice',
		parts: () =>
			manifestWith((manifest) => {
				manifest.state[0]!.output = 'vein';
			}),
		code: 'model-mismatch',
		says: /names "vein" twice/,
	},
	{
		name: 'values of another type',
		parts: () => ({
			graph: {
				inputs: tinyGraph().inputs,
				outputs: [
					{ name: 'landmark', shape: [1, 3] },
					{ name: 'vein', shape: [1, 4] },
					{ name: 'next_state', shape: [1, 8] },
				],
				nodes: ['landmark', 'vein', 'next_state'].map((name, at) => ({
					op: 'Slice',
					inputs: ['state', `from${at}`, `to${at}`, 'axis'],
					outputs: [name],
				})),
				weights: {
					axis: { shape: [1], values: [1], type: 'int64' },
					...Object.fromEntries(
						[3, 4, 8].flatMap((length, at) => [
							[`from${at}`, { shape: [1], values: [0], type: 'int64' as const }],
							[`to${at}`, { shape: [1], values: [length], type: 'int64' as const }],
						]),
					),
				},
				type: 11,
			},
		}),
		code: 'model-mismatch',
		says: /input "image" is not float32/,
	},
	{
		name: 'a network that gives values that are no numbers',
		parts: () =>
			graphWith((graph) => {
				graph.nodes[3] = { op: 'Log', inputs: ['minus'], outputs: ['landmark'] };
				graph.weights!.minus = { shape: [1, 3], values: [-1, -1, -1] };
			}),
		code: 'model-golden-failed',
		says: /no number/,
	},
	{
		name: 'a network that only one golden image upsets',
		parts: () =>
			graphWith((graph) => {
				graph.nodes[3] = {
					op: 'Gemm',
					inputs: ['features', 'landmarkWeights', 'landmarkBias'],
					outputs: ['plain'],
				};
				graph.nodes.push(
					{ op: 'Sub', inputs: ['interval', 'limit'], outputs: ['over'] },
					{ op: 'Sqrt', inputs: ['over'], outputs: ['root'] },
					{ op: 'Add', inputs: ['plain', 'root'], outputs: ['landmark'] },
				);
				graph.weights!.limit = { shape: [1, 1], values: [0] };
				graph.nodes[6] = { op: 'Sub', inputs: ['limit', 'interval'], outputs: ['over'] };
			}),
		code: 'model-golden-failed',
		says: /no number/,
	},
	{
		name: 'golden images of another size',
		parts: () => ({ golden: tinyGoldenInputs().subarray(1) }),
		code: 'model-invalid',
		says: /golden\.u8 has 65535 bytes/,
	},
];

for (const { name, parts, code, says } of misfits)
	test(`not sealed: ${name}`, (t) => {
		const folder = temporaryFolder();
		writeDraftPackage(folder, parts());
		const error = t.throws(() => sealPackage(folder), { instanceOf: PhleboxError, code });
		t.regex(error.message, says);
		t.true(error.message.startsWith(folder), error.message);
		t.deepEqual(readdirSync(folder).sort(), ['golden.u8', 'manifest.json', 'model.onnx']);
		t.log(error.message.replace(folder, '...'));
	});

test('sealing fills hashes and golden answers, keeps the rest, and the package loads', (t) => {
	const folder = makeTinyPackage();
	const manifest = readManifest(folder);
	const { sha256, ...rest } = manifest;
	t.deepEqual(rest, tinyManifest() as typeof rest);
	t.is(sha256.model, sha256Of(readFileSync(join(folder, 'model.onnx'))));
	t.is(readFileSync(join(folder, 'golden.f32')).length, 4 * 4 * 7);
	const loaded = loadModelPackage(folder, memory);
	t.deepEqual(loaded.manifest, manifest);
	t.is(loaded.model.version, '1.0.0');
	loaded.model.close();
});

test('a variant is sealed with golden answers of its own', (t) => {
	const folder = makeTinyPackage({ variant: paleGraph() });
	const { sha256, variants } = readManifest(folder);
	t.deepEqual(variants, [tinyVariant]);
	const bytes = (name: string) => readFileSync(join(folder, name));
	t.deepEqual(sha256.variants, [
		{ model: sha256Of(bytes(tinyVariant.model)), goldenOutputs: sha256Of(bytes(tinyVariant.goldenOutputs)) },
	]);
	t.is(sha256.goldenOutputs, readManifest(makeTinyPackage()).sha256.goldenOutputs, 'those of model.onnx are as ever');
	t.notDeepEqual(bytes('golden.f32'), bytes(tinyVariant.goldenOutputs));
	const once = bytes('manifest.json');
	sealPackage(folder);
	t.deepEqual(bytes('manifest.json'), once, 'sealed again it is the same');
});

for (const [what, variant, code, says] of [
	[
		'says something else of a golden image',
		paleGraph(-1),
		'model-golden-failed',
		/model-int8\.onnx: golden image 0 is \w+ \w+, to model\.onnx sfj open/,
	],
	[
		'has other outputs',
		{ ...tinyGraph(), outputs: tinyGraph().outputs.slice(0, 2) },
		'model-mismatch',
		/model-int8\.onnx: the graph has no output "next_state"/,
	],
] as const)
	test(`not sealed: a variant that ${what}`, (t) => {
		const folder = temporaryFolder();
		writeDraftPackage(folder, { variant });
		const { message } = t.throws(() => sealPackage(folder), { instanceOf: PhleboxError, code });
		t.regex(message, says);
		t.true(message.startsWith(folder), message);
	});

test('every graph of a package is proved for who gives it on, on a box those it runs', (t) => {
	const folder = makeTinyPackage({ variant: paleGraph() });
	t.deepEqual(proveEveryGraph(folder), readManifest(folder));
	const bytes = Buffer.from('not a network at all');
	writeFileSync(join(folder, 'model.onnx'), bytes);
	changeManifest(folder, (manifest) => {
		manifest.sha256.model = sha256Of(bytes);
	});
	loadModelPackage(folder, memory).model.close();
	t.throws(() => proveEveryGraph(folder), { code: 'model-invalid', message: /model\.onnx does not run/ });
});

test('not sealed: a variant whose graph is missing', (t) => {
	const folder = temporaryFolder();
	writeDraftPackage(folder, { manifest: { ...tinyManifest(), variants: [tinyVariant] } });
	t.throws(() => sealPackage(folder), { code: 'model-invalid', message: /model-int8\.onnx is missing/ });
});

test('a sealed manifest may be laid out anew', (t) => {
	const folder = makeTinyPackage();
	const reversed = Object.fromEntries(Object.entries(manifestOf(folder)).reverse());
	writeFileSync(join(folder, 'manifest.json'), JSON.stringify(reversed, null, 7));
	loadModelPackage(folder, memory).model.close();
	t.pass();
});

test('a draft need not name its golden outputs', (t) => {
	const folder = temporaryFolder();
	const { outputs, ...golden } = tinyManifest().golden;
	writeDraftPackage(folder, { manifest: { ...tinyManifest(), golden } });
	t.is(sealPackage(folder).golden.outputs, outputs);
});

test('a sealed package that was changed on purpose can be sealed again', (t) => {
	const folder = makeTinyPackage();
	changeManifest(folder, (manifest) => {
		manifest.outputs.vein.temperature = 3;
		manifest.version = '1.0.1';
	});
	t.throws(() => loadModelPackage(folder, memory), { code: 'model-golden-failed' });
	sealPackage(folder);
	const { model } = loadModelPackage(folder, memory);
	t.is(model.version, '1.0.1');
	model.close();
});
