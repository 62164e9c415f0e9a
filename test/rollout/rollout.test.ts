import test from 'ava';
import { advanced, heard, planned, type Rollout } from '../../src/rollout/rollout.ts';

const plan = (rules: Partial<Rollout> = {}): Rollout => ({
	...planned({
		...{
			id: 'r',
			model: { name: 'dual', version: '1.0.0' },
			rings: [
				['a', 'b'],
				['c', 'd', 'e'],
			],
		},
		...{ perMinute: 100, soakMinutes: 10, abortShare: 0.3, silentMinutes: 60 },
	}),
	state: 'running',
	...rules,
});
const end = (rollout: Rollout, box: string, status: 'SUCCEEDED' | 'FAILED', nowMs: number) =>
	heard(rollout, box, { status, step: '', reason: '' }, nowMs);
const minute = 60_000;

test('the second ring begins when all of the first have ended and the time between is over', (t) => {
	let { rollout, send } = advanced(plan(), 0);
	t.deepEqual(send, ['a', 'b']);
	rollout = end(rollout, 'a', 'SUCCEEDED', minute);
	t.deepEqual(advanced(rollout, 50 * minute).send, []);
	rollout = end(rollout, 'b', 'SUCCEEDED', 5 * minute);
	t.deepEqual(advanced(rollout, 14 * minute).send, []);
	({ rollout, send } = advanced(rollout, 15 * minute));
	t.deepEqual(send, ['c', 'd', 'e']);
	for (const box of ['c', 'd', 'e']) rollout = end(rollout, box, 'SUCCEEDED', 16 * minute);
	t.is(advanced(rollout, 17 * minute).rollout.state, 'done');
});

test('no more jobs a minute than allowed', (t) => {
	const first = advanced(plan({ perMinute: 1 }), 0);
	t.deepEqual(first.send, ['a']);
	t.deepEqual(advanced(first.rollout, 59_000).send, []);
	t.deepEqual(advanced(first.rollout, 61_000).send, ['b']);
});

test('too large a share of failures ends it, and nothing more is sent', (t) => {
	let { rollout } = advanced(plan(), 0);
	rollout = end(rollout, 'a', 'FAILED', minute);
	const after = advanced(rollout, 2 * minute);
	t.is(after.rollout.state, 'aborted');
	t.regex(after.rollout.reason, /1 of 1 boxes failed; allowed is a share of 0\.3/);
	t.deepEqual(advanced(after.rollout, 3 * minute), { rollout: after.rollout, send: [] });
});

test('a share that is allowed ends nothing', (t) => {
	let { rollout } = advanced(plan({ abortShare: 0.5 }), 0);
	rollout = end(rollout, 'a', 'SUCCEEDED', minute);
	rollout = end(rollout, 'b', 'FAILED', minute);
	t.deepEqual(advanced(rollout, 20 * minute).send, ['c', 'd', 'e']);
});

test('a box that is silent for too long has failed', (t) => {
	const { rollout } = advanced(plan({ abortShare: 0.1 }), 0);
	t.is(advanced(rollout, 59 * minute).rollout.state, 'running');
	const after = advanced(rollout, 61 * minute).rollout;
	t.is(after.state, 'aborted');
	t.is(after.boxes.a?.status, 'TIMED_OUT');
});

test('paused, it sends nothing; what comes is heard all the same, from boxes of the plan only', (t) => {
	const { rollout } = advanced(plan(), 0);
	const paused: Rollout = { ...rollout, state: 'paused' };
	t.deepEqual(advanced(paused, minute).send, []);
	t.is(end(paused, 'a', 'SUCCEEDED', minute).boxes.a?.status, 'SUCCEEDED');
	t.is(end(paused, 'stranger', 'FAILED', minute), paused);
	t.is(end(paused, 'c', 'FAILED', minute), paused, 'it was not sent any');
	const ended = end(paused, 'a', 'SUCCEEDED', minute);
	t.is(end(ended, 'a', 'FAILED', minute), ended, 'the first end counts');
});
