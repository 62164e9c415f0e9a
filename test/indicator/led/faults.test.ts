import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { PhleboxError } from '../../../src/errors.ts';
import { LedLight, type LedOptions, ledDefaults } from '../../../src/indicator/led/ledLight.ts';
import { Lights } from '../../../src/indicator/lights.ts';
import { FakeLeds } from './fakeLeds.ts';

const press = { guidance: 'press', site: 'sfj', expiresMs: 1e9 } as const;

/** Runs `act` as a user who is not root, so that rights count. */
function asSomebody<T>(act: () => T): T {
	if (process.geteuid!() !== 0) return act();
	process.seteuid!(65534);
	try {
		return act();
	} finally {
		process.seteuid!(0);
	}
}

const whenOpened: Record<string, [(leds: FakeLeds) => string, RegExp]> = {
	'a folder that is not there': [
		(leds) => join(leds.root, 'lamp'),
		/lamp is no LED \(no max_brightness\); check the config/,
	],
	'a folder that is no LED': [
		(leds) => {
			mkdirSync(join(leds.root, 'lamp'));
			return join(leds.root, 'lamp');
		},
		/no max_brightness/,
	],
	'a highest brightness that is none': [
		(leds) => leds.add('lamp', '[none]', { max_brightness: '0' }),
		/no max_brightness/,
	],
	'no brightness file': [
		(leds) => {
			const folder = leds.add('lamp', '[none]');
			rmSync(join(folder, 'brightness'));
			return folder;
		},
		/brightness cannot be opened for writing \(ENOENT\); check that the LED is there/,
	],
	'no right to write': [
		(leds) => {
			const folder = leds.add('lamp', '[none]');
			chmodSync(join(folder, 'brightness'), 0o444);
			return folder;
		},
		/brightness cannot be opened for writing \(EACCES\).*this user may write it/,
	],
	'no right to choose the trigger': [
		(leds) => {
			const folder = leds.add('lamp', '[none] pattern');
			chmodSync(join(folder, 'trigger'), 0o444);
			return folder;
		},
		/trigger cannot be opened for writing \(EACCES/,
	],
	'a device that refuses the write': [
		(leds) => {
			const folder = leds.add('lamp', '[none]');
			rmSync(join(folder, 'brightness'));
			symlinkSync('/dev/full', join(folder, 'brightness'));
			return folder;
		},
		/brightness cannot be written \(ENOSPC/,
	],
	'a trigger file that cannot be read': [
		(leds) => {
			const folder = leds.add('lamp', null);
			mkdirSync(join(folder, 'trigger'));
			return folder;
		},
		/trigger cannot be read \(EISDIR/,
	],
};
for (const [name, [make, message]] of Object.entries(whenOpened))
	test(`opening fails in one line that names it: ${name}`, (t) => {
		const light = new LedLight({ single: make(new FakeLeds(t)) });
		const error = t.throws(() => asSomebody(() => light.open()), { instanceOf: PhleboxError, message });
		t.is((error as PhleboxError).code, 'light-failed');
		t.false(error.message.includes('\n'));
		t.notThrows(() => light.close());
	});

test('a multicolour device without red, green and blue is refused', (t) => {
	const folder = new FakeLeds(t).add('lamp', '[none]', { multi_index: 'amber blue\n', multi_intensity: '0 0\n' });
	const light = new LedLight({ multicolour: folder });
	t.throws(() => light.open(), { message: /has no red, no green in its multi_index; use a red-green-blue device/ });
});

test('opening again and again leaves no files open', (t) => {
	const folder = new FakeLeds(t).add('lamp', '[none]');
	const light = new LedLight({ single: folder });
	const files = () => readdirSync('/proc/self/fd').length;
	light.open();
	const before = files();
	for (let i = 0; i < 20; i++) light.open();
	t.true(files() < before + 10, `${files()} files, ${before} before`);
	light.close();
});

test('a missing LED stops neither the other lights nor the loop, and works once it is there', (t) => {
	const leds = new FakeLeds(t);
	const missing = join(leds.root, 'late');
	const there = leds.add('there', '[none]');
	const lights = new Lights([new LedLight({ single: missing }), new LedLight({ single: there })], { retryMs: 1000 });
	lights.open();
	lights.show(press, { nowMs: 0 });
	t.is(leds.read(there, 'brightness'), '255');
	t.is(lights.failed, 1);
	leds.add('late', '[none]');
	lights.show(press, { nowMs: 1000 });
	t.is(lights.failed, 0);
	t.is(leds.read(missing, 'brightness'), '255');
	lights.close();
	t.is(leds.read(missing, 'brightness'), '0');
});

const wrong: [RegExp, Partial<LedOptions>][] = [
	[/no LED named; set at least one of red, green, blue, single, multicolour/, {}],
	[/expiryMs is 0;/, { single: 'x', expiryMs: 0 }],
	[/expiryMs is 2001;/, { single: 'x', expiryMs: 2001 }],
	[/brightnessPercent is 0;/, { single: 'x', brightnessPercent: 0 }],
	[/brightnessPercent is 101;/, { single: 'x', brightnessPercent: 101 }],
	[/rearmMs is -1;/, { single: 'x', rearmMs: -1 }],
];
for (const [message, options] of wrong)
	test(`options that make no sense are refused: ${message.source}`, (t) => {
		const error = t.throws(() => new LedLight(options), { instanceOf: PhleboxError, message });
		t.is((error as PhleboxError).code, 'config-invalid');
	});

test('the defaults hold 250 ms, in the kernel where it can', (t) => {
	t.deepEqual(ledDefaults, { expiryMs: 250, brightnessPercent: 100, kernelExpiry: true, rearmMs: 50 });
});
