import test from 'ava';
import fc from 'fast-check';
import { createFreeze, stepFreeze } from '../../src/screen/freeze.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';

const options = screenDefaults.freeze;

/** Plays frames given as [milliseconds since the one before, fresh] and tells after each whether the picture stands. */
function play(frames: readonly (readonly [number, boolean])[]): boolean[] {
	const freeze = createFreeze();
	let timeMs = 5000;
	return frames.map(([gapMs, fresh]) => {
		timeMs += gapMs;
		stepFreeze(freeze, fresh, { timestampMs: timeMs }, options);
		return freeze.standing;
	});
}

const live = Array.from({ length: options.liveAfterImages }, () => [40, true] as const);

test('a picture is not live before its first images', (t) => {
	t.deepEqual(play(live), [true, true, false]);
});

test('the gaps between the images of a slow scanner are no freeze', (t) => {
	const slow = Array.from({ length: 40 }, (_, i) => [16, i % 5 === 0] as const);
	t.false(
		play([...live, ...slow])
			.slice(live.length)
			.includes(true),
	);
});

test('a picture that stands longer than the limit is frozen', (t) => {
	const stands = play([...live, ...Array.from({ length: 30 }, () => [options.frozenAfterMs / 20, false] as const)]);
	t.false(stands[live.length + 19]);
	t.true(stands[live.length + 20]);
	t.true(stands.at(-1));
});

test('single new images on a frozen picture do not make it live', (t) => {
	const now = [options.frozenAfterMs + 1, true] as const;
	t.true(play([...live, now, [40, false], now, [40, false], now]).at(-1));
});

test('a gap without frames is a stand: what happened meanwhile is not known', (t) => {
	t.true(play([...live, [options.frozenAfterMs + 1, true]]).at(-1));
});

test('time that runs backwards is a stand', (t) => {
	t.true(play([...live, [-40, true]]).at(-1));
	t.true(play([...live, [1, false], [-1, false]]).at(-1), 'also among repeated frames');
});

test('live means: enough new images in a row, none farther from the next, nor from now, than the limit', (t) => {
	const frame = fc.tuple(fc.integer({ min: -50, max: options.frozenAfterMs * 2 }), fc.boolean());
	fc.assert(
		fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
			const stands = play(frames);
			frames.forEach((_, i) => {
				// Looks back from frame i at the times of the new images, as long as no gap is too long.
				let images = 0;
				let age = 0;
				for (let j = i; j >= 0; j--) {
					if (frames[j]![1]) {
						images++;
						age = 0;
					}
					age += frames[j]![0];
					if (age > options.frozenAfterMs || age < 0) break;
				}
				if (images < options.liveAfterImages && !stands[i]) throw new Error(`live at ${i} with ${images} images`);
			});
		}),
	);
	t.pass();
});
