import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ClassicLevel } from 'classic-level';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { draft } from './draft.ts';
import { temporaryFolder } from './temporaryFolder.ts';

// Faults of the disk that only show when LevelDB is made to report them: its methods are replaced for a moment, one test
// at a time.

const roomy = { quotaBytes: 1e8, reserveBytes: 0 };

async function opened(t: ExecutionContext, folder: string): Promise<LevelOutbox> {
	const outbox = new LevelOutbox({ folder, ...roomy });
	await outbox.open();
	t.teardown(() => outbox.close());
	return outbox;
}

async function ids(outbox: LevelOutbox): Promise<string[]> {
	return (await outbox.peek(1e6)).map((entry) => entry.id);
}

test.serial('what a failed write left behind is removed, and its numbers are used by what comes next', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const outbox = await opened(t, folder);
	await outbox.append(draft('a'));
	// The disk reports an error for a write that in truth arrived.
	const { batch } = ClassicLevel.prototype;
	ClassicLevel.prototype.batch = async function (this: ClassicLevel, ...args: unknown[]) {
		await Reflect.apply(batch, this, args);
		throw Object.assign(new Error('IO error: level: Input/output error'), { code: 'LEVEL_IO_ERROR' });
	} as unknown as typeof batch;
	const failed = await Promise.allSettled(['b', 'c', 'd'].map((id) => outbox.append(draft(id))));
	ClassicLevel.prototype.batch = batch;
	for (const result of failed) {
		t.is(result.status, 'rejected');
		t.regex(
			`${(result as PromiseRejectedResult).reason}`,
			/the store \S+ failed: .*Input\/output error; check its disk$/,
		);
	}
	await outbox.append(draft('e'));
	await outbox.close();
	const again = await opened(t, folder);
	t.deepEqual(
		(await again.peek(9)).map(({ id, seq }) => ({ id, seq })),
		[
			{ id: 'a', seq: 1 },
			{ id: 'e', seq: 2 },
		],
	);
});

test.serial('a message that cannot be set aside or dropped at once is so after healing', async (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	const outbox = await opened(t, folder);
	for (const id of ['a', 'b', 'c']) await outbox.append(draft(id));
	const { batch, del } = ClassicLevel.prototype;
	const fail = async () => {
		throw Object.assign(new Error('IO error'), { code: 'LEVEL_IO_ERROR' });
	};
	ClassicLevel.prototype.batch = fail as unknown as typeof batch;
	ClassicLevel.prototype.del = fail as typeof del;
	await outbox.acknowledge(1);
	await outbox.setAside(2, 'no');
	ClassicLevel.prototype.batch = batch;
	ClassicLevel.prototype.del = del;
	t.is(outbox.pending(), 1);
	await outbox.append(draft('d'));
	await outbox.close();
	const again = await opened(t, folder);
	t.deepEqual(await ids(again), ['c', 'd']);
	t.is(again.aside(), 1);
});
