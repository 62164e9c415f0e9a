import test from 'ava';
import fc from 'fast-check';
import { compareAreas, overlap, stepLayout } from '../../src/screen/layoutWatch.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';

const area = { x: 100, y: 100, width: 400, height: 300 };
const reach = 20;

for (const [what, found, rectangle, sector] of [
	['the same', area, 'same', 'same'],
	['off by less than the reach', { x: 115, y: 90, width: 390, height: 325 }, 'same', 'same'],
	['wider', { ...area, width: 450 }, 'grown', 'grown'],
	['reaching farther left', { ...area, x: 60, width: 440 }, 'grown', 'grown'],
	['deeper', { ...area, height: 360 }, 'grown', 'grown'],
	['narrower', { ...area, x: 150, width: 300 }, 'shrunk', 'same'],
	['beginning lower', { ...area, y: 150, height: 250 }, 'shrunk', 'same'],
	['less deep, as with a probe in air', { ...area, height: 60 }, 'same', 'same'],
	['elsewhere', { x: 300, y: 100, width: 400, height: 300 }, 'grown', 'grown'],
] as const)
	test(`a finding ${what} is ${rectangle} as a rectangle and ${sector} as a sector`, (t) => {
		t.is(compareAreas(area, found, 'rectangle', reach), rectangle);
		t.is(compareAreas(area, found, 'sector', reach), sector);
	});

test('the layout has changed after enough findings in a row, not before', (t) => {
	const options = { ...screenDefaults.layout, growsAfter: 2, shrinksAfter: 3 };
	const watch = { grown: 0, shrunk: 0 };
	const seen = ['grown', 'same', 'shrunk', 'shrunk', 'grown', 'shrunk', 'shrunk', 'same'] as const;
	t.false(seen.some((each) => stepLayout(watch, each, options)));
	t.false(stepLayout(watch, 'grown', options));
	t.true(stepLayout(watch, 'grown', options));
	Object.assign(watch, { grown: 0, shrunk: 0 });
	t.deepEqual(
		['shrunk', 'shrunk', 'shrunk'].map((each) => stepLayout(watch, each as 'shrunk', options)),
		[false, false, true],
	);
});

test('overlap is the same both ways, 1 for the same and 0 for apart', (t) => {
	const side = fc.integer({ min: 1, max: 500 });
	const roi = fc.record({ x: side, y: side, width: side, height: side });
	fc.assert(
		fc.property(roi, roi, (a, b) => {
			const both = overlap(a, b);
			return both === overlap(b, a) && both >= 0 && both <= 1 && overlap(a, a) === 1;
		}),
	);
	t.is(overlap(area, { ...area, x: 501 }), 0);
	t.is(overlap(area, { ...area, width: 200 }), 0.5);
});
