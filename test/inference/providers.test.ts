import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import type { EngineOptions, ProviderChoice } from '../../src/inference/options.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { sha256Of } from '../../src/inference/package/packageFile.ts';
import { StandInRuntime } from './standInRuntime.ts';
import { makeTinyPackage, paint, paleGraph, temporaryFolder, tinyVariant } from './tinyPackage.ts';

const memory = createFrameMemory(0);
const tensorrt: ProviderChoice = { name: 'tensorrt', options: { trt_fp16_enable: '1' } };
const cpu: ProviderChoice = { name: 'cpu' };
const tiny = makeTinyPackage();

/** Provider in use and reasons of the others; the network is run and closed. */
function load(library: string | null, providers: ProviderChoice[], engines: EngineOptions | null = null, of = tiny) {
	const { model } = loadModelPackage(of, memory, { library, providers, engines });
	model.run({ intervalMs: 0 });
	model.close();
	return { provider: model.provider, refused: model.refusedProviders };
}

test('options reach the C API as they are, each one, in their order', (t) => {
	const runtime = new StandInRuntime();
	const options = {
		trt_fp16_enable: '1',
		trt_max_workspace_size: '2147483648',
		device_id: '0',
		trt_timing_cache_path: '/var/lib/größer als ASCII',
		trt_dla_enable: '',
	};
	const { provider, refused } = load(runtime.given, [{ name: 'tensorrt', options }, cpu]);
	t.is(provider, 'tensorrt');
	t.deepEqual(refused, []);
	t.deepEqual(runtime.seen, [options]);
	t.deepEqual(Object.keys(runtime.seen[0]!), Object.keys(options));
});

test('a provider that fails at its first run is passed over with the reason, and the next one is in use', (t) => {
	const { provider, refused } = load(new StandInRuntime({ failsAtRun: true }).given, [tensorrt, cpu]);
	t.is(provider, 'cpu');
	t.like(refused, [{ provider: 'tensorrt' }]);
	t.regex(refused[0]!.reason, /no kernel image is available/);
});

test('a provider that runs and does not give the golden answers is passed over', (t) => {
	const { provider, refused } = load(new StandInRuntime({ answersWrongly: true }).given, [tensorrt, cpu]);
	t.is(provider, 'cpu');
	t.regex(refused[0]!.reason, /golden image 0, "sfj" is 0\.3\d+ instead of/);
});

test('a provider runs the variant that is for it, every other one model.onnx', (t) => {
	const both = makeTinyPackage({ variant: paleGraph() });
	const runtime = new StandInRuntime();
	const sureness = (asked: ProviderChoice) => {
		const { model } = loadModelPackage(both, memory, { library: runtime.given, providers: [asked] });
		const image = new Float32Array(memory.memory.buffer, model.inputOffset, 128 * 128);
		image.set(Float32Array.from(paint(0.9, 0.7), (grey) => grey / 255));
		const { veinConfidence } = model.run({ intervalMs: 0 });
		model.close();
		return veinConfidence;
	};
	// Both have given golden answers, which are not the same.
	t.true(sureness(tensorrt) > sureness(cpu) + 0.01);
});

test('a variant that does not give its golden answers is no reason to run model.onnx in its place', (t) => {
	const both = makeTinyPackage({ variant: paleGraph() });
	const golden = join(both, tinyVariant.goldenOutputs);
	writeFileSync(golden, readFileSync(join(both, 'golden.f32')));
	const manifest = JSON.parse(readFileSync(join(both, 'manifest.json'), 'utf8'));
	manifest.sha256.variants[0].goldenOutputs = manifest.sha256.goldenOutputs;
	writeFileSync(join(both, 'manifest.json'), JSON.stringify(manifest));
	t.throws(() => load(null, [cpu], null, both), {
		code: 'model-golden-failed',
		message: /model-int8\.onnx: golden image 1, "sfj" is/,
	});
	t.is(load(new StandInRuntime().given, [tensorrt, cpu], null, both).provider, 'tensorrt');
});

