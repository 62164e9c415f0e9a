import test from 'ava';
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
	found.start(options.samples, options.sampleEveryMs);
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
		blockDifference: () => 0,
		toBytes: () => {},
	};
	const found = new AreaSearch({ ...options, pixelsPerTurn: 480 * 20 }, screen.memory, counting);
	found.start(4, 45);
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
