import test, { type ExecutionContext } from 'ava';
import type { PhleboxError } from '../../src/errors.ts';
import type { ExamRecord } from '../../src/exam/record.ts';
import type { VisionConfig } from '../../src/vision/messages.ts';
import { VisionThread } from '../../src/vision/thread.ts';

const entry = new URL('./hangingWorker.js', import.meta.url);

/**
 * A thread that does what `mode` says. Only where it is to be found standing still is the watchdog impatient: on a busy
 * machine it may rest for longer than that without any fault.
 */
function setUp(t: ExecutionContext, mode: 'hang' | 'record' | 'throw' | 'fail' | 'slow') {
	const failures: { error: PhleboxError; final: boolean }[] = [];
	const ready: { examWasGiven: boolean }[] = [];
	const records: ExamRecord[] = [];
	const watchdogMs = { hang: 300, record: 300, slow: 2000, throw: 60_000, fail: 60_000 }[mode];
	const config = {
		mode,
		indicator: {},
		vision: { watchdogMs, startMs: 60_000, previewHz: 0 },
	} as unknown as VisionConfig;
	const thread = new VisionThread(
		config,
		['sfj'],
		{
			ready: (event) => ready.push(event as unknown as { examWasGiven: boolean }),
			record: (record) => records.push(record),
			failed: (error, final) => failures.push({ error, final }),
			scene: () => undefined,
			signal: () => undefined,
			light: () => undefined,
			ended: () => undefined,
		},
		entry,
	);
	// Also after a failure: a thread that is left spinning keeps the others from their deadlines.
	t.teardown(() => thread.stop());
	return { thread, failures, ready, records };
}

async function until(condition: () => boolean): Promise<void> {
	const deadline = Date.now() + 60_000;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error('waited in vain');
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

test.serial('a thread that stands still is reported and started anew, on a board of its own', async (t) => {
	const { thread, failures, ready } = setUp(t, 'hang');
	thread.start();
	const { board } = thread;
	await until(() => ready.length >= 2);
	t.is(failures[0]?.error.code, 'vision-stuck');
	t.false(failures[0]?.final);
	t.not(thread.board, board);
	t.true(thread.restarts >= 1);
});

test.serial('a thread that was long in getting ready is not taken for one that stands still', async (t) => {
	const { thread, failures, ready } = setUp(t, 'slow');
	thread.start();
	await until(() => ready.length >= 1);
	await new Promise((resolve) => setTimeout(resolve, 1000));
	t.deepEqual(failures, []);
});

test.serial('a thread that throws is reported and started anew', async (t) => {
	const { thread, failures, ready } = setUp(t, 'throw');
	thread.start();
	await until(() => ready.length >= 2);
	t.is(failures[0]?.error.code, 'vision-failed');
	t.regex(failures[0]!.error.message, /a bug in the loop/);
});

test.serial('a fault that no waiting mends is reported as final, and nothing is started anew', async (t) => {
	const { thread, failures } = setUp(t, 'fail');
	thread.start();
	await until(() => failures.length > 0);
	t.true(failures[0]?.final);
	t.is(failures[0]?.error.code, 'model-invalid');
	await new Promise((resolve) => setTimeout(resolve, 600));
	t.is(thread.restarts, 0);
});

test.serial('the exam of the thread that died is handed to the next', async (t) => {
	const { thread, ready, records } = setUp(t, 'record');
	thread.start();
	await until(() => ready.length >= 2);
	t.false(ready[0]?.examWasGiven);
	t.true(ready[1]?.examWasGiven);
	t.true(records.length >= 1);
});

test.serial('without a running thread a command is refused', async (t) => {
	const { thread } = setUp(t, 'hang');
	t.false(thread.command({ name: 'end' }));
});

test.serial('stopping ends a thread that does not listen', async (t) => {
	const { thread, ready } = setUp(t, 'hang');
	thread.start();
	await until(() => ready.length >= 1);
	await thread.stop();
	t.false(thread.command({ name: 'end' }), 'no thread is running');
});
