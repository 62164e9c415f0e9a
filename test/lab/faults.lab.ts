// modules: vivid,uleds,ledtrig-pattern
// timeout: 1100
// The fault table (test/faults/table.ts) on the whole box between real kernel drivers: an HDMI card (vivid), a lamp of
// three LEDs, mosquitto. Times are the emulated machine's, five to ten times slower than a board: the bounds are the
// table's times `slowness`; what was measured is printed.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SignalState } from '../../src/capture/signal.ts';
import { type Fault, lightMs, workAgainMs } from '../faults/fault.ts';
import { faults } from '../faults/table.ts';
import { BoxProcess } from './boxProcess.ts';
import { Broker } from './broker.ts';
import { check, endChecks, until } from './check.ts';
import { faultHands, type Hands } from './faultHands.ts';
import { HdmiCard } from './hdmiCard.ts';
import { Lamp, lampPlaces } from './lamp.ts';

const slowness = 8;
const rounds = Number(process.env.PHLEBOX_FAULT_ROUNDS ?? 200);
/** Longer than a board's, as the turns are. */
const expiryMs = 800;
const stuckMs = 2000;
const card = new HdmiCard();
const lamp = new Lamp();
const broker = new Broker();
await broker.start();

const boxOn = (device: string) =>
	new BoxProcess({
		box: { id: 'lab' },
		capture: { source: 'v4l2', v4l2: { device, stuckMs } },
		// Without the self-test, which is green for a moment: here it is watched that the light never is.
		indicator: { expiryMs, selfTest: false, leds: [lampPlaces] },
		vision: { watchdogMs: 60_000, startMs: 300_000, previewHz: 0 },
		mqtt: { url: broker.url, healthSeconds: 60 },
	});
let box = boxOn(card.device);

async function startBox(): Promise<void> {
	const from = broker.messages.length;
	box.start();
	await until(
		'status online',
		600,
		() => {
			if (!box.running) throw new Error(`phlebox run ended: ${box.tail()}`);
			return broker.messages.slice(from).some(({ kind, body }) => kind === 'status' && body.status === 'online');
		},
		() => box.tail(3),
	);
}

const stateThat = (
	what: string,
	seconds: number,
	fits: (state: NonNullable<Awaited<ReturnType<BoxProcess['state']>>>) => boolean,
) =>
	until(what, seconds, async () => {
		const state = await box.state();
		return state && fits(state) && state;
	});
async function framesMore(count: number): Promise<void> {
	const from = (await stateThat('an answer', 30, () => true)).frames;
	await stateThat(`${count} frames`, 60, ({ signal, frames }) => signal === 'ok' && frames >= from + count);
}
const hands = faultHands(card, {
	framesMore,
	rows: async (height) =>
		void (await stateThat(
			`frames of ${height} rows`,
			60,
			({ signal, frameHeight }) => signal === 'ok' && frameHeight === height,
		)),
});

/** When the lamp first showed a state of the signal after `fromMs`: magenta. */
const firstFlash = (fromMs: number) =>
	until(
		'magenta',
		60,
		() => lamp.red.changes.find(({ atMs, brightness }) => atMs >= fromMs && brightness > 0)?.atMs,
		() => lamp.colour,
	);

/** The event on MQTT that names state and cause. */
async function named({ signal, says }: Fault, from: number, again?: () => void): Promise<void> {
	const cause = new RegExp(says);
	let due = performance.now() + 250;
	await until(
		`event ${signal} with its cause ${says}`,
		60,
		() => {
			if (again && performance.now() >= due) {
				again();
				due = performance.now() + 250;
			}
			return broker.messages
				.slice(from)
				.some(
					({ kind, body }) => kind === 'event' && body.details?.signal === signal && cause.test(body.details.cause),
				);
		},
		() =>
			broker.messages
				.slice(from)
				.filter(({ kind }) => kind === 'event')
				.map(({ body }) => body.details),
	);
}

