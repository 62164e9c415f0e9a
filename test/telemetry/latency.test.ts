import test from 'ava';
import fc from 'fast-check';
import { countedSince, LatencyWindow, latencyOf } from '../../src/telemetry/latency.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

const bounds = [1, 2, 4, 8];

test('percentiles are the bounds that so many frames did not exceed', (t) => {
	t.deepEqual(latencyOf([50, 49, 1, 0, 0], bounds), { frames: 100, p50Ms: 1, p99Ms: 2, maxMs: 4, beyond: 0 });
	t.deepEqual(latencyOf([49, 50, 0, 1, 0], bounds), { frames: 100, p50Ms: 2, p99Ms: 2, maxMs: 8, beyond: 0 });
	t.deepEqual(latencyOf([0, 0, 1, 0, 0], bounds), { frames: 1, p50Ms: 4, p99Ms: 4, maxMs: 4, beyond: 0 });
	t.is(latencyOf([0, 0, 0, 0, 0], bounds), null);
});

test('frames slower than the last bound are counted, not hidden', (t) => {
	t.deepEqual(latencyOf([97, 0, 0, 0, 3], bounds), { frames: 100, p50Ms: 1, p99Ms: 8, maxMs: 8, beyond: 3 });
});

test('no figure is better than the truth', (t) => {
	fc.assert(
		fc.property(
			fc.array(fc.double({ min: 0.01, max: 7.99, noNaN: true }), { minLength: 1, maxLength: 300 }),
			(times) => {
				const counts = new Int32Array(5);
				for (const time of times) counts[bounds.findIndex((bound) => time <= bound)]! += 1;
				const sorted = times.toSorted((a, b) => a - b);
				const exact = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
				const { p50Ms, p99Ms, maxMs } = latencyOf(counts, bounds)!;
				for (const [said, share] of [
					[p50Ms, 0.5],
					[p99Ms, 0.99],
					[maxMs, 1],
				] as const) {
					t.true(said >= exact(share));
					t.true(said === 1 || said / 2 <= exact(share));
				}
			},
		),
	);
});

test('counts are since the last look, over a wrap at 32 bits and over a new beginning', (t) => {
	t.deepEqual([...countedSince(Int32Array.of(5, 7), Int32Array.of(6, 7))], [1, 0]);
	t.deepEqual([...countedSince(Int32Array.of(2 ** 31 - 1, 0), Int32Array.of(-(2 ** 31) + 1, 0))], [2, 0]);
	t.deepEqual([...countedSince(Int32Array.of(50, 7), Int32Array.of(3, 1))], [3, 1]);
});

test('a window measures from its beginning, and all of a board that came later', (t) => {
	const board = new StatusBoard(['sfj']);
	const window = new LatencyWindow();
	board.histogram[10] = 100;
	window.begin(board);
	t.is(window.figures(board), null);
	board.histogram[20]! += 3;
	t.is(window.figures(board)!.frames, 3);
	t.is(window.figures(null), null);
	const restarted = new StatusBoard(['sfj']);
	restarted.histogram[5] = 2;
	t.is(window.figures(restarted)!.frames, 2);
});
