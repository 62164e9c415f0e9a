import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { constants } from '../../src/capture/v4l2/ioctls.ts';
import type { PhleboxError } from '../../src/errors.ts';
import type { Guidance } from '../../src/exam/guidance.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import type { Shown } from '../../src/indicator/shown.ts';
import type { VisionConfig } from '../../src/vision/messages.ts';
import { VisionThread } from '../../src/vision/thread.ts';
import type { FakeDevice } from '../capture/v4l2/fakeDevice.ts';
import type { Fault } from './fault.ts';
import { pressedDevice } from './pressedDevice.ts';
import { faults } from './table.ts';

const whole = { errno: {}, step: 1, flags: constants.BUF_FLAG_TIMESTAMP_MONOTONIC, offered: ['YUYV'] };
const before: Shown[] = ['press', 'hold', 'captured'];

/** What the device does, and what the light said just before. */
const causes: Record<string, { fields: Partial<FakeDevice>; while: Guidance }> = {
	'unplug-pressing': { fields: { errno: { DQBUF: 'ENODEV', open: 'ENOENT' } }, while: 'hold' },
	'unplug-green': { fields: { errno: { DQBUF: 'ENODEV', open: 'ENOENT' } }, while: 'captured' },
	'sequence-stands': { fields: { step: 0 }, while: 'press' },
	'damaged-only': { fields: { flags: constants.BUF_FLAG_ERROR }, while: 'press' },
};
const rowOf = (id: string): Fault => faults.find((fault) => fault.id === id)!;

/** Presses until the light says so; a press that a busy machine has torn apart is made again. */
function pressUntil({ scan, turnUntil, shown, loop }: ReturnType<typeof pressedDevice>, guidance: Guidance): void {
	for (let tries = 0; tries < 20; tries++) {
		scan.sees = 'open';
		turnUntil('press', () => shown()?.guidance === 'press');
		// It has to be seen open for a while.
		const { timeMs } = loop.observation;
		turnUntil('time', () => loop.observation.timeMs > timeMs + 2 * protocolDefaults.openMs);
		if (guidance === 'press' && shown().guidance === 'press') return;
		scan.sees = 'closed';
		turnUntil(guidance, () => shown().guidance === guidance || shown().guidance === 'release');
		if (shown().guidance === guidance) return;
	}
	throw new Error(`no ${guidance} in 20 presses`);
}

for (const [id, { fields, while: during }] of Object.entries(causes)) {
	const row = rowOf(id);
	test.serial(`${id}: ${row.fault}; then the pass has to be made anew`, (t) => {
		const box = pressedDevice();
		t.teardown(box.close);
		pressUntil(box, during);
		Object.assign(box.device, fields);
		const shownBefore = box.scan.shown.length;
		box.turnUntil(row.light, () => box.shown().guidance === row.light);
		const said = box.scan.shown.slice(shownBefore).map(({ guidance }) => guidance);
		// What was shown before it expires within a quarter of a second by itself.
		t.true(
			said.every((guidance) => [during, 'dont-know', row.light].includes(guidance)),
			`${said}`,
		);
		t.is(box.signals.at(-1)?.signal, row.signal);
		t.regex(box.signals.at(-1)?.cause ?? '', new RegExp(row.says));
		Object.assign(box.device, whole);
		// The vein is still pressed shut: nothing goes on from what was seen before.
		const greenBefore = box.scan.shown.filter(({ guidance }) => guidance === 'captured').length;
		if (during !== 'press') box.scan.sees = 'closed';
		box.turnUntil('another word', () => box.shown().guidance !== row.light);
		for (let i = 0; i < 40; i++) box.loop.turn();
		t.is(box.scan.shown.filter(({ guidance }) => guidance === 'captured').length, greenBefore);
		t.is(box.signals.at(-1)?.signal, 'ok');
		if (id === 'unplug-pressing') {
			pressUntil(box, 'captured');
			t.true(box.records.includes('site'), 'a press after it counts');
		}
	});
}

test.serial(`jpeg-damaged: ${rowOf('jpeg-damaged').fault}`, (t) => {
	const row = rowOf('jpeg-damaged');
	const box = pressedDevice({ offered: ['MJPG'], picture: new Uint8Array(500).fill(7) });
	t.teardown(box.close);
	box.turnUntil(row.light, () => box.shown()?.guidance === row.light);
	t.is(box.signals.at(-1)?.signal, row.signal);
	t.regex(box.signals.at(-1)?.cause ?? '', new RegExp(row.says));
	t.false(box.scan.shown.some(({ guidance }) => before.includes(guidance)));
});

async function until(condition: () => boolean): Promise<void> {
	const end = Date.now() + 60_000;
	while (!condition()) {
		if (Date.now() > end) throw new Error('waited in vain');
		await sleep(20);
	}
}

test.serial(`hung: ${rowOf('hung').fault}`, async (t) => {
	const failures: PhleboxError[] = [];
	const hanging: boolean[] = [];
	let ready = 0;
	const config = {
		vision: { watchdogMs: 300, startMs: 60_000, previewHz: 0 },
		indicator: { selfTest: false },
	} as unknown as VisionConfig;
	const thread = new VisionThread(
		config,
		['sfj'],
		{
			ready: () => ready++,
			failed(error) {
				failures.push(error);
				hanging.push(thread.hanging);
			},
			...{ record: () => undefined, scene: () => undefined, signal: () => undefined },
			...{ light: () => undefined, ended: () => undefined },
		},
		new URL('./nativeHang.js', import.meta.url),
	);
	t.teardown(() => thread.stop());
	thread.start();
	const { board } = thread;
	await until(() => ready >= 2);
	t.true(hanging[0], 'it is known that the first one is still there');
	t.is(failures[0]?.code, 'vision-stuck');
	t.regex(failures[0]!.message, new RegExp(rowOf('hung').says));
	t.not(thread.board, board, 'what still hangs writes where nobody looks');
	await thread.stop();
	await until(() => !thread.hanging);
});

const descriptors = () => readdirSync('/proc/self/fd').length;

/** Kinds of faults by turns, as the device of the tests can make them. */
const roundFaults: Partial<FakeDevice>[] = [
	{ errno: { DQBUF: 'ENODEV', open: 'ENOENT' } },
	{ errno: { DQBUF: 'EIO' } },
	{ errno: { QUERY_DV_TIMINGS: 'ENOLINK' } },
	{ errno: { QUERY_DV_TIMINGS: 'ENOLCK' } },
	{ errno: { DQBUF: 'EIO', REQBUFS: 'ENOMEM' } },
];
function rounds(t: ExecutionContext, box: ReturnType<typeof pressedDevice>, count: number): void {
	for (let round = 0; round < count; round++) {
		Object.assign(box.device, roundFaults[round % roundFaults.length]);
		box.turnUntil('a fault', () => box.shown()?.guidance === 'no-signal');
		Object.assign(box.device, whole);
		box.turnUntil('work', () => box.shown().guidance !== 'no-signal');
	}
	t.pass();
}

test.serial('after many rounds of faults no descriptor and no mapping is left over', (t) => {
	const box = pressedDevice();
	t.teardown(box.close);
	rounds(t, box, 5);
	const open = descriptors();
	rounds(t, box, 45);
	t.is(descriptors(), open);
});

test('every row of the table that belongs here is run here', (t) => {
	const here = [...Object.keys(causes), 'jpeg-damaged', 'hung'];
	t.deepEqual(
		faults.filter(({ runs }) => runs === 'npm test').map(({ id }) => id),
		here,
	);
});