const measured: [string, number | null, number | null][] = [];
const bound = (milliseconds: number) => milliseconds * slowness;

/** Fault, light, event, no frame, mended, at work again: with the times of it. */
async function play(row: Fault, { cause, again, during, mend }: Hands): Promise<void> {
	// What the row before left lit has expired.
	await until('a dark lamp', 30, () => lamp.colour === 'dark');
	await sleep(expiryMs + 200);
	lamp.forget();
	const from = broker.messages.length;
	const { pid } = box;
	const start = performance.now();
	await cause();
	let light: number | null = null;
	if (row.signal !== 'ok') {
		light = (await firstFlash(start)) - start;
		await named(row, from, again);
		const before = (await stateThat(row.light, 30, ({ guidance }) => guidance === row.light || again !== undefined))
			.frames;
		if (again === undefined) {
			await sleep(400);
			assert.equal((await box.state())?.frames, before, 'frames were judged during the fault');
		}
	}
	await during?.();
	const counted = (await stateThat('an answer', 30, () => true)).frames;
	const mendedAt = performance.now();
	await mend();
	await stateThat('frames again', 60, ({ signal, frames }) => signal === 'ok' && frames > counted);
	const back = row.signal === 'ok' ? null : performance.now() - mendedAt;
	measured.push([row.id, light, back]);
	assert.equal(box.pid, pid);
	assert.ok(box.running, box.tail());
	assert.equal(lamp.green.everLit, false, 'green was lit');
	const patience = row.signal === 'stuck' ? stuckMs : row.id === 'unplug-10' ? 9 * 400 : 600;
	assert.ok(light === null || light < bound(lightMs) + patience, `light after ${light} ms`);
	assert.ok(back === null || back < bound(workAgainMs), `at work again after ${back} ms`);
}

const rowOf = (id: string): Fault => faults.find((fault) => fault.id === id)!;
const checkRow = (id: string, run: () => Promise<void>) => check(`${id}: ${rowOf(id).fault}`, run);

await checkRow('no-device', async () => {
	card.unplug();
	const from = broker.messages.length;
	const start = performance.now();
	await startBox();
	await firstFlash(start);
	await named(rowOf('no-device'), from);
	const mendedAt = performance.now();
	card.plug();
	await stateThat('frames', 60, ({ signal, frames }) => signal === 'ok' && frames > 0);
	const back = performance.now() - mendedAt;
	measured.push(['no-device', null, back]);
	assert.ok(back < bound(workAgainMs), `at work after ${back} ms`);
});
card.sourceChanges('640x480p60');
await stateThat('640x480', 60, ({ signal, frameHeight }) => signal === 'ok' && frameHeight === 480);
const { pid } = box;

for (const row of faults) {
	const hand = hands[row.id];
	if (hand) await checkRow(row.id, () => play(row, hand));
}

