import test from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import { bench } from '../../src/evaluation/bench.ts';
import { latencyBounds } from '../../src/vision/statusBoard.ts';

const options = { width: 640, height: 480, pixelFormat: 'GREY', frames: 200, hz: 0 } as const;

test('what the box says of its timing agrees with the times themselves, to a bucket', (t) => {
	const { stages, wholeWay, box } = bench(loadConfig(null, {}), options);
	// One chunk: slow and fast are the same.
	t.is(wholeWay.slowChunks, wholeWay.fastChunks);
	t.true(Math.abs(wholeWay.slowChunks / wholeWay.framesPerSecond - 1) < 1e-9);
	t.is(box.latency!.frames, options.frames);
	const bucket = (ms: number) => latencyBounds.findIndex((bound) => ms <= bound);
	const said = (ms: number) => Math.round(latencyBounds[bucket(ms)]! * 100) / 100;
	const exact = Object.fromEntries([...stages, { name: 'whole', ...wholeWay }].map((each) => [each.name, each]));
	for (const [name, figures] of Object.entries({ ...box.stages, whole: box.latency })) {
		const { p50Ms, p99Ms, maxMs } = exact[name]!;
		const expected = [p50Ms, p99Ms, figures!.beyond > 0 ? latencyBounds.at(-1)! : maxMs].map(said);
		t.deepEqual([figures!.p50Ms, figures!.p99Ms, figures!.maxMs], expected, name);
	}
});

test('at the rate of a line the frames that were not taken are counted too', (t) => {
	const { line, box } = bench(loadConfig(null, {}), { ...options, frames: 100, hz: 240 });
	t.is(line!.hz, 240);
	t.true(line!.dropped >= 0);
	t.is(box.latency!.frames, 100);
	t.true(box.misses <= 100 && box.longestMissRun <= box.misses);
});

test('the floor is measured between the frames where it is asked for', (t) => {
	t.is(bench(loadConfig(null, {}), { ...options, frames: 100 }).floor, null);
	const { floor, wholeWay } = bench(loadConfig(null, {}), { ...options, frames: 100, floor: true });
	t.true(floor!.pixels.p50Ms > 0);
	for (const part of [floor!.kernel, floor!.network]) t.true(part.p50Ms > 0 && part.p50Ms < floor!.both.p50Ms);
	t.is(floor!.share, wholeWay.p50Ms / floor!.both.p50Ms);
});
