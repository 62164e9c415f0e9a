// modules: vfb
// timeout: 400
// The display on a framebuffer of the kernel: what it shows, and that no process, dead or hung, leaves it green.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Guidance } from '../../src/exam/guidance.ts';
import { Framebuffer } from '../../src/indicator/display/framebuffer.ts';
import { check, endChecks, until } from './check.ts';

const device = '/dev/fb0';
const script = fileURLToPath(new URL('../indicator/keeper/keeperParent.js', import.meta.url));
const size = new Framebuffer(device, 100).open();
/** The last pixel is ground: no word reaches it. vfb keeps 32 bits a pixel, red first. */
const ground = () => [
	...readFileSync(device).subarray((size.width * size.height - 1) * 4, size.width * size.height * 4 - 1),
];
const words = () =>
	readFileSync(device)
		.subarray(0, size.width * size.height * 4)
		.filter((byte) => byte === 255).length;
const green = () => ground().join(' ') === '0 158 115';
const black = () => ground().every((part) => part === 0);

/**
 * A box that shows it. Node itself ends at its start on the emulated processor now and then (SIGSEGV in two of five starts,
 * before anything of the display was opened), never outside it: it is said, and started again.
 * @param tries that are left
 */
async function show(guidance: Guidance, tries = 4) {
	const indicator = JSON.stringify({ selfTest: false, framebuffers: [{ device }] });
	const box = spawn(process.execPath, [script, guidance, indicator], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const ended = once(box, 'exit').then(([code, signal]) => `ended with ${code ?? signal} before it was ready`);
	const ready = once(box.stdout!, 'data', { signal: AbortSignal.timeout(120_000) }).then(String);
	const said = await Promise.race([ready, ended]);
	if (tries > 1 && /^ended with SIG/.test(said)) {
		console.log(said);
		return show(guidance, tries - 1);
	}
	assert.match(said, /^keeper \d+/);
	return box;
}

await check('captured is a green ground with white words', async () => {
	const box = await show('captured');
	await until('green', 60, green, ground);
	assert.ok(words() > 1000);
	const ended = once(box, 'exit');
	box.kill('SIGTERM');
	await ended;
	// The kernel's own console keeps a cursor there: 128 bytes.
	await until('a blank display', 10, () => black() && words() < 200, words);
});

for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
	await check(`${signal} leaves no green`, async () => {
		const box = await show('captured');
		await until('green', 60, green, ground);
		const start = performance.now();
		box.kill(signal);
		await until('a dark ground', 10, black, ground);
		console.log(`dark ${(performance.now() - start).toFixed(0)} ms after ${signal}, in the emulated machine`);
		box.kill('SIGKILL');
	});

endChecks();
