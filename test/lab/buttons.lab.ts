// modules: uinput,evdev
// timeout: 300
// The box's buttons on a device of the kernel's input layer.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Buttons } from '../../src/buttons/buttons.ts';
import { InputDevice } from '../../src/buttons/inputDevice.ts';
import { keyCodes } from '../../src/buttons/keyNames.ts';
import { buttonsSchema } from '../../src/config/buttonsSection.ts';
import { check, endChecks, until } from './check.ts';
import { KeyPad } from './keyPad.ts';

const { KEY_N, KEY_S, KEY_C, KEY_D, KEY_A } = keyCodes;
const name = 'Phlebox buttons';
const keys = [KEY_N, KEY_S, KEY_C, KEY_D, KEY_A];
let pad = new KeyPad(name, keys);
const { device } = pad;
const heard: string[] = [];
const config = buttonsSchema.parse({
	holdMs: 500,
	devices: [{ device, next: 'KEY_N', side: 'KEY_S', cancel: 'KEY_C', dim: KEY_D }],
});
const buttons = new Buttons(config, {
	pressed: (action) => heard.push(action),
	failed: (_, failure) => heard.push(failure ?? 'works'),
});
const hears = async (words: RegExp) => {
	await until(
		`${words}`,
		20,
		() => words.test(heard.join(' | ')),
		() => heard,
	);
	heard.length = 0;
};

await check('the device tells its name and its keys', () => {
	const input = new InputDevice(device);
	input.open(false);
	assert.equal(input.name, name);
	assert.deepEqual(
		[KEY_N, keyCodes.KEY_Z].map((key) => input.has(key)),
		[true, false],
	);
	input.close();
});

await check('next, side and dim are heard when their key goes down, other keys are not', async () => {
	buttons.start();
	await sleep(500);
	for (const key of [KEY_A, KEY_N, KEY_S, KEY_D]) pad.press(key);
	await hears(/^next \| side \| dim$/);
});

await check('cancel is heard when it is held, not when it is brushed', async () => {
	pad.press(KEY_C);
	await sleep(1000);
	assert.deepEqual(heard, []);
	pad.send(KEY_C, 1);
	await hears(/^cancel$/);
	pad.send(KEY_C, 0);
});

await check('the keys are the box’s alone', () => {
	assert.throws(() => new InputDevice(device).open(true), /taken by another program \(EBUSY\)/);
});

await check('a pad that is unplugged is told, and works again when it is back', async () => {
	pad.unplug();
	await hears(/event\d+ (is gone \(ENODEV\)|cannot be opened)/);
	pad = new KeyPad(name, keys);
	assert.equal(pad.device, device, 'the kernel gives the number again');
	await hears(/works/);
	pad.press(KEY_S);
	await hears(/side/);
});

buttons.stop();
pad.unplug();
endChecks();
