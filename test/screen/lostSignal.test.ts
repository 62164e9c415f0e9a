import test from 'ava';
import fc from 'fast-check';
import { LostLook } from '../../src/screen/lostLook.ts';
import { createLostWatch, type Lost, stepLost } from '../../src/screen/lostSignal.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { DrawnScreen, hash } from './drawnScreen.ts';

const options = screenDefaults.lost;
const whole = { x: 0, y: 0, width: 400, height: 280 };
const roi = { x: 96, y: 40, width: 200, height: 180 };
const grey = 'nothing but one grey comes in';
const noise = 'nothing but noise comes in';

for (const [what, expected, draw] of [
	['a black screen', grey, () => undefined],
	['a blue screen', grey, (screen: DrawnScreen) => screen.fill(whole, 41)],
	[
		'a grey one with a little noise',
		grey,
		(screen: DrawnScreen) => screen.paint(whole, (x, y) => 40 + hash(x, y, 1) * 5),
	],
	['snow', noise, (screen: DrawnScreen) => screen.paint(whole, (x, y) => hash(x, y, 1) * 255)],
	['faint snow', noise, (screen: DrawnScreen) => screen.paint(whole, (x, y) => 100 + hash(x, y, 1) * 60)],
	[
		'a scan',
		'',
		(screen: DrawnScreen) => {
			screen.machine(roi);
			screen.linear(roi, 1);
		},
	],
	['a machine without a picture', '', (screen: DrawnScreen) => screen.machine(roi)],
	[
		'a page of text',
		'',
		(screen: DrawnScreen) => {
			for (let y = 10; y < 270; y += 14) screen.letters(10, y, 46, 230, y);
		},
	],
	['bars', '', (screen: DrawnScreen) => screen.paint(whole, (x) => (x >> 5) * 18)],
] as const)
	for (const format of ['GREY', 'YUYV', 'UYVY', 'NV12'] as const)
		test(`${what} in ${format}: ${expected === '' ? 'not lost' : expected}`, (t) => {
			const screen = new DrawnScreen(400, 280, format);
			draw(screen);
			t.is(new LostLook(screen.memory).of(screen.frame, options), expected);
		});

/** Looks, given as [milliseconds since the one before, what was seen]; tells after each whether the signal is lost. */
function play(looks: readonly (readonly [number, Lost])[]): Lost[] {
	const watch = createLostWatch();
	let timestampMs = 1000;
	return looks.map(([gapMs, seen]) => {
		timestampMs += gapMs;
		stepLost(watch, seen, { timestampMs }, options);
		return watch.lost;
	});
}

test('what lasts is lost, and the first look at a screen ends it', (t) => {
	t.deepEqual(
		play([
			[60, noise],
			[options.afterMs - 1, noise],
			[1, noise],
			[60, ''],
		]),
		['', '', noise, ''],
	);
	t.deepEqual(
		play([
			[60, noise],
			[400, grey],
			[60, grey],
		]),
		['', '', ''],
	);
});

test('whatever comes: lost means seen without a break for long enough, by a time that never ran backwards', (t) => {
	const look = fc.tuple(fc.integer({ min: -100, max: 400 }), fc.constantFrom<Lost>('', grey, grey, noise));
	let lost = 0;
	fc.assert(
		fc.property(fc.array(look, { maxLength: 60 }), (looks) => {
			play(looks).forEach((said, i) => {
				const [, seen] = looks[i]!;
				if (seen === '') t.is(said, '');
				if (said === '') return;
				lost++;
				// Back in time: somewhere behind lies an unbroken row of one kind that was long enough, and no screen since.
				let end = i;
				while (looks[end]![1] !== said) end--;
				let age = 0;
				let long = false;
				for (let j = end; j >= 0 && !long; j--) {
					const [gap, what] = looks[j]!;
					if (what === '') break;
					if (j > 0 && what === said && looks[j - 1]![1] === said && gap >= 0) age += gap;
					else age = 0;
					long = age >= options.afterMs;
				}
				t.true(long, JSON.stringify(looks.slice(0, i + 1)));
			});
		}),
	);
	t.true(lost > 0);
});
