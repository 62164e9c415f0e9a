import { execFileSync } from 'node:child_process';
import {
	closeSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ClassicLevel } from 'classic-level';
import { entryKey } from '../../src/telemetry/outbox/entryCodec.ts';
import { LevelOutbox, type LevelOutboxOptions } from '../../src/telemetry/outbox/levelOutbox.ts';
import { PatientOutbox, type StoreTrouble } from '../../src/telemetry/outbox/patientOutbox.ts';
import { draft } from './draft.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const roomy = { quotaBytes: 1e8, reserveBytes: 0 };

async function opened(t: ExecutionContext, options: LevelOutboxOptions, reports: string[] = []): Promise<LevelOutbox> {
	const outbox = new LevelOutbox(options, (line) => reports.push(line));
	await outbox.open();
	t.teardown(() => outbox.close());
	return outbox;
}

async function ids(outbox: LevelOutbox | PatientOutbox): Promise<string[]> {
	return (await outbox.peek(1e6)).map((entry) => entry.id);
}

const filler = 'x'.repeat(2000);
const names = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`);

test('a store at its quota says so, keeps what it has and takes more once something is acknowledged', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const outbox = await opened(t, { folder, quotaBytes: 7000, reserveBytes: 0 });
	const results = await Promise.allSettled(names(5).map((id) => outbox.append(draft(id, { filler }))));
	t.deepEqual(
		results.map((result) => result.status),
		['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
	);
	const error = await t.throwsAsync(outbox.append(draft('more', { filler })), { code: 'store-full' });
	t.regex(error!.message, /^the store \S+ holds 7000 bytes of unsent messages, all it may: [^\n]+$/);
	await outbox.acknowledge(1);
	await outbox.append(draft('later', { filler }));
	t.deepEqual(await ids(outbox), ['m1', 'm2', 'later']);
	t.deepEqual(
		(await outbox.peek(9)).map((entry) => entry.seq),
		[2, 3, 4],
	);
});

test('what was set aside counts for the quota, so that the store cannot grow without end', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const outbox = await opened(t, { folder, quotaBytes: 7000, reserveBytes: 0 });
	for (const id of names(3)) await outbox.append(draft(id, { filler }));
	await outbox.setAside(1, 'no');
	t.true(outbox.filled() > 0.8);
	await t.throwsAsync(outbox.append(draft('more', { filler })), { code: 'store-full' });
	await outbox.dropAside(Date.now() + 1000);
	await outbox.append(draft('later', { filler }));
	t.deepEqual(await ids(outbox), ['m1', 'm2', 'later']);
});

test('appends leave the reserve of the disk free; reading and acknowledging go on', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const first = await opened(t, { folder, ...roomy });
	await first.append(draft('a'));
	await first.append(draft('b'));
	await first.close();
	const outbox = await opened(t, { folder, quotaBytes: 1e8, reserveBytes: 2 ** 60 });
	const error = await t.throwsAsync(outbox.append(draft('c')), { code: 'store-full' });
	t.regex(error!.message, /^the store \S+ has no room left: free space on its disk$/);
	await outbox.acknowledge(1);
	t.deepEqual(await ids(outbox), ['b']);
});

/** Fills a small real file system to the last byte. Returns what frees it again. */
function fillUp(folder: string): () => void {
	const file = join(folder, 'filler');
	const handle = openSync(file, 'w');
	for (const size of [65_536, 4096, 1])
		try {
			for (;;) writeSync(handle, Buffer.alloc(size));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
		}
	closeSync(handle);
	return () => rmSync(file);
}

/** A file system of 16 MiB, or null where this user may not mount one. */
function smallDisk(t: ExecutionContext): string | null {
	const folder = temporaryFolder(t);
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
	} catch {
		t.log('a small tmpfs needs root: only the injected faults were tried, not a disk that is really full');
		t.pass();
		return null;
	}
	t.teardown(() => execFileSync('umount', ['-l', folder]));
	return folder;
}

test('a disk that fills up in the middle of a write loses nothing that was acknowledged', async (t) => {
	const disk = smallDisk(t);
	if (!disk) return;
	const folder = join(disk, 'outbox');
	const outbox = await opened(t, { folder, ...roomy });
	const kept: string[] = [];
	for (const round of [1, 2, 3]) {
		for (const id of names(100)) {
			await outbox.append(draft(`${round}-${id}`, { filler }));
			kept.push(`${round}-${id}`);
		}
		const free = fillUp(disk);
		let refused = 0;
		for (const id of names(20)) {
			try {
				await outbox.append(draft(`${round}-full-${id}`, { filler }));
				kept.push(`${round}-full-${id}`);
			} catch (error) {
				t.is((error as { code: string }).code, 'store-full');
				refused += 1;
			}
		}
		t.true(refused > 0);
		t.deepEqual(await ids(outbox), kept);
		const [oldest] = await outbox.peek(1);
		await outbox.acknowledge(oldest!.seq);
		kept.shift();
		t.deepEqual(await ids(outbox), kept);
		free();
	}
	await outbox.append(draft('after'));
	await outbox.close();
	const again = await opened(t, { folder, ...roomy });
	t.deepEqual(await ids(again), [...kept, 'after']);
});

test('a box that starts on a full disk keeps its messages in memory until there is room', async (t) => {
	const disk = smallDisk(t);
	if (!disk) return;
	const free = fillUp(disk);
	const troubles: StoreTrouble[] = [];
	const store = new LevelOutbox({ folder: join(disk, 'outbox'), ...roomy });
	const outbox = new PatientOutbox(store, { memoryMessages: 3, retryMs: 10 }, (trouble) => troubles.push(trouble));
	await outbox.open();
	t.teardown(() => outbox.close());
	const appended = ['a', 'b', 'c'].map((id) => outbox.append(draft(id)));
	await t.throwsAsync(outbox.append(draft('one too many')), { code: 'store-full' });
	t.is(outbox.waiting(), 3);
	t.is(outbox.boot, 0);
	free();
	await Promise.all(appended);
	t.deepEqual(await ids(outbox), ['a', 'b', 'c']);
	t.is(outbox.waiting(), 0);
	t.deepEqual(
		troubles.map((trouble) => trouble?.code ?? null),
		['store-full', null],
	);
});

test('a second process on the same store is told so, and the first is not disturbed', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const first = await opened(t, { folder, ...roomy });
	await first.append(draft('a'));
	const second = new LevelOutbox({ folder, ...roomy }, (line) => t.fail(line));
	const error = await t.throwsAsync(second.open(), { code: 'store-failed' });
	t.regex(error!.message, /^the store \S+ is in use by another Phlebox: stop that one, [^\n]+$/);
	t.deepEqual(await ids(first), ['a']);
	t.deepEqual(
		readdirSync(folder).filter((name) => name.includes('damaged')),
		[],
	);
});

test('a folder that cannot be one is told in one line', async (t) => {
	const file = join(temporaryFolder(t), 'file');
	writeFileSync(file, '');
	const error = await t.throwsAsync(new LevelOutbox({ folder: file, ...roomy }).open(), { code: 'store-failed' });
	t.regex(error!.message, /^the store \S+ is no folder: [^\n]+$/);
});

const level = (folder: string, ending: RegExp) =>
	readdirSync(join(folder, 'level'))
		.filter((name) => ending.test(name))
		.map((name) => join(folder, 'level', name));
const noise = (file: string, from = 0.4, to = 0.6) => {
	const bytes = readFileSync(file);
	bytes.fill(0xa5, Math.floor(bytes.length * from), Math.floor(bytes.length * to));
	writeFileSync(file, bytes);
};

interface Damage {
	what: string;
	make: (folder: string) => void;
	/** Messages of 300 that have to be there afterwards. */
	saved: number;
}
const damages: Damage[] = [
	{ what: 'CURRENT gone', make: (f) => rmSync(join(f, 'level/CURRENT')), saved: 0 },
	{ what: 'CURRENT garbage', make: (f) => writeFileSync(join(f, 'level/CURRENT'), 'garbage'), saved: 0 },
	{ what: 'MANIFEST gone', make: (f) => rmSync(level(f, /^MANIFEST/)[0]!), saved: 0 },
	{ what: 'MANIFEST garbage', make: (f) => noise(level(f, /^MANIFEST/)[0]!, 0, 1), saved: 0 },
	{ what: 'a table gone', make: (f) => rmSync(level(f, /ldb$/)[0]!), saved: 0 },
	{ what: 'a table cut short', make: (f) => truncateSync(level(f, /ldb$/)[0]!, 100), saved: 0 },
	{ what: 'noise in a table', make: (f) => noise(level(f, /ldb$/)[0]!), saved: 200 },
];

for (const { what, make, saved } of damages)
	test(`a damaged store (${what}) is put aside untouched, what can be read is saved, and counting goes on`, async (t) => {
		const folder = join(temporaryFolder(t), 'outbox');
		const options = { folder, ...roomy };
		const first = new LevelOutbox(options);
		await first.open();
		await Promise.all(names(300).map((id) => first.append(draft(id, { filler: `${Math.random()}`.repeat(20) }))));
		await first.close();
		// The second start moves the log into a table.
		await first.open();
		await first.close();
		make(folder);

		const reports: string[] = [];
		const outbox = await opened(t, options, reports);
		t.is(outbox.boot, 3);
		t.is(reports.length > 0, true);
		for (const line of reports) t.notRegex(line, /\n/);
		const found = await ids(outbox);
		t.true(found.length >= saved, `${found.length} of 300 saved`);
		t.deepEqual(
			found,
			names(300).filter((id) => found.includes(id)),
		);
		const aside = readdirSync(folder).filter((name) => name.startsWith('level.damaged-'));
		t.true(aside.length === 1 || outbox.aside() > 0, reports.join('; '));
		await outbox.append(draft('after'));
		const newest = (await outbox.peek(1e6)).at(-1)!;
		t.is(newest.id, 'after');
		t.true(newest.seq > 300, `seq ${newest.seq}`);
	});

test('messages that a damaged log took along are missed at the next start, and no number is used twice', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const first = new LevelOutbox({ folder, ...roomy });
	await first.open();
	for (const id of names(50)) await first.append(draft(id));
	await first.close();
	noise(level(folder, /log$/)[0]!, 0.5, 1);
	const reports: string[] = [];
	const outbox = await opened(t, { folder, ...roomy }, reports);
	t.regex(reports.join(), /lost its newest messages, those up to number 50/);
	t.true((await ids(outbox)).length < 50);
	await outbox.append(draft('after'));
	t.true((await outbox.peek(1e6)).at(-1)!.seq > 50);
});

test('a message that no longer matches its checksum is set aside, the others go on', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const first = new LevelOutbox({ folder, ...roomy });
	await first.open();
	for (const id of ['a', 'b', 'c']) await first.append(draft(id));
	await first.close();
	const raw = new ClassicLevel(join(folder, 'level'));
	const value = await raw.get(entryKey(2));
	await raw.put(entryKey(2), value!.replace('"b"', '"x"'));
	await raw.close();
	const reports: string[] = [];
	const outbox = await opened(t, { folder, ...roomy }, reports);
	t.deepEqual(await ids(outbox), ['a', 'c']);
	t.is(outbox.aside(), 1);
	t.regex(reports.join(), /^message 2 in the store \S+ is damaged: set aside, not sent$/);
});
