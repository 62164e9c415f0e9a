import test from 'ava';
import fc from 'fast-check';
import type { Observation } from '../../src/exam/observation.ts';
import { provesClosure } from './oracle.ts';
import { Play } from './play.ts';
import { away, closed, closing, observation, protocols, stream, streams } from './stream.ts';

// 20 ms apart: 11 closed images are 200 ms.
const open = [8] as [number];
const shut = [11, closed] as [number, Partial<Observation>];

const captured = (...parts: Parameters<typeof stream>): boolean => {
	const play = new Play();
	play.see(stream(...parts));
	return play.records.some((record) => record.kind === 'site');
};

test('open, then closed for 200 ms at one landmark is captured, on the image that completes the time', (t) => {
	const play = new Play();
	t.is(play.see(stream(open, [10, closed])).guidance, 'hold');
	const last = play.see([observation({ timeMs: play.turns.at(-1)!.timeMs + 20, ...closed })]);
	t.is(last.guidance, 'captured');
	t.is(last.site, 'sfj');
	t.like(last.records[0], { kind: 'site', atMs: last.timeMs, site: { outcome: 'captured', closedForMs: 200 } });
});

const counted: Record<string, Parameters<typeof stream>> = {
	'closing between open and closed': [open, [20, closing], shut],
	'a single uncertain image while the vein closes': [open, [1, { veinConfidence: 0.3 }], shut],
	'a repeat between the images': [open, [5, closed], [1, { ...closed, repeated: true }, 10], [6, closed]],
	'a closure interrupted by an open image, then long enough': [open, [9, closed], [1], shut],
	'confidences exactly at the thresholds': [
		[8, { landmarkConfidence: 0.7, veinConfidence: 0.7 }],
		[11, { ...closed, landmarkConfidence: 0.7, veinConfidence: 0.8 }],
	],
	'images 250 ms apart': [
		[3, {}, 250],
		[3, closed, 250],
	],
};
for (const [name, parts] of Object.entries(counted))
	test(`counts: ${name}`, (t) => {
		t.true(captured(...parts));
	});

const notCounted: Record<string, Parameters<typeof stream>> = {
	'a vein closed from the start': [[60, closed]],
	'a vein closed from the start with one stray open image': [[20, closed], [1], shut],
	'open for less than 100 ms': [[5], shut],
	'closed for less than 200 ms': [open, [10, closed]],
	'two images 220 ms apart': [open, [2, closed, 220]],
	'the open image seen after the closure': [shut, open],
	'closing for a long time': [open, [60, closing]],
	'an open image in the middle of the closure': [open, [6, closed], [1], [6, closed]],
	'a closing image in the middle of the closure': [open, [6, closed], [1, closing], [6, closed]],
	'an uncertain image in the middle of the closure': [
		open,
		[6, closed],
		[1, { ...closed, veinConfidence: 0.79 }],
		[6, closed],
	],
	'closed below the threshold': [open, [60, { ...closed, veinConfidence: 0.799 }]],
	'open below the threshold': [[8, { veinConfidence: 0.699 }], shut],
	'the landmark below its threshold': [open, [60, { ...closed, landmarkConfidence: 0.699 }]],
	'a confidence that is no number': [open, [60, { ...closed, veinConfidence: Number.NaN }]],
	'repeats instead of images': [open, [1, closed], [30, { ...closed, repeated: true }]],
	'open at one landmark, closed at the other': [open, [60, { ...closed, landmark: 'fv' }]],
	'one image without the landmark before the closure': [open, [1, away], shut],
	'one image without the landmark in the closure': [open, [6, closed], [1, away], [6, closed]],
	'one image without the vein before the closure': [open, [1, { vein: 'none' }], shut],
	'one image of the other landmark in the closure': [
		open,
		[6, closed],
		[1, { ...closed, landmark: 'fv' }],
		[6, closed],
	],
	'a gap of more than 250 ms before the closure': [open, [1, closed, 251], [10, closed]],
	'nothing but uncertain images for more than 250 ms': [open, [13, { veinConfidence: 0.5 }], shut],
	'a clock that jumps back': [open, [1, closed, -1], [10, closed]],
	'a clock that jumps forward': [open, [1, closed, 3_600_000], [10, closed]],
	'a clock that stands still': [open, [60, closed, 0]],
	'a time that is no number': [[8], [1, { ...closed, timeMs: Number.NaN }], [11, { ...closed }]],
	'a landmark that is none of the protocol': [
		[30, { landmark: 'pop' }],
		[60, { ...closed, landmark: 'pop' }],
	],
	...Object.fromEntries(
		(['no-device', 'no-cable', 'no-signal', 'no-lock', 'out-of-range', 'stuck', 'error'] as const).map((signal) => [
			`one turn of ${signal} in the pass`,
			[open, [1, { signal }], shut] as Parameters<typeof stream>,
		]),
	),
	...Object.fromEntries(
		(['frozen', 'colour', 'dual', 'not-ultrasound', 'layout-changed', 'no-roi'] as const).map((scene) => [
			`one ${scene} image in the closure`,
			[open, [6, closed], [1, { ...closed, scene }], [6, closed]] as Parameters<typeof stream>,
		]),
	),
};
for (const [name, parts] of Object.entries(notCounted))
	test(`does not count: ${name}`, (t) => {
		t.false(captured(...parts));
	});

