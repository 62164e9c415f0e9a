import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

// Faults of the disk at the N-th synchronisation, for every N that a run has (strace(1), tampering). `when` counts for each
// thread, so the pool of Node has one only; LevelDB compacts in a thread of its own.

const appender = fileURLToPath(new URL('diskAppender.js', import.meta.url));
const count = 10;
const all = Array.from({ length: count }, (_, place) => `m${String(place).padStart(2, '0')}`);
const syncs = 'fdatasync,fsync';

function strace(args: string[], folder: string): { lines: string[]; trace: string; code: number | null } {
	const trace = join(folder, 'trace');
	const child = spawnSync(
		'strace',
		[
			'-f',

			'-qq',
			'-o',
			trace,
			'-e',
			`trace=${syncs}`,
			...args,
			process.execPath,
			appender,
			join(folder, 'outbox'),
			`${count}`,
		],
		{ encoding: 'utf8', env: { ...process.env, UV_THREADPOOL_SIZE: '1' }, timeout: 60_000 },
	);
	if (child.error) throw new Error(`strace is needed: apt-get install strace (${child.error.message})`);
	return { lines: child.stdout.split('\n').slice(0, -1), trace: readFileSync(trace, 'utf8'), code: child.status };
}

interface Place {
	call: 'fdatasync' | 'fsync';
	/** Counts the calls of that name in one thread. */
	when: number;
}

/** Every synchronisation of a run without faults. */
function placesOfARun(): Place[] {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-disk-'));
	try {
		const { trace, lines } = strace([], folder);
		if (lines.at(-1) !== 'done') throw new Error(`the run without faults failed: ${lines.join('; ')}`);
		return (['fdatasync', 'fsync'] as const).flatMap((call) => {
			const perThread = new Map<string, number>();
			for (const [, thread] of trace.matchAll(new RegExp(`^(\\d+) +${call}\\(`, 'gm')))
				perThread.set(thread!, (perThread.get(thread!) ?? 0) + 1);
			return Array.from({ length: Math.max(0, ...perThread.values()) }, (_, at) => ({ call, when: at + 1 }));
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Nothing that was said to be stored is missing, nothing is there twice, and the order is kept. */
async function nothingLost(t: ExecutionContext, folder: string, lines: string[], what: string): Promise<string[]> {
	const said = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.split(' ')[1]!);
	const outbox = new LevelOutbox({ folder: join(folder, 'outbox'), quotaBytes: 1e8, reserveBytes: 0 }, (line) =>
		t.fail(`${what}: ${line}`),
	);
	await outbox.open();
	const held = (await outbox.peek(1000)).map(({ id }) => id);
	await outbox.close();
	const dropped = new Set(said('dropped'));
	t.deepEqual(
		said('stored').filter((id) => !held.includes(id) && !dropped.has(id)),
		[],
		`${what}: missing`,
	);
	t.deepEqual(held, [...new Set(held)].sort(), `${what}: twice or out of order`);
	return held;
}

const places = placesOfARun();

for (const { fault, inject, ends } of [
	{ fault: 'an I/O error', inject: 'error=EIO', ends: true },
	{ fault: 'no room', inject: 'error=ENOSPC', ends: true },
	{ fault: 'SIGKILL', inject: 'signal=SIGKILL', ends: false },
])
	test(`${fault} at any of ${places.length} synchronisations loses nothing that was stored, doubles nothing, keeps the order`, async (t) => {
		for (const { call, when } of places) {
			const folder = temporaryFolder(t);
			const what = `${fault} at ${call} ${when}`;
			const { lines, trace } = strace(['-e', `inject=${call}:${inject}:when=${when}`], folder);
			t.regex(trace, /INJECTED|killed by SIGKILL/, `${what}: not injected`);
			const held = await nothingLost(t, folder, lines, what);
			if (!ends) continue;
			t.is(lines.at(-1), 'done', `${what}: ${lines.at(-1)}`);
			t.deepEqual(held, all.slice(1), what);
		}
		t.log(`${places.length} rows`);
	});
