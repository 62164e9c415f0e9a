// modules: gpio-sim
// timeout: 600
// A lamp on GPIO lines, through the kernel's character device: what shows, and that no process, dead or hung, leaves it lit.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Guidance } from '../../src/exam/guidance.ts';
import { GpioLight } from '../../src/indicator/gpio/gpioLight.ts';
import { check, endChecks, until } from './check.ts';
import { SimGpio } from './simGpio.ts';

const gpio = new SimGpio(['OTHER', 'RED', 'GREEN', 'BLUE']);
const lamp = { chip: gpio.chip, red: 'RED', green: 'GREEN', blue: 3 };
const script = fileURLToPath(new URL('../indicator/keeper/keeperParent.js', import.meta.url));
const colour = () => ['red', 'green', 'blue'].filter((_, i) => gpio.high(i + 1)).join('+') || 'dark';
const becomes = (wanted: string, seconds: number) => until(wanted, seconds, () => colour() === wanted, colour);

async function box(guidance: Guidance, more: object = {}): Promise<{ box: ChildProcess; keeper: number }> {
	const indicator = { selfTest: false, gpio: [{ ...lamp, ...more }] };
	const child = spawn(process.execPath, [script, guidance, JSON.stringify(indicator)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = await once(child.stdout!, 'data', { signal: AbortSignal.timeout(120_000) });
	const keeper = Number(/^keeper (\d+)/.exec(String(line))?.[1]);
	assert.ok(keeper > 0, String(line));
	return { box: child, keeper };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	const ended = once(child, 'exit');
	child.kill(signal);
	await ended;
}

await check('lines are found by name and number, and captured is green, steady', async () => {
	const { box: child } = await box('captured');
	await becomes('green', 60);
	for (let i = 0; i < 40; i++) {
		assert.equal(colour(), 'green');
		await sleep(50);
	}
	await end(child, 'SIGTERM');
	assert.equal(colour(), 'dark');
});

for (const [fault, signal] of [
	['killed', 'SIGKILL'],
	['stopped', 'SIGSTOP'],
] as const)
	await check(`a ${fault} process leaves no green`, async () => {
		const { box: child } = await box('captured');
		await becomes('green', 60);
		await sleep(1000);
		const start = performance.now();
		child.kill(signal);
		await becomes('dark', 5);
		console.log(`dark ${(performance.now() - start).toFixed(0)} ms after ${signal}, in the emulated machine`);
		await sleep(1000);
		assert.equal(colour(), 'dark');
		if (signal === 'SIGSTOP') await end(child, 'SIGKILL');
	});

await check('a keeper that is killed gives the lines back, and its successor takes them', async () => {
	const { box: child, keeper } = await box('captured');
	await becomes('green', 60);
	process.kill(keeper, 'SIGKILL');
	await becomes('dark', 5);
	await becomes('green', 120);
	await end(child, 'SIGTERM');
});

await check('no signal blinks magenta; lamps that a low level lights are dark when they are high', async () => {
	const { box: child } = await box('no-signal');
	await becomes('red+blue', 60);
	await becomes('dark', 10);
	await end(child, 'SIGTERM');
	const low = await box('captured', { activeLow: true });
	await becomes('red+blue', 60);
	await end(low.box, 'SIGTERM');
});

await check('lines that somebody else holds are named with their holder', async () => {
	const light = new GpioLight({ ...lamp, activeLow: false });
	const other = new GpioLight({ ...lamp, activeLow: false });
	light.open();
	assert.throws(() => other.open(), /does not give the lines \(EBUSY\); line 1 is held by phlebox/);
	light.close();
	other.open();
	other.close();
});

endChecks();
