import test from 'ava';
import type { PhleboxError } from '../../../src/errors.ts';
import { GpioLight, type GpioPlaces } from '../../../src/indicator/gpio/gpioLight.ts';
import { FakeGpio } from './fakeGpio.ts';

const chip = '/dev/gpiochip0';
const lamp = { chip, activeLow: false, red: 0, green: 1, blue: 2 };
const show = (light: GpioLight, guidance: 'press' | 'captured' | 'release', nowMs: number) =>
	light.show({ guidance, site: null, expiresMs: nowMs + 250 }, { nowMs });

test('all lines change in one call: no mixture of two states can be seen', (t) => {
	const fake = new FakeGpio(['', '', '']);
	const light = new GpioLight(lamp, fake);
	light.open();
	show(light, 'release', 0);
	show(light, 'captured', 10);
	show(light, 'press', 20);
	light.close();
	t.deepEqual(fake.changes, ['101', '010', '001', '000']);
	t.is(fake.open_.size, 0, 'every descriptor is given back');
});

test('what is shown already is not written again', (t) => {
	const fake = new FakeGpio(['', '', '']);
	const light = new GpioLight(lamp, fake);
	light.open();
	for (let nowMs = 0; nowMs < 2000; nowMs += 20) show(light, 'captured', nowMs);
	t.is(fake.changes.length, 1);
});

const wrong: [string, Partial<GpioPlaces>, (fake: FakeGpio) => void, RegExp][] = [
	[
		'a chip that is not there',
		{ chip: '/dev/gpiochip7', single: 0 },
		() => {},
		/^GPIO: \/dev\/gpiochip7 cannot be opened \(ENOENT\); check indicator\.gpio/,
	],
	[
		'a line that the chip has not',
		{ single: 9 },
		() => {},
		/has no line 9 \(EINVAL\); its 2 lines are numbered from 0/,
	],
	['a name that no line has', { single: 'LAMP' }, () => {}, /\(fake\) has no line named LAMP; `gpioinfo` lists/],
	[
		'a line that somebody else holds',
		{ single: 1 },
		(fake) => {
			fake.lines[1]!.consumer = 'heartbeat';
		},
		/does not give the lines \(EBUSY\); line 1 is held by heartbeat/,
	],
];
for (const [what, places, prepare, message] of wrong)
	test(`opening fails in one line that names it: ${what}`, (t) => {
		const fake = new FakeGpio(['A', 'B']);
		prepare(fake);
		const light = new GpioLight({ chip, activeLow: false, ...places }, fake);
		const error = t.throws(() => light.open(), { message }) as unknown as PhleboxError;
		t.is(error.code, 'light-failed');
		t.false(error.message.includes('\n'));
		t.is(fake.open_.size, 0, 'every descriptor is given back');
	});

test('a lamp without any line is refused', (t) => {
	t.throws(() => new GpioLight({ chip, activeLow: false }, new FakeGpio([])), { message: /no line named/ });
});
