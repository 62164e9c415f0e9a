import test from 'ava';
import fc from 'fast-check';
import { createColour, stepColour } from '../../src/screen/colour.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';

const options = screenDefaults.colour;

function play(frames: readonly (readonly [gapMs: number, coloured: boolean])[]): boolean[] {
	const colour = createColour();
	let timestampMs = 1000;
	return frames.map(([gapMs, coloured]) => {
		timestampMs += gapMs;
		stepColour(colour, coloured, { timestampMs }, options);
		return colour.on;
	});
}

test('the first coloured image says it, and a pause between two heartbeats does not take it back', (t) => {
	t.deepEqual(
		play([
			[40, false],
			[40, true],
			[options.holdMs, false],
			[1, false],
			[40, false],
		]),
		[...[false, true, true, false, false]],
	);
});

test('whatever comes: colour is on exactly while it was seen within the time it is held', (t) => {
	const frame = fc.tuple(fc.integer({ min: 1, max: 900 }), fc.boolean());
	fc.assert(
		fc.property(fc.array(frame, { maxLength: 80 }), (frames) => {
			const on = play(frames);
			let age = Number.POSITIVE_INFINITY;
			frames.forEach(([gapMs, coloured], i) => {
				age = coloured ? 0 : age + gapMs;
				t.is(on[i], age <= options.holdMs);
			});
		}),
	);
});

test('time that runs backwards ends nothing', (t) => {
	t.deepEqual(
		play([
			[40, true],
			[-5000, false],
			[options.holdMs + 1, false],
		]),
		[true, true, false],
	);
});
