import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const appender = fileURLToPath(new URL('appender.js', import.meta.url));

/** Runs the appender until it has said so many lines, kills it soon after, returns the lines. */
async function appendUntilKilled(folder: string, lines: number): Promise<string[]> {
	const file = `${folder}.said`;
	writeFileSync(file, '');
	const said = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
	const child = spawn(process.execPath, [appender, folder, file], { stdio: 'inherit' });
	const closed = once(child, 'close', { signal: AbortSignal.timeout(110_000) });
	while (said().length < lines && child.exitCode === null) await setTimeout(2);
	await setTimeout(Math.random() * 10);
	child.kill('SIGKILL');
	await closed;
	return said();
}

test('kill -9 at any moment loses nothing that was acknowledged, and keeps the order', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const acknowledged: string[] = [];
	const offered = new Set<string>();
	const kills = 5;
	for (let kill = 0; kill < kills; kill += 1) {
		for (const line of await appendUntilKilled(folder, 10 + Math.random() * 90))
			if (line.startsWith('-')) offered.add(line.slice(1));
			else acknowledged.push(line);
	}
	t.log(`${acknowledged.length} appends acknowledged over ${kills} kills`);
	t.true(acknowledged.length >= 9 * kills);

	const outbox = new LevelOutbox({ folder, quotaBytes: 1e9, reserveBytes: 0 }, (line) => t.fail(line));
	await outbox.open();
	t.teardown(() => outbox.close());
	t.is(outbox.boot, kills + 1);
	const entries = await outbox.peek(1e6);
	const held = new Set(entries.map((entry) => entry.id));
	t.deepEqual(
		acknowledged.filter((id) => !held.has(id) && !offered.has(id)),
		[],
	);
	const order = entries.map(({ id }) => id.split('-').map(Number) as [number, number]);
	t.deepEqual(
		order,
		order.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
	);
	t.deepEqual(
		entries.map((entry) => entry.seq),
		entries.map((entry) => entry.seq).toSorted((a, b) => a - b),
	);
	t.is(held.size, entries.length);
});
