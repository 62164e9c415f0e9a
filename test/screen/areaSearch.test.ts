import test from 'ava';
import fc from 'fast-check';
import type { Frame, Roi } from '../../src/capture/frame.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { AreaSearch } from '../../src/screen/areaSearch.ts';
import { overlap } from '../../src/screen/layoutWatch.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { DrawnScreen } from './drawnScreen.ts';

const options = { ...screenDefaults.search, samples: 6, pixelsPerTurn: 60_000 };

/** Searches on a screen that `draw` changes before each turn; at most 200 turns of 50 ms. */
function search(screen: DrawnScreen, draw: (image: number) => void): AreaSearch {
	const found = new AreaSearch(options, screen.memory, new SimdKernel(screen.memory));
	found.start(options.samples, options.sampleEveryMs, false);
	for (let turn = 0; turn < 200; turn++) {
		draw(turn);
		if (found.turn(screen.at(turn * 50))) return found;
	}
	throw new Error('the search came to no verdict');
}

for (const [name, width, height, roi] of [
	['linear, in the middle', 480, 360, { x: 100, y: 40, width: 280, height: 260 }],
	['linear, wide, close to the header', 480, 360, { x: 70, y: 28, width: 370, height: 220 }],
	['linear, on an upright screen', 300, 420, { x: 66, y: 60, width: 180, height: 300 }],
] as const)
	test(`the scan area of a running screen is found to the pixel: ${name}`, (t) => {
		const screen = new DrawnScreen(width, height);
		screen.machine(roi);
		const found = search(screen, (image) => {
			screen.linear(roi, image);
			screen.clock(image >> 2);
		});
		t.true(found.found, found.reason);
		t.true(found.running);
		t.is(found.shape, 'rectangle');
		t.true(overlap(found.roi, roi) > 0.97, JSON.stringify(found.roi));
	});

test('a running sector is found with its dark corners', (t) => {
	const roi = { x: 70, y: 44, width: 360, height: 270 };
	const screen = new DrawnScreen(480, 360);
	screen.machine({ ...roi, width: roi.width + 20 });
	const found = search(screen, (image) => screen.sector(roi, image));
	t.is(found.shape, 'sector');
	t.true(overlap(found.roi, roi) > 0.9, JSON.stringify(found.roi));
});

test('a screen that is light around the scan is no obstacle', (t) => {
	const roi = { x: 100, y: 60, width: 280, height: 220 };
	const screen = new DrawnScreen(480, 360);
	screen.fill({ x: 0, y: 0, width: 480, height: 360 }, 188);
	screen.fill({ x: 92, y: 52, width: 296, height: 280 }, 16);
	const found = search(screen, (image) => screen.linear(roi, image));
	t.true(overlap(found.roi, roi) > 0.95, JSON.stringify(found.roi));
});

test('the scan area of a standing picture is found by its structure, but not at once', (t) => {
	for (const [kind, roi] of [
		['linear', { x: 100, y: 40, width: 280, height: 260 }],
		['sector', { x: 70, y: 44, width: 360, height: 270 }],
	] as const) {
		const screen = new DrawnScreen(480, 360);
		screen.machine({ ...roi, width: roi.width + 20 });
		screen[kind](roi, 1);
		let turns = 0;
		const found = search(screen, () => turns++);
		t.false(found.running);
		t.true(turns * 50 >= options.stillAfterMs);
		t.true(overlap(found.roi, roi) > 0.8, `${kind} ${JSON.stringify(found.roi)}`);
	}
});

for (const [what, draw, reason] of [
	['a black screen', () => {}, /nothing on the screen/],
	[
		'a page of text',
		(screen: DrawnScreen) => {
			for (let y = 8; y < 350; y += 16) screen.letters(8, y, 56, 230, y);
		},
		/nothing on the screen|too small/,
	],
	[
		'the near field of a probe in air',
		(screen: DrawnScreen, image: number) => screen.linear({ x: 100, y: 40, width: 280, height: 40 }, image),
		/put the probe on the skin/,
	],
] as const)
	test(`on ${what} nothing is found, and the reason says so`, (t) => {
		const screen = new DrawnScreen(480, 360);
		const found = search(screen, (image) => draw(screen, image));
		t.false(found.found);
		t.regex(found.reason, reason);
	});

