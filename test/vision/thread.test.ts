import test from 'ava';
import type { PhleboxError } from '../../src/errors.ts';
import type { ExamRecord } from '../../src/exam/record.ts';
import type { VisionConfig } from '../../src/vision/messages.ts';
import { VisionThread } from '../../src/vision/thread.ts';

const entry = new URL('./hangingWorker.mjs', import.meta.url);

function setUp(mode: string) {
	const failures: { error: PhleboxError; final: boolean }[] = [];
	const ready: { examWasGiven: boolean }[] = [];
	const records: ExamRecord[] = [];
	const config = { mode, vision: { watchdogMs: 300, startMs: 5000, previewHz: 0 } } as unknown as VisionConfig;
	const thread = new VisionThread(
		config,
		['sfj'],
		{
			ready: (event) => ready.push(event as unknown as { examWasGiven: boolean }),
			record: (record) => records.push(record),
			failed: (error, final) => failures.push({ error, final }),
			scene: () => undefined,
			light: () => undefined,
			ended: () => undefined,
		},
		entry,
	);
	return { thread, failures, ready, records };
}

async function until(condition: () => boolean): Promise<void> {
	const deadline = Date.now() + 20_000;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error('waited in vain');
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

test('a thread that stands still is reported and started anew, on a board of its own', async (t) => {
	const { thread, failures, ready } = setUp('hang');
	thread.start();
	const { board } = thread;
	await until(() => ready.length >= 2);
	t.is(failures[0]?.error.code, 'vision-stuck');
	t.false(failures[0]?.final);
	t.not(thread.board, board);
	t.true(thread.restarts >= 1);
	await thread.stop();
});

test('a thread that throws is reported and started anew', async (t) => {
	const { thread, failures, ready } = setUp('throw');
	thread.start();
	await until(() => ready.length >= 2);
	t.is(failures[0]?.error.code, 'vision-failed');
	t.regex(failures[0]!.error.message, /a bug in the loop/);
	await thread.stop();
});

test('a fault that no waiting mends is reported as final, and nothing is started anew', async (t) => {
	const { thread, failures } = setUp('fail');
	thread.start();
	await until(() => failures.length > 0);
	t.true(failures[0]?.final);
	t.is(failures[0]?.error.code, 'model-invalid');
	await new Promise((resolve) => setTimeout(resolve, 600));
	t.is(thread.restarts, 0);
	await thread.stop();
});

test('the exam of the thread that died is handed to the next', async (t) => {
	const { thread, ready, records } = setUp('record');
	thread.start();
	await until(() => ready.length >= 2);
	t.false(ready[0]?.examWasGiven);
	t.true(ready[1]?.examWasGiven);
	t.true(records.length >= 1);
	await thread.stop();
});

test('without a running thread a command is refused', async (t) => {
	const { thread } = setUp('hang');
	t.false(thread.command({ name: 'end' }));
	await thread.stop();
});

test('stopping ends a thread that does not listen', async (t) => {
	const { thread, ready } = setUp('hang');
	thread.start();
	await until(() => ready.length >= 1);
	await thread.stop();
	t.pass();
});
