import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { draft } from '../telemetry/draft.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { phlebox } from './phlebox.ts';

/** A store with a, b, c, of which b was set aside. */
async function filled(t: ExecutionContext): Promise<{ store: string; outbox: LevelOutbox }> {
	const store = temporaryFolder(t);
	const outbox = new LevelOutbox({ folder: join(store, 'outbox'), quotaBytes: 1e8, reserveBytes: 0 });
	await outbox.open();
	t.teardown(() => outbox.close());
	for (const id of ['a', 'b', 'c']) await outbox.append(draft(id));
	await outbox.setAside(2, 'the broker says no');
	return { store, outbox };
}

test('what waits and what was set aside is listed and exported while the box runs', async (t) => {
	const { store, outbox } = await filled(t);
	const list = await phlebox(['outbox', 'list', '--store', store]);
	t.is(list.code, 0, list.stderr);
	t.regex(
		list.stdout,
		/^2 wait to be sent, 1 set aside\nwaits +1 .* a +event\nwaits +3 .*\naside +2 .* b +event +the broker says no\n$/,
	);
	const json = JSON.parse((await phlebox(['outbox', 'list', '--store', store, '--json'])).stdout);
	t.deepEqual(
		json.pending.map(({ id }: { id: string }) => id),
		['a', 'c'],
	);
	const file = join(store, 'export.ndjson');
	const exported = await phlebox(['outbox', 'export', '--store', store, '--out', file]);
	t.is(exported.code, 0, exported.stderr);
	const lines = readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	t.deepEqual(
		lines.map(({ id, reason }) => [id, reason]),
		[
			['a', undefined],
			['c', undefined],
			['b', 'the broker says no'],
		],
	);
	await outbox.append(draft('d'));
	t.is(outbox.pending(), 3);
});

test('what was set aside goes back in its place once the box stands still', async (t) => {
	const { store, outbox } = await filled(t);
	const running = await phlebox(['outbox', 'resend', '--store', store, '--all']);
	t.is(running.code, 1);
	t.regex(running.stderr, /^phlebox: the store \S+ is in use by another Phlebox: stop that one, [^\n]+\n$/);
	await outbox.close();
	const unknown = await phlebox(['outbox', 'resend', '--store', store, 'zzz']);
	t.is(unknown.code, 2);
	t.regex(unknown.stderr, /^phlebox: no message zzz was set aside\n$/);
	const done = await phlebox(['outbox', 'resend', '--store', store, 'b']);
	t.is(done.code, 0, done.stderr);
	t.regex(done.stdout, /^1 messages go out at the next start/);
	await outbox.open();
	t.is(outbox.boot, 2);
	t.deepEqual(
		(await outbox.peek(9)).map(({ id, seq }) => [id, seq]),
		[
			['a', 1],
			['b', 2],
			['c', 3],
		],
	);
});

test('no outbox, and neither ids nor --all, are told in one line', async (t) => {
	for (const [args, code, says] of [
		[['list', '--store', '/nowhere'], 1, /^phlebox: there is no outbox in \/nowhere\/outbox\/level: /],
		[['resend', '--store', '/nowhere', '--all'], 1, /^phlebox: there is no outbox in /],
		[['resend', '--store', '/nowhere'], 2, /^phlebox: outbox resend: give ids, or --all\n$/],
	] as const) {
		const ended = await phlebox(['outbox', ...args]);
		t.is(ended.code, code);
		t.regex(ended.stderr, says);
	}
});
