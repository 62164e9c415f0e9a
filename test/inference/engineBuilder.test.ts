import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { EngineBuilder } from '../../src/inference/engine/engineBuilder.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { StandInRuntime } from './standInRuntime.ts';
import { makeTinyPackage, temporaryFolder } from './tinyPackage.ts';

const program = fileURLToPath(new URL('playedBuild.js', import.meta.url));
const tiny = makeTinyPackage();

function builder(library: string | null, folder = temporaryFolder(), deadlineMs = 120_000, of = program) {
	const options = {
		library,
		providers: [{ name: 'tensorrt', options: { trt_fp16_enable: '1' } }, { name: 'cpu' }],
		engines: { folder, build: false },
	};
	return { options, builder: new EngineBuilder(options, of, deadlineMs) };
}

test('what another process has built is used here without building', async (t) => {
	const { builder: building, options } = builder(null);
	t.true(building.wanted);
	t.is(await building.build(tiny), null);
	const runtime = new StandInRuntime();
	const { model } = loadModelPackage(tiny, createFrameMemory(0), { ...options, library: runtime.given });
	t.is(model.provider, 'tensorrt');
	t.is(runtime.built, 0);
	model.close();
});

test('an engine that answers wrongly is not kept, and the reason is told', async (t) => {
	const { builder: building, options } = builder('wrong');
	t.regex((await building.build(tiny))!, /golden image/);
	t.deepEqual(readdirSync(options.engines.folder), []);
});

test('a build that crashes or does not end is told, and the next one is begun', async (t) => {
	t.regex((await builder('crash').builder.build(tiny))!, /ended with SIGSEGV/);
	t.regex((await builder('hang', undefined, 300).builder.build(tiny))!, /not built in 0\.3 s/);
	const { builder: stopped } = builder('hang');
	const told = stopped.build(tiny);
	const next = stopped.build(tiny);
	setTimeout(() => stopped.stop(), 100);
	t.regex((await told)!, /SIGKILL|stops/);
	t.is(await next, 'the box stops');
});

test('the real process says why a library without TensorRT builds nothing', async (t) => {
	const real = fileURLToPath(new URL('../../src/inference/engine/buildProcess.js', import.meta.url));
	t.regex((await builder(null, undefined, 120_000, real).builder.build(tiny))!, /tensorrt \(.*providers_shared/);
});

test('a box without TensorRT among its providers wants no engines', (t) => {
	t.false(new EngineBuilder({ providers: [{ name: 'cpu' }], engines: { folder: '/nowhere', build: false } }).wanted);
});
