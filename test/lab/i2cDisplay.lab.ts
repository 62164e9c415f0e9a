// modules: vhci-hcd,i2c-tiny-usb,i2c-dev
// timeout: 400
// An OLED display on a true I2C bus of the kernel: the adapter is a USB device that this test emulates, the display's controller
// is what its data sheet says of it. What it shows, that no process leaves it lit, and that it comes back after it was pulled out.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Guidance } from '../../src/exam/guidance.ts';
import { FakeSsd1306 } from '../indicator/display/fakeSsd1306.ts';
import { check, endChecks, until } from './check.ts';
import { I2cTinyUsb } from './usb/i2cTinyUsb.ts';
import { UsbPlug } from './usb/usbPlug.ts';

const script = fileURLToPath(new URL('../indicator/keeper/keeperParent.js', import.meta.url));
const address = 0x3c;
/** A picture over this bus takes longer in the emulated machine than the light is valid on a board. */
const validMs = 1000;
const chip = new FakeSsd1306(64);
chip.open();
const adapter = new I2cTinyUsb(new Map([[address, chip]]));
const plug = new UsbPlug(adapter);

const buses = () => readdirSync('/dev').filter((name) => /^i2c-\d+$/.test(name));
const before = buses();
const bus = () => buses().find((name) => !before.includes(name));

/** Share of pixels that are bright: most for a lit ground with dark words, few for bright words. */
function brightness(): number {
	let bright = 0;
	for (let y = 0; y < 64; y++) for (let x = 0; x < 128; x++) if (chip.bright(x, y)) bright += 1;
	return bright / (64 * 128);
}
const lit = () => brightness() > 0.5;
const dark = () => brightness() === 0;

let said = '';
/** A box that shows it. */
async function show(guidance: Guidance): Promise<ChildProcess> {
	said = '';
	const indicator = JSON.stringify({
		selfTest: false,
		expiryMs: validMs,
		ssd1306: [{ bus: `/dev/${bus()}`, address }],
	});
	const box = spawn(process.execPath, [script, guidance, indicator, String(validMs)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	box.stdout!.on('data', (text) => {
		said += text;
	});
	box.once('exit', (code, signal) => {
		said += `ended with ${code ?? signal}\n`;
	});
	await until(
		'the keeper',
		120,
		() => /^keeper \d+/m.test(said),
		() => said,
	);
	return box;
}

await check('the adapter is a bus of the kernel', async () => {
	await plug.plug();
	await until('a bus', 30, bus, buses);
});

await check('captured is a lit ground with words, in order blank', async () => {
	const box = await show('captured');
	await until('a lit ground', 60, lit, brightness);
	assert.ok(brightness() < 0.99, 'dark words');
	assert.equal(chip.torn, false, 'nothing was drawn while it could be seen');
	const ended = once(box, 'exit');
	box.kill('SIGTERM');
	await ended;
	await until('a blank display', 10, dark, brightness);
});

await check('what is no green has a dark ground with bright words', async () => {
	const box = await show('press');
	await until('words', 60, () => brightness() > 0.01 && brightness() < 0.5, brightness);
	const ended = once(box, 'exit');
	box.kill('SIGTERM');
	await ended;
});

for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
	await check(`${signal} leaves no lit ground`, async () => {
		const box = await show('captured');
		await until('a lit ground', 60, lit, brightness);
		const start = performance.now();
		box.kill(signal);
		await until('a dark ground', 10, () => !lit(), brightness);
		console.log(`dark ${(performance.now() - start).toFixed(0)} ms after ${signal}, in the emulated machine`);
		box.kill('SIGKILL');
		await until('a blank display', 30, dark, brightness);
	});

await check('a display that is pulled out is named, and shows again once it is back', async () => {
	const box = await show('captured');
	await until('a lit ground', 60, lit, brightness);
	const name = bus();
	plug.pull();
	await until(
		'its failure',
		60,
		() => /ssd1306 .*: (?!null).*(does not answer|cannot be opened)/.test(said),
		() => said,
	);
	await until('no bus', 30, () => !existsSync(`/dev/${name}`));
	said = '';
	chip.on = false;
	await plug.plug();
	await until('the same bus', 30, () => bus() === name, buses);
	await until('a lit ground', 60, lit, () => [brightness(), said]);
	await until(
		'the end of its failure',
		10,
		() => /ssd1306 .*: null/.test(said),
		() => said,
	);
	const ended = once(box, 'exit');
	box.kill('SIGTERM');
	await ended;
});

plug.pull();
endChecks();