test('a variant is held against its own tolerance', (t) => {
	const both = makeTinyPackage({ variant: paleGraph() });
	const golden = join(both, tinyVariant.goldenOutputs);
	const spoil = (by: number) => {
		const answers = readFileSync(golden);
		answers.writeFloatLE(answers.readFloatLE(0) - by, 0);
		writeFileSync(golden, answers);
		const manifest = JSON.parse(readFileSync(join(both, 'manifest.json'), 'utf8'));
		manifest.sha256.variants[0].goldenOutputs = sha256Of(answers);
		writeFileSync(join(both, 'manifest.json'), JSON.stringify(manifest));
	};
	// That of model.onnx is 0.001.
	spoil(0.0015);
	t.is(load(null, [cpu], null, both).provider, 'cpu');
	spoil(0.001);
	t.throws(() => load(null, [cpu], null, both), { code: 'model-golden-failed', message: /tolerance 0\.002/ });
});

test('where no provider gives the golden answers the error says so', (t) => {
	const { given } = new StandInRuntime({ answersWrongly: true });
	t.throws(() => load(given, [tensorrt]), { code: 'runtime-failed', message: /tensorrt \(.*golden image 0/ });
});

test('the library inside onnxruntime-node has no TensorRT: that is the reason, with and without a cache of engines', (t) => {
	for (const engines of [null, { folder: temporaryFolder(), build: true }]) {
		const { provider, refused } = load(null, [tensorrt, cpu], engines);
		t.is(provider, 'cpu');
		t.regex(refused[0]!.reason, /TensorRt.*Failed to load library .*libonnxruntime_providers_shared/);
		t.falsy(refused[0]!.unbuilt);
	}
});

test('TensorRT without an engine is passed over until one is built, and then used without building', (t) => {
	const runtime = new StandInRuntime();
	const folder = join(temporaryFolder(), 'engines');
	const before = load(runtime.given, [tensorrt, cpu], { folder, build: false });
	t.is(before.provider, 'cpu');
	t.deepEqual(before.refused, [{ provider: 'tensorrt', reason: 'no engine was built for it yet', unbuilt: true }]);
	t.is(runtime.built, 0);
	t.is(load(runtime.given, [tensorrt], { folder, build: true }).provider, 'tensorrt');
	t.is(runtime.built, 1);
	t.deepEqual(load(runtime.given, [tensorrt, cpu], { folder, build: false }), { provider: 'tensorrt', refused: [] });
	t.is(runtime.built, 1);
	const [built, used] = runtime.seen;
	t.is(built!.trt_fp16_enable, '1');
	t.is(built!.trt_engine_cache_enable, '1');
	t.not(built!.trt_engine_cache_path, used!.trt_engine_cache_path);
	t.deepEqual(readdirSync(folder), [used!.trt_engine_cache_path!.slice(folder.length + 1)]);
});

test('an engine that does not give the golden answers is not kept', (t) => {
	const folder = temporaryFolder();
	const { provider } = load(new StandInRuntime({ answersWrongly: true }).given, [tensorrt, cpu], {
		folder,
		build: true,
	});
	t.is(provider, 'cpu');
	t.deepEqual(readdirSync(folder), []);
});

test('an engine that gave the golden answers once and no longer does is thrown away, and said to be built anew', (t) => {
	const folder = temporaryFolder();
	const runtime = new StandInRuntime();
	load(runtime.given, [tensorrt], { folder, build: true });
	Object.assign(runtime.play, { answersWrongly: true });
	const { refused } = load(runtime.given, [tensorrt, cpu], { folder, build: false });
	t.like(refused, [{ provider: 'tensorrt', unbuilt: true }]);
	t.regex(refused[0]!.reason, /its engine was thrown away: .*golden image/);
	t.deepEqual(readdirSync(folder), []);
});

for (const [what, change] of [
	['ONNX Runtime', { play: { version: '1.23.0' } }],
	['TensorRT', { play: { tensorRt: '100301' } }],
	['device', { play: { device: 'another board' } }],
	['option', { options: { trt_fp16_enable: '0' } }],
	['model', { other: true }],
] as const)
	test(`an engine is of no use with another ${what}`, (t) => {
		const folder = temporaryFolder();
		load(new StandInRuntime().given, [tensorrt], { folder, build: true });
		const runtime = new StandInRuntime('play' in change ? change.play : {});
		const wanted = 'options' in change ? { ...tensorrt, options: change.options } : tensorrt;
		const { provider, refused } = load(
			runtime.given,
			[wanted, cpu],
			{ folder, build: false },
			'other' in change ? otherModel() : tiny,
		);
		t.is(provider, 'cpu');
		t.like(refused, [{ unbuilt: true }]);
		t.is(runtime.built, 0);
	});

/** The tiny network, one byte longer. */
function otherModel(): string {
	const graph = readFileSync(join(tiny, 'model.onnx'));
	return makeTinyPackage({ graph: Buffer.concat([graph, producerName]) });
}

/** Field 2 of a ModelProto, the name of the program that made it: says nothing about the graph. */
const producerName = Buffer.from([0x12, 0x01, 0x78]);

for (const [what, spoil] of [
	[
		'one bit of the engine is another',
		(folder: string, engine: string) => writeFileSync(join(folder, engine), 'engine 2'),
	],
	['the engine is empty', (folder: string, engine: string) => writeFileSync(join(folder, engine), '')],
	['a file has come', (folder: string) => writeFileSync(join(folder, 'another.engine'), 'x')],
	['the seal is cut short', (folder: string) => writeFileSync(join(folder, 'engine.json'), '{"schema":1')],
	['the seal is of another', (folder: string) => changeSeal(folder)],
] as const)
	test(`a cached engine is thrown away when ${what}, and can be built again`, (t) => {
		const folder = temporaryFolder();
		const runtime = new StandInRuntime();
		load(runtime.given, [tensorrt], { folder, build: true });
		const [name] = readdirSync(folder);
		const engine = readdirSync(join(folder, name!)).find((file) => file.endsWith('.engine'))!;
		spoil(join(folder, name!), engine);
		const { provider, refused } = load(runtime.given, [tensorrt, cpu], { folder, build: false });
		t.is(provider, 'cpu');
		t.regex(refused[0]!.reason, /^its engine was thrown away: /);
		t.true(refused[0]!.unbuilt);
		t.deepEqual(readdirSync(folder), []);
		t.is(load(runtime.given, [tensorrt], { folder, build: true }).provider, 'tensorrt');
		t.is(runtime.built, 2);
	});

function changeSeal(folder: string): void {
	const path = join(folder, 'engine.json');
	writeFileSync(path, readFileSync(path, 'utf8').replace('a board', 'a bored'));
}

test('engines of another machine and unfinished builds go when one is built', (t) => {
	const folder = temporaryFolder();
	load(new StandInRuntime({ tensorRt: '80600' }).given, [tensorrt], { folder, build: true });
	const [old] = readdirSync(folder);
	mkdirSync(join(folder, 'building-999999999-0123'));
	load(new StandInRuntime().given, [tensorrt], { folder, build: true });
	t.is(readdirSync(folder).length, 1);
	t.false(readdirSync(folder).includes(old!));
});

test('a configuration that names its own engine cache is left alone', (t) => {
	const runtime = new StandInRuntime();
	const folder = temporaryFolder();
	const own = temporaryFolder();
	const options = { trt_engine_cache_enable: '1', trt_engine_cache_path: own };
	t.is(load(runtime.given, [{ name: 'tensorrt', options }], { folder, build: false }).provider, 'tensorrt');
	t.deepEqual(runtime.seen, [options]);
	t.deepEqual(readdirSync(folder), []);
});

test('the same options in another order are the same engine', (t) => {
	const folder = temporaryFolder();
	const runtime = new StandInRuntime();
	const one = { name: 'tensorrt', options: { trt_fp16_enable: '1', device_id: '0' } };
	const other = { name: 'tensorrt', options: { device_id: '0', trt_fp16_enable: '1' } };
	load(runtime.given, [one], { folder, build: true });
	t.is(load(runtime.given, [other, cpu], { folder, build: false }).provider, 'tensorrt');
});

test('a folder that takes no engine is named, and the next provider is in use', (t) => {
	const file = join(temporaryFolder(), 'file');
	writeFileSync(file, '');
	const { provider, refused } = load(new StandInRuntime().given, [tensorrt, cpu], {
		folder: join(file, 'engines'),
		build: true,
	});
	t.is(provider, 'cpu');
	t.regex(refused[0]!.reason, /engines cannot be kept in .*set inference\.engineFolder/);
});
