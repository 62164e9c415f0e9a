import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { PhleboxError } from '../../src/errors.ts';
import { OnnxModel } from '../../src/inference/onnxModel.ts';
import { findLibrary } from '../../src/inference/onnxRuntime/library.ts';
import { openRuntime } from '../../src/inference/onnxRuntime/runtime.ts';
import { inferenceDefaults, type ProviderChoice } from '../../src/inference/options.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { oneGraph } from '../../src/inference/package/packageGraph.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { onnxFile } from './onnxFile.ts';
import { makeTinyPackage, temporaryFolder, tinyGraph, tinyManifest } from './tinyPackage.ts';

const memory = createFrameMemory(0);

function openWith(providers: ProviderChoice[]): OnnxModel {
	return OnnxModel.open(tinyManifest(), oneGraph(onnxFile(tinyGraph())), memory, { ...inferenceDefaults, providers });
}

test('the runtime inside onnxruntime-node is found and names its version', (t) => {
	t.regex(openRuntime().version, /^1\.\d+\.\d+$/);
	t.is(openRuntime(), openRuntime(findLibrary()));
});

const folder = temporaryFolder();
const noLibrary = join(folder, 'libonnxruntime.so.1');
writeFileSync(noLibrary, 'no library');
mkdirSync(join(folder, 'folder'));

for (const [fault, path] of [
	['is missing', join(folder, 'missing.so')],
	['is a folder', join(folder, 'folder')],
	['is no library', noLibrary],
] as const)
	test(`a runtime library that ${fault} is named in one line, and the CPU of the shipped one is in use`, (t) => {
		const tiny = makeTinyPackage();
		const providers = [{ name: 'tensorrt' }, { name: 'cuda' }];
		const error = t.throws(() => loadModelPackage(tiny, memory, { library: path, providers }), {
			instanceOf: PhleboxError,
			code: 'runtime-missing',
		});
		t.true(error.message.includes(path), error.message);
		t.false(error.message.includes('\n'));
		const withCpu = [...providers, { name: 'cpu' }];
		const { model } = loadModelPackage(tiny, memory, { library: path, providers: withCpu });
		t.is(model.provider, 'cpu');
		t.deepEqual(
			model.refusedProviders,
			withCpu.map(({ name: provider }) => ({ provider, reason: error.message })),
		);
		model.close();
	});

test('a library whose functions are not those of the runtime is refused', (t) => {
	const other = process.report.getReport() as unknown as { sharedObjects: string[] };
	const libc = other.sharedObjects.find((path) => /libc\.so/.test(path))!;
	t.throws(() => openRuntime(libc), { code: 'runtime-missing', message: /OrtGetApiBase/ });
});

test('the runtime reports to nobody: no device id, no events, no connection', (t) => {
	const home = temporaryFolder();
	// In continuous integration, which this variable tells, it reports nothing anyway.
	const { CI: _, ...rest } = process.env;
	const env = { ...rest, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), ORT_DISABLE_TELEMETRY: undefined };
	const child = shippedPath('build/test/inference/runtimeChild.js');
	const { stdout, stderr } = spawnSync(process.execPath, [child, makeTinyPackage()], { env, encoding: 'utf8' });
	t.is(stdout, 'ran\n', stderr);
	t.deepEqual(readdirSync(home), []);
});

test('a garbage collection between opening and running does no harm', (t) => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const model = openWith([{ name: 'cpu' }]);
	for (let turn = 0; turn < 5; turn++) {
		collect();
		t.notThrows(() => model.run({ intervalMs: 33 }));
	}
	model.close();
	t.notThrows(() => openWith([{ name: 'cpu' }]).close());
});

