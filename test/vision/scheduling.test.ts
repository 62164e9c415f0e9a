import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import type { Scheduling } from '../../src/vision/scheduling.ts';

const none: Scheduling = { cpus: null, realtimePriority: 0 };
const child = fileURLToPath(new URL('scheduledChild.js', import.meta.url));
const fifo = 1;

async function scheduled(asked: Partial<Scheduling>, nobody = false): Promise<Record<string, unknown>> {
	const { stdout } = await promisify(execFile)(process.execPath, [
		child,
		JSON.stringify({ ...none, ...asked, nobody }),
	]);
	return JSON.parse(stdout) as Record<string, unknown>;
}

test('a thread stays where it was told, and nothing is done unasked', async (t) => {
	const free = await scheduled({});
	t.deepEqual([free.priority, free.policy], [0, 0]);
	const first = String(free.cpus).split(/[-,]/)[0]!;
	t.is((await scheduled({ cpus: [Number(first)] })).cpus, first);
});

test('a processor that is not there is refused in one line', async (t) => {
	const { code, message } = await scheduled({ cpus: [1023] });
	t.is(code, 'not-permitted');
	t.regex(String(message), /^vision\.cpus: processor 1023 is not permitted \(EINVAL\): [^\n]+$/);
});

test('whoever may have a real-time priority gets it', async (t) => {
	const { priority, policy, message } = await scheduled({ realtimePriority: 7 });
	// Who may not is told so; which of the two this is, the machine that tests decides.
	if (message === undefined) t.deepEqual([priority, Number(policy) & 0xff], [7, fifo]);
	else t.regex(String(message), /^vision\.realtimePriority: .*LimitRTPRIO/);
});

test('a user who may not is refused the priority in one line', async (t) => {
	const priority = await scheduled({ realtimePriority: 7 }, true);
	t.is(priority.code, 'not-permitted', JSON.stringify(priority));
	t.regex(String(priority.message), /^vision\.realtimePriority: priority 7 is not permitted \(EPERM\): [^\n]+$/);
});
