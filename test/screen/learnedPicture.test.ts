import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { FrameSource, Pull } from '../../src/capture/frameSource.ts';
import type { SignalState } from '../../src/capture/signal.ts';
import { learnNoSignal } from '../../src/screen/learnNoSignal.ts';
import { LostLook } from '../../src/screen/lostLook.ts';
import type { LostOptions } from '../../src/screen/lostSignal.ts';
import {
	cellsOf,
	noSignalFile,
	readNoSignalPictures,
	writeNoSignalPictures,
} from '../../src/screen/noSignalPictures.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { phlebox } from '../cli/phlebox.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { DrawnScreen, hash } from './drawnScreen.ts';

const whole = { x: 0, y: 0, width: 400, height: 280 };
const roi = { x: 96, y: 40, width: 200, height: 180 };
const known = 'the picture that was learned for no signal comes in';

const bars = (screen: DrawnScreen) => screen.paint(whole, (x) => 16 + Math.floor((x * 8) / whole.width) * 30);
/** A logo on a dark screen, with the words that grabbers put below it. */
function logo(screen: DrawnScreen): void {
	screen.fill(whole, 16);
	screen.fill({ x: 160, y: 100, width: 80, height: 50 }, 180);
	screen.letters(170, 170, 9, 235);
}
function noisy(screen: DrawnScreen, levels: number, seed = 1): void {
	const { bytes } = screen.memory;
	const { offset, stride } = screen.frame;
	for (let y = 0; y < whole.height; y++)
		for (let x = 0; x < whole.width; x++) {
			const at = offset + y * stride + x;
			bytes[at] = Math.max(0, Math.min(255, bytes[at]! + (hash(x, y, seed) - 0.5) * 2 * levels));
		}
}
function machine(screen: DrawnScreen, image = 1): void {
	screen.fill(whole, 0);
	screen.machine(roi);
	screen.linear(roi, image);
}

/** A capture device that shows a screen, 50 frames a second, as fast as it is asked. */
function device(screen: DrawnScreen, draw: (frame: number) => void = () => undefined): FrameSource {
	let frames = 0;
	return {
		name: 'drawn',
		open: () => undefined,
		close: () => undefined,
		next(): Pull {
			draw(frames);
			return { kind: 'frame', frame: screen.at(1000 + 20 * frames++), signal: 'ok', detail: '' };
		},
	};
}
const todo = (signal: SignalState) => `what to do about ${signal}`;
const learn = (screen: DrawnScreen, draw?: (frame: number) => void) =>
	learnNoSignal(device(screen, draw), screen.memory, todo);
const lookOf = (screen: DrawnScreen, options: LostOptions) => new LostLook(screen.memory).of(screen.frame, options);
const refusal = (t: ExecutionContext, run: () => unknown): string => {
	const error = t.throws(run, { code: 'nothing-learned' });
	return error?.message ?? '';
};

for (const [what, draw] of [
	['colour bars', bars],
	['a logo', logo],
] as const)
	test(`${what}: learned, and known again with the noise of a cable and in another format; a scan is none`, (t) => {
		const screen = new DrawnScreen(400, 280);
		draw(screen);
		const options = { ...screenDefaults.lost, pictures: [cellsOf(learn(screen))] };
		t.is(lookOf(screen, options), known);
		noisy(screen, 12);
		t.is(lookOf(screen, options), known);
		const packed = new DrawnScreen(400, 280, 'YUYV');
		draw(packed);
		t.is(lookOf(packed, options), known);
		machine(screen);
		t.is(lookOf(screen, options), '');
		screen.fill(roi, 0);
		t.is(lookOf(screen, options), '', 'a machine without a picture');
		if (draw === bars) logo(screen);
		else bars(screen);
		t.is(lookOf(screen, options), '', 'another picture');
	});

test('a cable that carries a live scan teaches nothing', (t) => {
	const screen = new DrawnScreen(400, 280);
	screen.machine(roi);
	t.regex(
		refusal(t, () => learn(screen, (frame) => machine(screen, frame >> 1))),
		/does not stand still: pull the cable out/,
	);
});