test('a turn of the search has a bounded amount of work', (t) => {
	const roi = { x: 100, y: 40, width: 280, height: 260 };
	const screen = new DrawnScreen(480, 360);
	const kernel = new SimdKernel(screen.memory);
	let averages = 0;
	const counting = {
		areaAverage(frame: Frame, area: Roi, out: number, width: number, height: number) {
			averages++;
			kernel.areaAverage(frame, area, out, width, height);
		},
		toBytes: () => {},
	};
	const found = new AreaSearch({ ...options, pixelsPerTurn: 480 * 20 }, screen.memory, counting);
	found.start(4, 45, false);
	let turns = 0;
	do {
		screen.linear(roi, turns);
		const before = averages;
		turns++;
		if (found.turn(screen.at(turns * 50))) break;
		t.true(averages - before <= 1, 'one look at the whole screen a turn');
	} while (turns < 100);
	t.is(averages, 4);
	// 360 rows at 20 a turn, then a turn each to mark, label, conclude and place.
	t.is(turns, 18 + 4);
});

/** Verdicts of a search with early ones, at the looks that each rests on; 90 turns of 50 ms, a look each. */
function verdicts(places: (turn: number) => Roi | null): { turn: number; early: boolean; roi: Roi | null }[] {
	const screen = new DrawnScreen(480, 360);
	const found = new AreaSearch({ ...options, samples: 20 }, screen.memory, new SimdKernel(screen.memory));
	const said: { turn: number; early: boolean; roi: Roi | null }[] = [];
	found.start(20, options.sampleEveryMs, true);
	for (let turn = 0; turn < 90; turn++) {
		screen.fill({ x: 0, y: 0, width: 480, height: 360 }, 0);
		const place = places(turn);
		if (place) screen.linear(place, turn);
		if (!found.turn(screen.at(turn * 50))) continue;
		said.push({ turn, early: found.early, roi: found.found ? { ...found.roi } : null });
		if (!found.early) return said;
	}
	return said;
}

const here = { x: 60, y: 40, width: 200, height: 240 };
const there = { x: 250, y: 60, width: 200, height: 260 };

test('a running screen has an early verdict, and the whole search says the same later', (t) => {
	const said = verdicts(() => here);
	t.deepEqual(
		said.map(({ early }) => early),
		[true, false],
	);
	t.true(said[0]!.turn <= 14 && said[1]!.turn > 20, JSON.stringify(said));
	for (const { roi } of said) t.true(overlap(roi!, here) > 0.97, JSON.stringify(roi));
});

test('a screen that stands has no early verdict', (t) => {
	const screen = new DrawnScreen(480, 360);
	screen.machine(here);
	screen.linear(here, 1);
	const found = new AreaSearch({ ...options, samples: 20 }, screen.memory, new SimdKernel(screen.memory));
	found.start(20, options.sampleEveryMs, true);
	let turn = 0;
	while (!found.turn(screen.at(turn * 50))) turn++;
	t.false(found.early);
	t.true(turn * 50 >= options.stillAfterMs);
});

test('whatever moves where, an early verdict is where something ran', (t) => {
	const moment = fc.constantFrom(here, there, null);
	fc.assert(
		fc.property(fc.array(fc.tuple(moment, fc.integer({ min: 1, max: 8 })), { maxLength: 12 }), (scenes) => {
			const places = scenes.flatMap(([place, turns]) => Array.from({ length: turns }, () => place));
			while (places.length < 90) places.push(here);
			const early = verdicts((turn) => places[turn]!).find((each) => each.early);
			if (!early) return;
			const shown = places.slice(0, early.turn + 1);
			const known = [here, there].filter((place) => shown.includes(place));
			const whole = known.length === 2 ? union(here, there) : known[0]!;
			t.true(
				[...known, whole].some((place) => overlap(early.roi!, place) > 0.9),
				JSON.stringify(early),
			);
		}),
		{ numRuns: 12 },
	);
});

function union(a: Roi, b: Roi): Roi {
	const x = Math.min(a.x, b.x);
	const y = Math.min(a.y, b.y);
	return {
		...{ x, y },
		width: Math.max(a.x + a.width, b.x + b.width) - x,
		height: Math.max(a.y + a.height, b.y + b.height) - y,
	};
}
