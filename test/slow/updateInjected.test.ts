import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';
import { installedModel } from '../../src/update/drive/installed.ts';
import { updateFolder } from '../../src/update/drive/updateFolder.ts';
import { JournalFile } from '../../src/update/install/journalFile.ts';
import { makeTinyPackage, temporaryFolder } from '../inference/tinyPackage.ts';
import { makeKeys, makeRepository, release } from '../update/publishing.ts';
import { start } from '../update/world.ts';

const keys = makeKeys();
const repository = makeRepository(keys, start);
release(repository, keys, '1.1.0', start);
const shipped = makeTinyPackage();
const program = shippedPath('test/slow/installOnce.mjs');

interface Ended {
	stdout: string;
	stderr: string;
	/** The process was ended by SIGKILL, or strace says that what it traced was. */
	killed: boolean;
}

function ended(command: readonly string[]): Promise<Ended> {
	return new Promise((resolve) => {
		execFile(command[0]!, command.slice(1), { timeout: 600_000 }, (error, stdout, stderr) =>
			resolve({ stdout, stderr, killed: error !== null && (error.signal === 'SIGKILL' || error.code === 137) }),
		);
	});
}

/** Each of 1 to `all`, as many at a time as there are processors. */
async function each(all: number, act: (at: number) => Promise<void>): Promise<void> {
	let at = 0;
	const worker = async () => {
		while (at < all) await act(++at);
	};
	await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** @param fault what strace makes of a system call, or null */
async function install(folder: string, fault: string | null) {
	const node = [process.execPath, program, folder, repository.folder, shipped];
	const trace = ['strace', '-f', '-qq', '-o', join(folder, 'strace'), '-e', 'trace=fsync,rename,link'];
	const command = fault === null ? node : [...trace, '-e', `inject=${fault}`, ...node];
	const { stdout, stderr, killed } = await ended(command);
	return { said: stdout.trim(), killed, stderr };
}

function stateOf(folder: string) {
	const file = new JournalFile(updateFolder(folder).journal);
	file.open();
	return file.journal;
}

/** How often the whole update makes this call; Node itself synchronises its standard output at the end. */
async function countOf(call: string): Promise<number> {
	const folder = temporaryFolder();
	const { said, stderr } = await install(folder, `${call}:error=EIO:when=9999`);
	if (said !== 'committed 1.1.0') throw new Error(`${said} ${stderr}`);
	return readFileSync(join(folder, 'strace'), 'utf8')
		.split('\n')
		.filter((line) => line.includes(`${call}(`) && !/fsync\([12]\)/.test(line)).length;
}

test.serial(
	'SIGKILL at each synchronisation of an update: what is on disk is whole, and the next start ends it',
	async (t) => {
		const all = await countOf('fsync');
		t.true(all > 20, `${all}`);
		await each(all, async (at) => {
			const folder = temporaryFolder();
			const { killed } = await install(folder, `fsync:signal=SIGKILL:when=${at}`);
			t.true(killed, `${at} of ${all}`);
			// Readable, and the model to start with is whole or the shipped one.
			const { current } = stateOf(folder);
			t.is(installedModel(folder) === null, current === null, `${at} of ${all}`);
			const { said, stderr } = await install(folder, null);
			t.is(said, 'committed 1.1.0', `${at} of ${all}: ${stderr}`);
		});
		t.log(`${all} synchronisations`);
	},
);

/** Files of the box that an update writes, and how often each, by their place in the box's folder. */
async function writesOf(): Promise<Map<string, number>> {
	const folder = temporaryFolder();
	const trace = ['-f', '-qq', '-y', '-o', join(folder, 'strace'), '-e', 'trace=write,pwrite64,writev'];
	await ended(['strace', ...trace, process.execPath, program, folder, repository.folder, shipped]);
	const writes = new Map<string, number>();
	for (const line of readFileSync(join(folder, 'strace'), 'utf8').split('\n')) {
		const path = /(?:write|pwrite64|writev)\(\d+<(\/[^>]*)>/.exec(line)?.[1];
		if (!path?.startsWith(folder)) continue;
		const place = path.slice(folder.length + 1);
		writes.set(place, (writes.get(place) ?? 0) + 1);
	}
	return writes;
}

test.serial(
	'a disk that is full at each single write of an update: tried again, and it ends well once there is room',
	async (t) => {
		const writes = await writesOf();
		t.true(writes.size >= 8, [...writes.keys()].join(' '));
		const all = [...writes].flatMap(([place, count]) =>
			Array.from({ length: count }, (_, i) => ({ place, at: i + 1 })),
		);
		await each(all.length, async (which) => {
			const { place, at } = all[which - 1]!;
			const folder = temporaryFolder();
			const trace = ['-f', '-qq', '-o', '/dev/null', '-P', join(folder, place), '-e', 'trace=write,pwrite64,writev'];
			const fault = ['-e', `inject=write,pwrite64,writev:error=ENOSPC:when=${at}`];
			const node = [process.execPath, program, folder, repository.folder, shipped];
			const { stdout, stderr } = await ended(['strace', ...trace, ...fault, ...node]);
			t.is(stdout.trim(), 'committed 1.1.0', `${place}, write ${at} of ${writes.get(place)}: ${stderr}`);
		});
		t.log(`${all.length} writes to ${writes.size} files`);
	},
);

for (const call of ['fsync', 'rename', 'link'])
	test.serial(`a disk that is full at each ${call}: tried again, and it ends well once there is room`, async (t) => {
		const all = await countOf(call);
		t.true(all > 0);
		await each(all, async (at) => {
			const folder = temporaryFolder();
			const { said, stderr } = await install(folder, `${call}:error=ENOSPC:when=${at}`);
			t.is(said, 'committed 1.1.0', `${at} of ${all}: ${stderr} ${JSON.stringify(stateOf(folder))}`);
		});
		t.log(`${all} times ${call}`);
	});