test('a repeated frame adds no time, however old it gets', (t) => {
	const play = new Play();
	play.see(stream(open, [1, closed]));
	const start = play.turns.at(-1)!.timeMs;
	for (let ms = 16; ms < 240; ms += 16) play.see([observation({ timeMs: start + ms, ...closed, repeated: true })]);
	play.see([observation({ timeMs: start + 240, ...closed })]);
	t.is(play.turns.at(-1)!.guidance, 'hold', 'two images only: not enough to speak of a closure');
});

test('captured exactly when the history proves it: any stream, any rules', (t) => {
	let captures = 0;
	const property = fc.property(streams(), protocols, (history, rules) => {
		// A third site that never shows keeps the examination open, and nothing else ends it.
		const play = new Play({ ...rules, sites: ['sfj', 'fv', 'pop'], idleEndMs: 1e12, timeLimitMs: 1e12 });
		const found = new Map<string, number>();
		const expected = new Map<string, number>();
		for (const [i, o] of history.entries()) {
			for (const record of play.see([o]).records) if (record.kind === 'site') found.set(record.site.site, i);
			if (!expected.has(o.landmark) && provesClosure(history, i, play.protocol)) expected.set(o.landmark, i);
		}
		captures += expected.size;
		return JSON.stringify([...found]) === JSON.stringify([...expected]);
	});
	fc.assert(property, { numRuns: 1500 });
	t.log(`${captures} captures in 1500 streams`);
	t.true(captures > 500, 'the streams do reach captures');
});

test('the evidence of a capture names the images it rests on', (t) => {
	const play = new Play();
	play.see(
		stream(
			[8],
			[4, { ...closed, landmarkConfidence: 0.9 }],
			[1],
			[5, closing],
			[1, { ...closed, veinConfidence: 0.85 }],
			[1, { ...closed, landmarkConfidence: 0.8 }],
			[9, closed],
		),
	);
	const site = play.records.find((record) => record.kind === 'site')!;
	t.deepEqual(site, {
		kind: 'site',
		examination: 1,
		side: 'unknown',
		atMs: 1000 + 29 * 20,
		site: {
			site: 'sfj',
			outcome: 'captured',
			presses: 1,
			firstSeenMs: 1020,
			openMs: 1000 + 13 * 20,
			closedMs: 1000 + 19 * 20,
			capturedMs: 1000 + 29 * 20,
			closedForMs: 200,
			closedConfidence: 0.85,
			landmarkConfidence: 0.8,
			closedImages: 11,
		},
	});
});
