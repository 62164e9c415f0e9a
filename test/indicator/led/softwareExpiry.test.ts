import test from 'ava';
import { type Guidance, guidances } from '../../../src/exam/guidance.ts';
import { darken } from '../../../src/indicator/led/darken.ts';
import { LedLight } from '../../../src/indicator/led/ledLight.ts';
import { lightTable } from '../../../src/indicator/lightTable.ts';
import { isOn } from '../../../src/indicator/pattern.ts';
import { FakeLeds, WriteWatch } from './fakeLeds.ts';

// Serial: the writes are watched in the whole process.

const indication = (guidance: Guidance, expiresMs: number) => ({ guidance, site: 'sfj', expiresMs });

test.serial('without the pattern trigger the brightness is written, and the LED taken from its own trigger', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({ single: leds.add('capslock', 'none [kbd-capslock] timer', { max_brightness: '1' }) });
	light.open();
	t.deepEqual(watch.take(), ['capslock/trigger none', 'capslock/brightness 0']);
	t.is(light.expiry, 'software');
	light.show(indication('captured', 1250), { nowMs: 1000 });
	for (const nowMs of [1016, 1033, 1200]) light.show(indication('captured', nowMs + 250), { nowMs });
	t.deepEqual(watch.take(), ['capslock/brightness 1'], 'only on a change');
	light.show(indication('captured', 1450), { nowMs: 1450 });
	light.show(indication('captured', 1450), { nowMs: 1500 });
	t.deepEqual(watch.take(), ['capslock/brightness 0'], 'the expiry is the loop’s');
});

test.serial('the pattern trigger can be declined, and a kernel without triggers is no fault', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const light = new LedLight({
		single: leds.add('one', '[none] pattern'),
		green: leds.add('two', null),
		kernelExpiry: false,
	});
	light.open();
	t.deepEqual(watch.take(), ['two/brightness 0', 'one/brightness 0']);
	t.is(light.expiry, 'software');
});

test.serial('one colour LED shows each guidance by its pattern', (t) => {
	const leds = new FakeLeds(t);
	const folder = leds.add('lamp', '[none]');
	const light = new LedLight({ single: folder });
	light.open();
	let nowMs = 1000;
	for (const guidance of guidances) {
		const sinceMs = nowMs;
		for (; nowMs < sinceMs + 2500; nowMs += 25) {
			light.show(indication(guidance, nowMs + 250), { nowMs });
			const on = isOn(lightTable[guidance].pattern, nowMs - sinceMs);
			t.is(leds.read(folder, 'brightness'), on ? '255' : '0', `${guidance} after ${nowMs - sinceMs} ms`);
		}
	}
});

test.serial('a green LED alone is lit for captured and for nothing else', (t) => {
	const leds = new FakeLeds(t);
	const folder = leds.add('green', '[none]');
	const light = new LedLight({ green: folder });
	light.open();
	const lit = new Set<Guidance>();
	for (const [i, guidance] of guidances.entries())
		for (let ms = 0; ms < 2500; ms += 50) {
			const nowMs = i * 10_000 + ms;
			light.show(indication(guidance, nowMs + 250), { nowMs });
			if (leds.read(folder, 'brightness') !== '0') lit.add(guidance);
		}
	t.deepEqual([...lit], ['captured']);
});

test.serial('brightness is a percentage of the LED’s own, and never nothing', (t) => {
	const leds = new FakeLeds(t);
	for (const [percent, max, expected] of [
		[100, 255, '255'],
		[25, 255, '64'],
		[1, 255, '3'],
		[1, 7, '1'],
		[40, 1, '1'],
	] as const) {
		const folder = leds.add(`lamp-${percent}-${max}`, '[none]', { max_brightness: String(max) });
		const light = new LedLight({ single: folder, brightnessPercent: percent });
		light.open();
		light.show(indication('captured', 250), { nowMs: 0 });
		t.is(leds.read(folder, 'brightness'), expected);
		light.close();
		t.is(leds.read(folder, 'brightness'), '0');
	}
});

test.serial('a write that failed is made up for when the light closes', (t) => {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const folder = leds.add('lamp', '[none]');
	const light = new LedLight({ single: folder });
	light.open();
	light.show(indication('captured', 250), { nowMs: 0 });
	watch.refuse = ({ text }) => (text === '0' ? 'EIO' : null);
	t.throws(() => light.show(indication('dont-know', 260), { nowMs: 10 }), {
		message: /brightness cannot be written \(EIO/,
	});
	t.is(leds.read(folder, 'brightness'), '255');
	watch.refuse = () => null;
	light.close();
	t.is(leds.read(folder, 'brightness'), '0');
});

test.serial('darken puts out every LED of the configuration, and names those it cannot', (t) => {
	const leds = new FakeLeds(t);
	const [red, green] = [leds.add('red', '[none]'), leds.add('green', '[none] pattern')];
	const failures = darken({ red, blue: `${leds.root}/missing`, green });
	t.is(leds.read(red, 'brightness'), '0');
	t.is(leds.read(green, 'brightness'), '0');
	t.is(failures.length, 1);
	t.like(failures[0], { code: 'light-failed' });
	t.regex(failures[0]!.message, /missing\/brightness cannot be opened for writing \(ENOENT/);
	t.deepEqual(darken({}), []);
});