test('what is known anyway is not learned: one grey, noise, and what the device says itself', (t) => {
	const screen = new DrawnScreen(400, 280);
	t.regex(
		refusal(t, () => learn(screen)),
		/one grey comes in: that is known/,
	);
	t.regex(
		refusal(t, () => learn(screen, (frame) => screen.paint(whole, (x, y) => hash(x, y, frame) * 255))),
		/noise comes in: that is known/,
	);
	const says = (signal: SignalState): FrameSource => ({
		...device(screen),
		next: () => ({ kind: 'signal', frame: screen.frame, signal, detail: 'why' }),
	});
	t.regex(
		refusal(t, () => learnNoSignal(says('no-cable'), screen.memory, todo)),
		/says no-cable by itself \(why\): nothing has to be learned/,
	);
	t.regex(
		refusal(t, () => learnNoSignal(says('error'), screen.memory, todo)),
		/error: why; what to do about error/,
	);
});

test('a device without frames ends the wait', (t) => {
	const screen = new DrawnScreen(400, 280);
	const silent: FrameSource = {
		...device(screen),
		next: () => ({ kind: 'idle', frame: screen.frame, signal: 'ok', detail: '' }),
	};
	t.regex(
		refusal(t, () => learnNoSignal(silent, screen.memory, todo, { standsMs: 10, patienceMs: 20 })),
		/no frame came/,
	);
});

test('what was learned is kept, and a damaged file is named', async (t) => {
	const folder = join(temporaryFolder(t), 'store');
	t.deepEqual(readNoSignalPictures(folder), []);
	const screen = new DrawnScreen(400, 280);
	bars(screen);
	const picture = learn(screen);
	await writeNoSignalPictures(folder, [picture]);
	t.deepEqual(readNoSignalPictures(folder), [picture]);
	const text = readFileSync(noSignalFile(folder), 'utf8');
	for (const damaged of [text.slice(0, 40), text.replace(/"cells": "..../, '"cells": "'), '{}']) {
		writeFileSync(noSignalFile(folder), damaged);
		t.throws(() => readNoSignalPictures(folder), {
			code: 'store-failed',
			message: /no-signal\.json cannot be read.*--forget/,
		});
	}
});

/** Ten frames a second of a screen of bars, as a recording that goes round. */
function recording(file: string): void {
	const [width, height] = [64, 36];
	const luma = Uint8Array.from({ length: width * height }, (_, i) => 20 + ((i % width) >> 3) * 28);
	const frame = [Buffer.from('FRAME\n'), Buffer.from(luma)];
	writeFileSync(
		file,
		Buffer.concat([
			Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 Cmono\n`),
			...Array(20).fill(frame).flat(),
		]),
	);
}

test('phlebox learn no-signal: learned, listed, forgotten; two options that exclude each other are refused', async (t) => {
	const folder = temporaryFolder(t);
	const store = join(folder, 'store');
	mkdirSync(store);
	const [video, config] = [join(folder, 'bars.y4m'), join(folder, 'box.yaml')];
	recording(video);
	writeFileSync(
		config,
		`capture: {source: recording, recording: {file: ${video}, loop: true}}\nstore: {folder: ${store}}\n`,
	);
	const call = (...args: string[]) => phlebox(['learn', 'no-signal', '--config', config, ...args]);
	const learned = await call();
	t.is(learned.code, 0, learned.stderr);
	t.regex(learned.stdout, /^learned a picture of 64x36; .*\n\S+no-signal\.json: 1 pictures\n {2}64x36, learned 20/);
	t.is(JSON.parse((await call('--list', '--json')).stdout).length, 1);
	t.deepEqual(JSON.parse((await call('--forget', '--json')).stdout), []);
	const both = await call('--list', '--forget');
	t.is(both.code, 2);
	t.regex(both.stderr, /exclude each other/);
});
