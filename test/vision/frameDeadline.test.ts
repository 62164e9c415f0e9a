import test from 'ava';
import fc from 'fast-check';
import type { Frame } from '../../src/capture/frame.ts';
import { createDeadline, longestRunCounted, stepDeadline } from '../../src/vision/frameDeadline.ts';

interface Step {
	/** Frames lost before this one. */
	lost: number;
	/** Since the frame before, milliseconds. */
	gapMs: number;
	/** From capture to light, milliseconds; NaN where it was not measured. */
	tookMs: number;
}

function play(steps: readonly Step[]) {
	const deadline = createDeadline();
	const runs = new Int32Array(longestRunCounted + 1);
	const size = { width: 1, height: 1, stride: 1, offset: 0, byteLength: 1 };
	const frame: Frame = { ...size, pixelFormat: 'GREY', sequence: 5, timestampMs: 1000 };
	const late: boolean[] = [];
	for (const { lost, gapMs, tookMs } of steps) {
		frame.sequence += 1 + lost;
		frame.timestampMs += gapMs;
		const before = deadline.misses;
		stepDeadline(deadline, frame, Float64Array.of(tookMs), 0, runs);
		late.push(deadline.misses > before);
	}
	return { deadline, runs, late };
}

const quick: Step = { lost: 0, gapMs: 20, tookMs: 12 };
const slow: Step = { lost: 0, gapMs: 20, tookMs: 21 };

test('a frame that takes longer than a frame time is late', (t) => {
	t.deepEqual(play([quick, quick, slow, quick]).late, [false, false, true, false]);
});

test('no frame is late before a frame time is known', (t) => {
	t.deepEqual(play([slow, { ...slow, lost: 2 }, slow]).late, [false, false, true]);
});

test('a frame after a gap is held against the frame time before it, not against the gap', (t) => {
	t.deepEqual(play([quick, quick, { lost: 5, gapMs: 120, tookMs: 60 }]).late, [false, false, true]);
});

test('another mode brings another frame time', (t) => {
	const half: Step = { lost: 0, gapMs: 40, tookMs: 30 };
	t.deepEqual(play([quick, quick, half, half]).late, [false, false, false, false]);
});

test('runs of misses are counted by length once they end, the longest together', (t) => {
	const times = (count: number, step: Step) => Array.from({ length: count }, () => step);
	const { runs, deadline } = play([
		quick,
		quick,
		...times(3, slow),
		quick,
		slow,
		quick,
		...times(90, slow),
		quick,
		slow,
	]);
	t.deepEqual(
		[...runs.entries()].filter(([, count]) => count > 0),
		[
			[1, 1],
			[3, 1],
			[longestRunCounted, 1],
		],
	);
	t.is(deadline.run, 1);
	t.is(deadline.misses, 95);
});

test('whatever comes: misses are the frames that were late, in runs that ended or go on', (t) => {
	const step = fc.record({
		lost: fc.constantFrom(0, 0, 0, 1, 7),
		gapMs: fc.constantFrom(0, 5, 16.5, 20, 40),
		tookMs: fc.constantFrom(1, 10, 18, 30, 100, Number.NaN),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const { deadline, runs, late } = play(steps);
			let frameMs = Number.NaN;
			const lengths: number[] = [];
			let run = 0;
			steps.forEach(({ lost, gapMs, tookMs }, i) => {
				if (i > 0 && lost === 0 && gapMs > 0) frameMs = gapMs;
				t.is(late[i], tookMs > frameMs);
				if (tookMs > frameMs) run++;
				else if (run > 0) lengths.push(run);
				if (!(tookMs > frameMs)) run = 0;
			});
			const counted = [...runs].flatMap((count, length) => Array.from({ length: count }, () => length));
			const capped = lengths.map((length) => Math.min(length, longestRunCounted)).sort((a, b) => a - b);
			t.deepEqual(counted, capped);
			t.is(deadline.run, run);
			t.is(deadline.misses, late.filter(Boolean).length);
		}),
	);
});