test('a provider that cannot be had is passed over with the reason, and the next one runs', (t) => {
	const model = openWith([
		{ name: 'tensorrt', options: { trt_fp16_enable: '1', trt_engine_cache_enable: '1' } },
		{ name: 'cuda' },
		{ name: 'abacus' },
		{ name: 'toString' },
		{ name: 'cpu' },
	]);
	t.is(model.provider, 'cpu');
	t.deepEqual(
		model.refusedProviders.map(({ provider }) => provider),
		['tensorrt', 'cuda', 'abacus', 'toString'],
	);
	for (const { reason } of model.refusedProviders) t.log(reason);
	t.regex(model.refusedProviders[0]!.reason, /TensorRT/i);
	t.regex(model.refusedProviders[1]!.reason, /CUDA/i);
	t.regex(model.refusedProviders[2]!.reason, /no provider/);
	t.regex(model.refusedProviders[3]!.reason, /no provider/);
	t.notThrows(() => model.run({ intervalMs: 0 }));
	model.close();
});

test('the first provider that runs is taken and the rest are not asked', (t) => {
	const model = openWith([{ name: 'cpu' }, { name: 'abacus' }]);
	t.deepEqual(model.refusedProviders, []);
	model.close();
});

test('without a provider that can run, the error names each and its reason', (t) => {
	const error = t.throws(() => openWith([{ name: 'abacus' }, { name: 'cuda' }]), { code: 'runtime-failed' });
	t.regex(error!.message, /abacus \(.*cuda \(/);
	t.throws(() => openWith([]), { code: 'runtime-failed', message: /none is configured/ });
});

test('a graph that does not fit the manifest is no fault of the provider', (t) => {
	const manifest = tinyManifest();
	manifest.outputs.vein.name = 'other';
	const providers = [{ name: 'cpu' }, { name: 'cpu' }];
	t.throws(
		() => OnnxModel.open(manifest, oneGraph(onnxFile(tinyGraph())), memory, { ...inferenceDefaults, providers }),
		{
			code: 'model-mismatch',
		},
	);
});

/** Loads and runs a package in a thread of its own, after what `first` does; then does what `last` does. */
function startWorker(folder: string, first = '', last = 'model.close();'): Worker {
	const module = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
	const code = `
		import { parentPort } from 'node:worker_threads';
		import koffi from ${JSON.stringify(import.meta.resolve('koffi'))};
		const { createFrameMemory } = await import(${module('capture/frameMemory.js')});
		const { loadModelPackage } = await import(${module('inference/package/modelPackage.js')});
		${first}
		const { model } = loadModelPackage(${JSON.stringify(folder)}, createFrameMemory(0));
		const { landmark } = model.run({ intervalMs: 0 });
		parentPort.postMessage(landmark);
		${last}`;
	return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { execArgv: [] });
}

function firstAnswer(worker: Worker): Promise<string> {
	return new Promise((resolve, reject) => {
		worker.once('message', resolve);
		worker.once('error', reject);
	});
}

test('threads load and run models beside each other, one after another, also after another library', async (t) => {
	const tiny = makeTinyPackage();
	const { model } = loadModelPackage(tiny, memory);
	const both = [startWorker(tiny), startWorker(tiny, "koffi.load('libc.so.6');")];
	t.deepEqual(await Promise.all(both.map(firstAnswer)), ['none', 'none']);
	t.is(model.run({ intervalMs: 0 }).landmark, 'none');
	t.is(await firstAnswer(startWorker(tiny)), 'none');
	t.is(model.run({ intervalMs: 0 }).landmark, 'none');
	model.close();
});

test('a thread that is ended amid its runs takes nothing with it', async (t) => {
	const tiny = makeTinyPackage();
	const { model } = loadModelPackage(tiny, memory);
	for (let turn = 0; turn < 2; turn++) {
		const worker = startWorker(tiny, '', 'for (;;) model.run({ intervalMs: 33 });');
		t.is(await firstAnswer(worker), 'none');
		await worker.terminate();
		t.is(model.run({ intervalMs: 0 }).landmark, 'none');
	}
	model.close();
});
