import test from 'ava';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { OnnxModel } from '../../src/inference/onnxModel.ts';
import { openRuntime } from '../../src/inference/onnxRuntime/runtime.ts';
import { Session } from '../../src/inference/onnxRuntime/session.ts';
import { inferenceDefaults } from '../../src/inference/options.ts';
import type { DraftManifest } from '../../src/inference/package/manifest.ts';
import { oneGraph } from '../../src/inference/package/packageGraph.ts';
import { type GraphSpec, onnxFile } from './onnxFile.ts';
import { paint, tinyGraph, tinyGreys, tinyManifest } from './tinyPackage.ts';

const memory = createFrameMemory(0);
const side = 128;

function open(graph: GraphSpec = tinyGraph(), manifest: DraftManifest = tinyManifest()): OnnxModel {
	return OnnxModel.open(manifest, oneGraph(onnxFile(graph)), memory, inferenceDefaults);
}

function inputOf(model: OnnxModel): Float32Array {
	return new Float32Array(memory.memory.buffer, model.inputOffset, model.inputWidth * model.inputHeight);
}

function show(model: OnnxModel, above: number, below: number): void {
	inputOf(model).set(Array.from(paint(above, below), (grey) => grey / 255));
}

function noise(seed: number, count: number): number[] {
	let word = seed;
	return Array.from({ length: count }, () => {
		word = (Math.imul(word, 1664525) + 1013904223) | 0;
		return (word >>> 8) / 2 ** 24;
	});
}

function softmax(values: ArrayLike<number>, temperature: number): number[] {
	const powers = Array.from(values, (value) => Math.exp(value / temperature));
	const sum = powers.reduce((a, b) => a + b);
	return powers.map((power) => power / sum);
}

