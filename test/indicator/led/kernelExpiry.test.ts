import test from 'ava';
import fc from 'fast-check';
import { type Guidance, guidances } from '../../../src/exam/guidance.ts';
import { LedLight } from '../../../src/indicator/led/ledLight.ts';
import { colours, lightTable } from '../../../src/indicator/lightTable.ts';
import { isOn } from '../../../src/indicator/pattern.ts';
import { FakeLeds, WriteWatch } from './fakeLeds.ts';
import { KernelPattern } from './kernelPattern.ts';

// Serial: the writes are watched in the whole process.

const offered = 'none [timer] pattern';
const parts = ['red', 'green', 'blue'] as const;

function lamp(leds: FakeLeds) {
	return Object.fromEntries(parts.map((part) => [part, leds.add(part, offered)])) as Record<
		(typeof parts)[number],
		string
	>;
}

const indication = (guidance: Guidance, expiresMs: number) => ({ guidance, site: 'sfj', expiresMs });

test.serial('opening takes over the pattern trigger and is dark, whatever was armed before', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({ single: leds.add('lamp', offered) });
	light.open();
	t.deepEqual(watch.take(), ['lamp/trigger pattern', 'lamp/pattern 0 100 0 0', 'lamp/repeat 1']);
	t.is(light.expiry, 'kernel');
	t.regex(light.name, /^led single=.*lamp$/);
});

test.serial('a pattern trigger that is already chosen is not chosen again: its files keep their rights', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	new LedLight({ single: leds.add('lamp', 'none [pattern]') }).open();
	t.deepEqual(watch.take(), ['lamp/pattern 0 100 0 0', 'lamp/repeat 1']);
});

test.serial('a result is armed until its expiry, and renewed only when that moves on', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({ single: leds.add('lamp', offered) });
	light.open();
	watch.take();
	light.show(indication('captured', 1240), { nowMs: 1000 });
	t.deepEqual(watch.take(), ['lamp/pattern 255 240 255 0 0 0 0 0', 'lamp/repeat 1']);
	for (const nowMs of [1016, 1033, 1200]) light.show(indication('captured', 1240), { nowMs });
	light.show(indication('captured', 1289), { nowMs: 1201 });
	t.deepEqual(watch.take(), [], 'too little to gain');
	light.show(indication('captured', 1290), { nowMs: 1210 });
	t.deepEqual(watch.take(), ['lamp/pattern 255 80 255 0 0 0 0 0', 'lamp/repeat 1']);
	light.show(indication('captured', 1280), { nowMs: 1215 });
	t.deepEqual(watch.take(), ['lamp/pattern 255 65 255 0 0 0 0 0', 'lamp/repeat 1'], 'an earlier expiry counts at once');
	light.show(indication('captured', 1e9), { nowMs: 1220 });
	t.deepEqual(watch.take(), ['lamp/pattern 255 250 255 0 0 0 0 0', 'lamp/repeat 1'], 'never longer than expiryMs');
});

test.serial('a short expiry is renewed in time', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({ single: leds.add('lamp', offered), expiryMs: 50, rearmMs: 50 });
	light.open();
	light.show(indication('captured', 1e9), { nowMs: 1000 });
	watch.take();
	light.show(indication('captured', 1e9), { nowMs: 1013 });
	t.deepEqual(watch.take(), ['lamp/pattern 255 50 255 0 0 0 0 0', 'lamp/repeat 1']);
});

test.serial('an expired result and dont-know are dark at once, and written once', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({ single: leds.add('lamp', offered) });
	light.open();
	watch.take();
	light.show(indication('captured', 1000.9), { nowMs: 1000 });
	t.deepEqual(watch.take(), [], 'less than a millisecond is no time to be lit');
	for (const [guidance, expiresMs] of [
		['dont-know', 2000],
		['captured', 1050],
	] as const) {
		light.show(indication('captured', 1240), { nowMs: 1000 });
		watch.take();
		for (const nowMs of [1050, 1070, 1090]) light.show(indication(guidance, expiresMs), { nowMs });
		t.deepEqual(watch.take(), ['lamp/pattern 0 100 0 0', 'lamp/repeat 1']);
	}
});

test.serial('what goes out goes out before what lights up', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight(lamp(leds));
	light.open();
	light.show(indication('fault', 1250), { nowMs: 1000 });
	t.deepEqual(watch.take().slice(-2), ['red/pattern 255 250 255 0 0 0 0 0', 'red/repeat 1']);
	light.show(indication('captured', 1260), { nowMs: 1010 });
	t.deepEqual(watch.take(), [
		'red/pattern 0 100 0 0',
		'red/repeat 1',
		'green/pattern 255 250 255 0 0 0 0 0',
		'green/repeat 1',
	]);
	watch.refuse = ({ file }) => (file === 'green/pattern' ? 'EIO' : null);
	const error = t.throws(() => light.show(indication('press', 1270), { nowMs: 1020 }), {
		message: /green\/pattern cannot be written \(EIO/,
	});
	t.like(error, { code: 'light-failed' });
	t.deepEqual(watch.take(), [], 'blue must not join a green that may still be lit');
});

