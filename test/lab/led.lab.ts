// modules: uleds,ledtrig-pattern
// The kernel's promises that the light of the box rests on: a one-shot pattern ends dark by itself, whoever armed it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { check, endChecks, until } from './check.ts';
import { UserLed } from './userLed.ts';

const led = new UserLed('phlebox:green');
const write = (file: string, text: string) => writeFileSync(`/sys/class/leds/phlebox:green/${file}`, text);

await check('a plain brightness reaches the driver', async () => {
	write('brightness', '200');
	await until('brightness 200', 2, () => led.brightness === 200);
	write('brightness', '0');
	await until('dark', 2, () => led.brightness === 0);
});

await check('a one-shot pattern lights the LED and ends dark by itself', async () => {
	write('trigger', 'pattern');
	led.changes.length = 0;
	write('pattern', '255 300 255 0 0 0 0 0');
	write('repeat', '1');
	await until('light', 2, () => led.brightness === 255);
	const lit = led.changes.at(-1)!.atMs;
	await until('dark', 3, () => led.brightness === 0);
	const after = led.changes.at(-1)!.atMs - lit;
	assert.ok(after > 150 && after < 1500, `dark after ${after} ms`);
});

await check('re-arming keeps it lit without a dip, and it ends dark after the last', async () => {
	led.changes.length = 0;
	for (let turn = 0; turn < 15; turn++) {
		write('repeat', '1');
		await sleep(60);
	}
	await until('dark', 3, () => led.brightness === 0);
	assert.deepEqual(
		led.changes.map((change) => change.brightness),
		[255, 0],
	);
});

await check('a killed process leaves it dark', async () => {
	led.changes.length = 0;
	const arming = `const {writeFileSync} = require('node:fs');
		setInterval(() => writeFileSync('/sys/class/leds/phlebox:green/repeat', '1'), 50);`;
	const child = spawn(process.execPath, ['-e', arming]);
	await until('light', 30, () => led.brightness === 255);
	await sleep(500);
	child.kill('SIGKILL');
	await once(child, 'exit');
	await until('dark', 3, () => led.brightness === 0);
});

led.close();
endChecks();