/** A convolution, a rectifier, and a state that is mixed in non-linearly: more operators than the tiny network has. */
function convolutionalGraph(): GraphSpec {
	const signed = (seed: number, count: number) => noise(seed, count).map((value) => value - 0.5);
	return {
		...tinyGraph(),
		nodes: [
			{
				op: 'Conv',
				inputs: ['image', 'kernel'],
				outputs: ['maps'],
				attributes: { kernel_shape: [8, 8], strides: [8, 8] },
			},
			{ op: 'Relu', inputs: ['maps'], outputs: ['rectified'] },
			{ op: 'GlobalAveragePool', inputs: ['rectified'], outputs: ['pooled'] },
			{ op: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
			{ op: 'Concat', inputs: ['flat', 'interval', 'state'], outputs: ['features'], attributes: { axis: 1 } },
			{ op: 'Gemm', inputs: ['features', 'a'], outputs: ['landmark'] },
			{ op: 'Gemm', inputs: ['features', 'b'], outputs: ['vein'] },
			{ op: 'Gemm', inputs: ['features', 'c'], outputs: ['mixed'] },
			{ op: 'Tanh', inputs: ['mixed'], outputs: ['next_state'] },
		],
		weights: {
			kernel: { shape: [4, 1, 8, 8], values: signed(1, 256) },
			a: { shape: [13, 3], values: signed(2, 39) },
			b: { shape: [13, 4], values: signed(3, 52) },
			c: { shape: [13, 8], values: signed(4, 104) },
		},
	};
}

for (const [name, graph] of [
	['the tiny network', tinyGraph()],
	['a convolutional network', convolutionalGraph()],
] as const)
	test(`${name} answers as it does through the binding of onnxruntime-node, image after image`, async (t) => {
		const manifest = tinyManifest();
		const oracle = await InferenceSession.create(onnxFile(graph));
		const model = open(graph);
		let state = new Tensor('float32', new Float32Array(8), [1, 8]);
		for (let at = 0; at < 12; at++) {
			const image = Float32Array.from(noise(at + 5, side * side));
			const intervalMs = at * 7;
			inputOf(model).set(image);
			const answer = model.run({ intervalMs });
			const truth = await oracle.run({
				image: new Tensor('float32', image, [1, 1, side, side]),
				interval: new Tensor('float32', [intervalMs / 1000], [1, 1]),
				state,
			});
			state = truth.next_state as typeof state;
			for (const [head, found] of [
				['landmark', answer.landmarkProbabilities],
				['vein', answer.veinProbabilities],
			] as const) {
				const { temperature } = manifest.outputs[head];
				const expected = softmax(truth[head]!.data as Float32Array, temperature);
				for (const [i, probability] of expected.entries()) t.true(Math.abs(probability - found[i]!) < 1e-5);
			}
		}
		model.close();
		await oracle.release();
	});

test('names, types and shapes are those that the binding of onnxruntime-node reports', async (t) => {
	const graph = tinyGraph();
	graph.inputs[2] = { name: 'state', shape: ['batch', 8] };
	const oracle = await InferenceSession.create(onnxFile(graph));
	const session = Session.open(openRuntime(), onnxFile(graph), { name: 'cpu' }, 1);
	for (const [found, expected] of [
		[session.inputs, oracle.inputMetadata],
		[session.outputs, oracle.outputMetadata],
	] as const)
		t.deepEqual(
			found,
			expected.map((tensor) => ({
				name: tensor.name,
				type: 1,
				shape: tensor.isTensor ? tensor.shape.map((length) => (typeof length === 'number' ? length : -1)) : [],
			})),
		);
	session.close();
	await oracle.release();
});

test('the answer is the label whose probability is highest', (t) => {
	const model = open();
	for (const [landmark, above] of Object.entries(tinyGreys.landmark))
		for (const [vein, below] of Object.entries(tinyGreys.vein)) {
			show(model, above, below);
			const answer = model.run({ intervalMs: 0 });
			t.is(answer.landmark, landmark);
			t.is(answer.vein, vein as typeof answer.vein);
			t.is(answer.landmarkConfidence, Math.max(...answer.landmarkProbabilities));
			t.is(answer.veinConfidence, Math.max(...answer.veinProbabilities));
			t.true(answer.veinConfidence > 0.9);
		}
	t.deepEqual(model.landmarks, ['sfj', 'fv']);
	model.close();
});

test('state is carried from image to image and forgotten by reset', (t) => {
	const model = open();
	show(model, 0.7, 0.5);
	const answers = () => [0, 40, 40].map((ms) => Array.from(model.run({ intervalMs: ms }).landmarkProbabilities));
	const first = answers();
	t.notDeepEqual(first[1], first[2]);
	t.notDeepEqual(answers(), first);
	model.reset();
	t.deepEqual(answers(), first);
	// An odd number of runs, so that the reset also has to bring the two places of the state back in order.
	model.reset();
	t.deepEqual(answers(), first);
	model.close();
});

test('the interval reaches the network in seconds', (t) => {
	const graph = tinyGraph();
	graph.nodes[3] = { op: 'Mul', inputs: ['interval', 'thousand'], outputs: ['landmark'] };
	graph.weights!.thousand = { shape: [1, 3], values: [1, -1, 0] };
	const manifest = tinyManifest();
	manifest.outputs.landmark.temperature = 1;
	const model = open(graph, manifest);
	const expected = softmax([0.25, -0.25, 0], 1);
	for (const [i, probability] of Array.from(model.run({ intervalMs: 250 }).landmarkProbabilities).entries())
		t.true(Math.abs(probability - expected[i]!) < 1e-6);
	model.close();
});

/** A network that looks at one image at a time: no interval, no state. */
function stateless(): { graph: GraphSpec; manifest: DraftManifest } {
	const graph = tinyGraph();
	graph.inputs.splice(1);
	graph.outputs.splice(2);
	graph.nodes.splice(5);
	graph.nodes[2] = { op: 'Concat', inputs: ['means', 'rest'], outputs: ['features'], attributes: { axis: 1 } };
	graph.weights!.rest = { shape: [1, 9], values: new Array(9).fill(0) };
	const manifest = tinyManifest();
	delete manifest.interval;
	manifest.state = [];
	return { graph, manifest };
}

test('a network without state and interval runs', (t) => {
	const { graph, manifest } = stateless();
	const model = open(graph, manifest);
	show(model, 0.5, 0.36);
	const first = Array.from(model.run({ intervalMs: 33 }).veinProbabilities);
	const { landmark, vein, veinProbabilities } = model.run({ intervalMs: 33 });
	t.is(landmark, 'fv');
	t.is(vein, 'closed');
	t.deepEqual(Array.from(veinProbabilities), first);
	model.close();
});

test('a value that is no number is an error, and the image after it is judged again', (t) => {
	const model = open();
	show(model, 0.9, 0.9);
	inputOf(model)[5] = Number.NaN;
	t.throws(() => model.run({ intervalMs: 0 }), { code: 'runtime-failed', message: /no number/ });
	show(model, 0.9, 0.9);
	t.is(model.run({ intervalMs: 0 }).vein, 'open');
	model.close();
});

for (const [head, at] of [
	['landmark', 3],
	['vein', 4],
] as const)
	test(`a ${head} that is no number is an error`, (t) => {
		const graph = tinyGraph();
		graph.nodes[at] = { op: 'Log', inputs: ['minus'], outputs: [head] };
		graph.weights!.minus = { shape: [1, at], values: new Array(at).fill(-1) };
		const model = open(graph);
		t.throws(() => model.run({ intervalMs: 0 }), { code: 'runtime-failed', message: /no number/ });
		model.close();
	});

test('a closed model says so instead of running, and may be closed again', (t) => {
	const model = open();
	model.close();
	model.close();
	t.throws(() => model.run({ intervalMs: 0 }), { code: 'runtime-failed', message: /closed/ });
});

test('models that come and go use the same room, and two at a time do not share it', (t) => {
	const small = createFrameMemory(0);
	const openHere = () => OnnxModel.open(tinyManifest(), oneGraph(onnxFile(tinyGraph())), small, inferenceDefaults);
	const first = openHere();
	const second = openHere();
	t.true(Math.abs(first.inputOffset - second.inputOffset) >= side * side * 4);
	second.close();
	for (let turn = 0; turn < 60; turn++) {
		const next = openHere();
		t.not(next.inputOffset, first.inputOffset);
		next.close();
	}
	t.throws(
		() => {
			for (let turn = 0; turn < 60; turn++) openHere();
		},
		{ instanceOf: RangeError },
	);
});

test('20,000 runs leave nothing behind', (t) => {
	const model = open();
	const turn = (count: number) => {
		for (let i = 0; i < count; i++) model.run({ intervalMs: 33 });
	};
	turn(3000);
	const before = process.memoryUsage();
	turn(20_000);
	const after = process.memoryUsage();
	const [heap, rss] = [after.heapUsed - before.heapUsed, after.rss - before.rss];
	t.log(`heap grew by ${(heap / 1024).toFixed(0)} KiB, RSS by ${(rss / 1024).toFixed(0)} KiB`);
	t.true(heap < 4 * 1024 * 1024);
	t.true(rss < 32 * 1024 * 1024);
	model.close();
});

// A session that is not released costs about 150 KiB.
test('300 models that come and go leave nothing behind', (t) => {
	const turn = () => {
		for (let i = 0; i < 300; i++) open().close();
	};
	turn();
	const before = process.memoryUsage().rss;
	turn();
	const rss = process.memoryUsage().rss - before;
	t.log(`RSS grew by ${(rss / 1024).toFixed(0)} KiB`);
	t.true(rss < 20 * 1024 * 1024);
});