test.serial('a multicolour device changes its mixture in the dark', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const folder = leds.add('rgb', offered, {
		multi_index: 'green blue red\n',
		multi_intensity: '1 1 1\n',
		max_brightness: '100',
	});
	const light = new LedLight({ multicolour: folder, brightnessPercent: 50 });
	light.open();
	watch.take();
	light.show(indication('captured', 1250), { nowMs: 1000 });
	t.deepEqual(watch.take(), ['rgb/multi_intensity 100 0 0', 'rgb/pattern 50 250 50 0 0 0 0 0', 'rgb/repeat 1']);
	light.show(indication('release', 1260), { nowMs: 1010 });
	t.deepEqual(watch.take(), [
		...['rgb/pattern 0 100 0 0', 'rgb/repeat 1', 'rgb/multi_intensity 0 100 100'],
		...['rgb/pattern 50 150 50 0 0 100 0 0 0 0 0 0', 'rgb/repeat 1'],
	]);
});

test.serial('a kernel that takes the trigger away makes the light fail, and opened again it works', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({ single: leds.add('lamp', offered) });
	light.open();
	watch.refuse = ({ file }) => (file === 'lamp/pattern' ? 'ENODEV' : null);
	t.throws(() => light.show(indication('press', 1250), { nowMs: 1000 }), {
		message: /lamp\/pattern cannot be written \(ENODEV/,
	});
	t.throws(() => light.close(), { message: /ENODEV/ }, 'it may still be lit, and says so');
	watch.refuse = () => null;
	watch.take();
	light.open();
	light.show(indication('press', 1350), { nowMs: 1100 });
	t.deepEqual(watch.take().slice(-2), ['lamp/pattern 255 250 255 0 0 0 0 0', 'lamp/repeat 1']);
});

test.serial('closing leaves it dark', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight(lamp(leds));
	light.open();
	light.show(indication('captured', 1250), { nowMs: 1000 });
	watch.take();
	light.close();
	t.deepEqual(watch.take(), ['green/pattern 0 100 0 0', 'green/repeat 1']);
	light.close();
	t.deepEqual(watch.take(), []);
});

test.serial(
	'whatever is shown, the LEDs are what the table says until the expiry and dark after it: a process may die at any time',
	(t) => {
		const leds = new FakeLeds(t);
		const places = lamp(leds);
		const watch = new WriteWatch(t);
		const turn = fc.record({
			guidance: fc.oneof(fc.constant(null), fc.constantFrom(...guidances)),
			stepMs: fc.oneof(fc.integer({ min: 5, max: 60 }), fc.constantFrom(120, 400)),
			leftMs: fc.constantFrom(250, 230, 100, 3, 0, -50),
		});
		let lit = 0;
		const property = fc.property(fc.array(turn, { minLength: 5, maxLength: 60 }), (turns) => {
			const light = new LedLight(places);
			const kernels = { red: new KernelPattern(255), green: new KernelPattern(255), blue: new KernelPattern(255) };
			let nowMs = 1000;
			const apply = () => {
				for (const { file, text } of watch.writes.splice(0)) {
					const [part, name] = file.split('/') as [keyof typeof kernels, string];
					if (name === 'pattern') kernels[part].writePattern(text, nowMs);
					if (name === 'repeat') kernels[part].writeRepeat(text, nowMs);
				}
			};
			light.open();
			apply();
			let guidance: Guidance = 'dont-know';
			let shown: Guidance | null = null;
			let sinceMs = nowMs;
			for (const { guidance: next, stepMs, leftMs } of turns) {
				guidance = next ?? guidance;
				const expiresMs = nowMs + leftMs;
				light.show(indication(guidance, expiresMs), { nowMs });
				apply();
				const now = leftMs > 0 ? guidance : 'dont-know';
				if (now !== shown) sinceMs = nowMs;
				shown = now;
				const { colour, pattern } = lightTable[now];
				// Until the next turn, which may never come.
				for (let ms = 0; ms < stepMs; ms += 3) {
					const expired = nowMs + ms >= expiresMs;
					for (const part of parts) {
						const on = kernels[part].brightnessAt(nowMs + ms) > 0;
						const wanted = colours[colour][part] && isOn(pattern, nowMs + ms - sinceMs);
						if (on && (expired || !wanted)) return false;
						// A shot that still runs is not renewed for less than rearmMs: that much before the expiry it may be dark.
						if (wanted && !on && nowMs + ms < expiresMs - 50) return false;
						if (on) lit++;
					}
				}
				nowMs += stepMs;
			}
			light.close();
			apply();
			return parts.every((part) => kernels[part].brightnessAt(nowMs) === 0);
		});
		fc.assert(property, { numRuns: 150 });
		t.true(lit > 1000);
	},
);
