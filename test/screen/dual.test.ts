import test from 'ava';
import fc from 'fast-check';
import { createDual, type Half, stepDual } from '../../src/screen/dual.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';

const options = screenDefaults.dual;
const blocks = 100;

/** Plays images 60 ms apart given as the blocks that changed left and right; tells after each which half runs alone. */
function play(images: readonly (readonly [left: number, right: number])[], isPicture = true): (Half | null)[] {
	const dual = createDual();
	return images.map(([left, right], i) => {
		stepDual(dual, { left, right, blocks }, () => isPicture, { timestampMs: 1000 + 60 * i }, options);
		return dual.running;
	});
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const enough = Math.ceil(options.afterMs / 60) + 1;

test('a half that runs alone for long enough is the running one of two', (t) => {
	t.is(play(times(enough, [60, 0])).at(-1), 'left');
	t.is(play(times(enough, [0, 60])).at(-1), 'right');
	t.is(play(times(enough - 1, [60, 0])).at(-1), null);
});

test('beside a dark half, a single picture runs', (t) => {
	t.is(play(times(40, [60, 0]), false).at(-1), null);
});

test('one block that changes on the other side makes it a single picture at once', (t) => {
	t.deepEqual(play([...times(enough, [60, 0] as const), [60, 1]]).slice(-2), ['left', null]);
});

test('images that change little say nothing', (t) => {
	t.is(play(times(60, [10, 0])).at(-1), null);
	t.is(play([...times(enough, [60, 0] as const), ...times(5, [3, 0] as const)]).at(-1), 'left');
});

test('when the other half takes over, it is known anew', (t) => {
	const said = play([...times(enough, [60, 0] as const), ...times(enough, [0, 60] as const)]);
	t.is(said[enough], null);
	t.is(said.at(-1), 'right');
});

test('whatever comes: a half runs alone only when the other one has not changed for that long', (t) => {
	const count = fc.constantFrom(0, 0, 1, 30, 80);
	// Stretches of like images, so that some are long enough.
	const stretch = fc.tuple(count, count, fc.integer({ min: 1, max: 30 }));
	let known = 0;
	fc.assert(
		fc.property(fc.array(stretch, { maxLength: 10 }), (stretches) => {
			const images = stretches.flatMap(([left, right, length]) => times(length, [left, right] as const));
			play(images).forEach((running, i) => {
				if (running === null) return;
				known++;
				const still = running === 'left' ? 1 : 0;
				// Back in time from here.
				let first = i;
				while (first > 0 && images[first - 1]![still] === 0) first--;
				t.is(images[i]![still], 0);
				t.true((i - first) * 60 >= options.afterMs - 1e-9);
				const ran = images.slice(first, i + 1).filter((image) => image[1 - still]! >= options.runningShare * blocks);
				t.true(ran.length >= options.images);
			});
		}),
	);
	t.true(known > 0);
});