const memoryMiB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${box.pid}/status`, 'utf8'))![1]) / 1024;
const descriptors = () => readdirSync(`/proc/${box.pid}/fd`).length;
const told: [string, SignalState][] = [
	['no-lock', 'no-lock'],
	['cable-out', 'no-cable'],
	['out-of-range', 'out-of-range'],
	['unplug', 'no-device'],
	['interlaced', 'unsupported-format'],
];

await check(`${rounds} rounds of faults: no restart, no growth of memory or descriptors`, async () => {
	const start = performance.now();
	const memory: number[] = [];
	const open: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const [id, signal] = told[round % told.length]!;
		const { cause, mend } = hands[id]!;
		await cause();
		await stateThat(signal, 60, (state) => state.signal === signal);
		await mend();
		await stateThat('signal ok', 60, (state) => state.signal === 'ok');
		// What the first rounds compile and cache is no growth.
		if (round % 20 === 19 || round === rounds - 1) {
			memory.push(memoryMiB());
			open.push(descriptors());
		}
	}
	const seconds = ((performance.now() - start) / 1000).toFixed(0);
	console.log(
		`  ${rounds} rounds in ${seconds} s; MiB: ${memory.map((mib) => mib.toFixed(0)).join(' ')}; descriptors: ${open.join(' ')}`,
	);
	assert.equal(box.pid, pid);
	assert.ok(box.running);
	const [first, middle] = [0, Math.floor(memory.length / 2)];
	assert.ok(open.at(-1)! <= open[first]! + 1, `descriptors ${open.join(' ')}`);
	assert.ok(memory.at(-1)! - memory[middle]! < 16, `MiB ${memory.join(' ')}`);
	assert.doesNotMatch(box.tail(10_000), /vision-stuck|vision-failed/);
});

await checkRow('killed', async () => {
	card.signal('no-signal');
	await until('magenta', 60, () => lamp.colour === 'red+blue');
	const start = performance.now();
	assert.equal(await box.end('SIGKILL'), 'SIGKILL');
	await sleep(expiryMs + 200);
	const lit = [...lamp.red.changes, ...lamp.blue.changes]
		.filter(({ brightness }) => brightness > 0)
		.map(({ atMs }) => atMs);
	measured.push(['killed', Math.max(0, Math.max(...lit) - start), null]);
	lamp.forget();
	await sleep(3000);
	assert.equal(lamp.colour, 'dark');
	assert.equal(lamp.flashes('red') + lamp.flashes('blue'), 0);
	card.signal('present');
});

await checkRow('webcam', async () => {
	box = boxOn('/dev/video2');
	await startBox();
	const state = await stateThat('frames', 60, ({ signal, frames }) => signal === 'ok' && frames > 10);
	assert.equal(state.guidance, 'dont-know');
	lamp.forget();
	await sleep(2000);
	assert.equal(lamp.colour, 'dark');
	assert.equal(lamp.flashes('red') + lamp.flashes('blue') + lamp.flashes('green'), 0);
	await box.end('SIGKILL');
	await sleep(expiryMs + 200);
});
assert.equal(lamp.green.everLit, false, 'the box never lit green');

async function renewedGreen(): Promise<ChildProcess> {
	const script = fileURLToPath(new URL('renewLight.js', import.meta.url));
	const child = spawn(process.execPath, [script, 'captured'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(child.stdout!, 'data', { signal: AbortSignal.timeout(60_000) });
	await until('green', 60, () => lamp.colour === 'green');
	await sleep(500);
	return child;
}
for (const [id, signal] of [
	['killed-green', 'SIGKILL'],
	['stopped-green', 'SIGSTOP'],
] as const)
	await checkRow(id, async () => {
		const child = await renewedGreen();
		const ended = once(child, 'exit');
		const start = performance.now();
		child.kill(signal);
		await until('dark', 10, () => lamp.colour === 'dark');
		const dark = performance.now() - start;
		measured.push([id, dark, null]);
		assert.ok(dark < bound(lightMs), `dark after ${dark} ms`);
		if (signal === 'SIGSTOP') child.kill('SIGKILL');
		await ended;
	});

await check('every row of the table that belongs here was run', () => {
	const run = new Set(measured.map(([id]) => id).concat('webcam'));
	assert.deepEqual(
		faults.filter(({ runs, id }) => runs === 'lab' && !run.has(id)).map(({ id }) => id),
		[],
	);
});

const text = (milliseconds: number | null) => (milliseconds === null ? '-' : milliseconds.toFixed(0)).padStart(7);
console.log(
	`  ${'fault'.padEnd(16)}   light    back   (ms in the emulated machine; bounds ${bound(lightMs)} and ${bound(workAgainMs)})`,
);
for (const [id, light, back] of measured) console.log(`  ${id.padEnd(16)} ${text(light)} ${text(back)}`);

await box.end('SIGKILL');
lamp.close();
await broker.stop();
endChecks();
