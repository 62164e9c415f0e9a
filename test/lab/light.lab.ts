// modules: uleds,ledtrig-pattern
// The box's coloured light on kernel LEDs: what shows, and that no process, dead or hung, can leave it lit.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Guidance } from '../../src/exam/guidance.ts';
import { darken } from '../../src/indicator/led/darken.ts';
import { check, endChecks, until } from './check.ts';
import { Lamp, lampPlaces } from './lamp.ts';

const lamp = new Lamp();
const script = fileURLToPath(new URL('renewLight.js', import.meta.url));
async function show(guidance: Guidance, expiry: 'kernel' | 'software' = 'kernel'): Promise<ChildProcess> {
	const child = spawn(process.execPath, [script, guidance, expiry], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = await once(child.stdout!, 'data', { signal: AbortSignal.timeout(60_000) });
	assert.equal(String(line).trim(), `${expiry} expiry`);
	return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	const ended = once(child, 'exit');
	child.kill(signal);
	await ended;
}
const dark = () =>
	until(
		'dark lamp',
		5,
		() => lamp.colour === 'dark',
		() => lamp.colour,
	);

await check('captured is green, steady while it is renewed, and dark when the process ends well', async () => {
	const child = await show('captured');
	await until(
		'green',
		60,
		() => lamp.colour === 'green',
		() => lamp.colour,
	);
	lamp.forget();
	await sleep(3000);
	assert.equal(lamp.colour, 'green');
	assert.deepEqual(lamp.green.changes, [], 'a light that is renewed does not flicker');
	await end(child, 'SIGTERM');
	await dark();
});

for (const [fault, signal] of [
	['killed', 'SIGKILL'],
	['stopped', 'SIGSTOP'],
] as const)
	await check(`a ${fault} process leaves no green: the kernel puts it out`, async () => {
		const child = await show('captured');
		await until(
			'green',
			60,
			() => lamp.colour === 'green',
			() => lamp.colour,
		);
		await sleep(500);
		child.kill(signal);
		const start = performance.now();
		await dark();
		const ms = performance.now() - start;
		assert.ok(ms < 1000, `dark only after ${ms} ms`);
		await sleep(1000);
		assert.equal(lamp.colour, 'dark');
		if (signal === 'SIGSTOP') await end(child, 'SIGKILL');
	});

await check('no signal is magenta in three flashes, with never a green', async () => {
	lamp.forget();
	const child = await show('no-signal');
	await until(
		'magenta',
		60,
		() => lamp.colour === 'red+blue',
		() => lamp.colour,
	);
	await until('six flashes', 20, () => lamp.red.changes.length >= 12 && lamp.blue.changes.length >= 12);
	const on = lamp.red.changes.filter(({ brightness }) => brightness > 0).map(({ atMs }) => atMs);
	const gaps = on.slice(1, 6).map((atMs, i) => atMs - on[i]!);
	// Three flashes 300 ms apart, then a pause of 1250 ms after the third.
	assert.deepEqual(
		gaps.map((ms) => ms > 800),
		[false, false, true, false, false],
		`gaps ${gaps}`,
	);
	assert.deepEqual(lamp.green.changes, []);
	await end(child, 'SIGTERM');
	await dark();
});

await check('don’t know is dark', async () => {
	lamp.forget();
	const child = await show('dont-know');
	await sleep(2500);
	await end(child, 'SIGTERM');
	assert.deepEqual([lamp.red.changes, lamp.green.changes, lamp.blue.changes], [[], [], []]);
});

await check('where the kernel cannot, another process puts a hung green out', async () => {
	const child = await show('captured', 'software');
	await until(
		'green',
		5,
		() => lamp.colour === 'green',
		() => lamp.colour,
	);
	child.kill('SIGSTOP');
	await sleep(1000);
	assert.equal(lamp.colour, 'green', 'without the pattern trigger nobody else puts it out');
	assert.deepEqual(darken(lampPlaces), []);
	await dark();
	await end(child, 'SIGKILL');
});

lamp.close();
endChecks();
