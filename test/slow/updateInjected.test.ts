import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** @param fault what strace makes of a system call, or null */
function install(folder: string, fault: string | null) {
	const node = [process.execPath, program, folder, repository.folder, shipped];
	const trace = ['strace', '-f', '-qq', '-o', join(folder, 'strace'), '-e', 'trace=fsync,rename,link'];
	const command = fault === null ? node : [...trace, '-e', `inject=${fault}`, ...node];
	const { stdout, status, signal, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' });
	return { said: stdout.trim(), killed: signal !== null || status === 137, stderr };
}

function stateOf(folder: string) {
	const file = new JournalFile(updateFolder(folder).journal);
	file.open();
	return file.journal;
}

/** How often the whole update makes this call; Node itself synchronises its standard output at the end. */
function countOf(call: string): number {
	const folder = temporaryFolder();
	const { said, stderr } = install(folder, `${call}:error=EIO:when=9999`);
	if (said !== 'committed 1.1.0') throw new Error(`${said} ${stderr}`);
	return readFileSync(join(folder, 'strace'), 'utf8')
		.split('\n')
		.filter((line) => line.includes(`${call}(`) && !/fsync\([12]\)/.test(line)).length;
}

test.serial(
	'SIGKILL at each synchronisation of an update: what is on disk is whole, and the next start ends it',
	(t) => {
		const all = countOf('fsync');
		t.true(all > 20, `${all}`);
		for (let at = 1; at <= all; at++) {
			const folder = temporaryFolder();
			const { killed } = install(folder, `fsync:signal=SIGKILL:when=${at}`);
			t.true(killed, `${at} of ${all}`);
			// Readable, and the model to start with is whole or the shipped one.
			const { current } = stateOf(folder);
			t.is(installedModel(folder) === null, current === null, `${at} of ${all}`);
			const { said, stderr } = install(folder, null);
			t.is(said, 'committed 1.1.0', `${at} of ${all}: ${stderr}`);
		}
		t.log(`${all} synchronisations`);
	},
);

/** Files of the box that an update writes, and how often each, by their place in the box's folder. */
function writesOf(): Map<string, number> {
	const folder = temporaryFolder();
	const trace = ['-f', '-qq', '-y', '-o', join(folder, 'strace'), '-e', 'trace=write,pwrite64,writev'];
	spawnSync('strace', [...trace, process.execPath, program, folder, repository.folder, shipped]);
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
	(t) => {
		const writes = writesOf();
		t.true(writes.size >= 8, [...writes.keys()].join(' '));
		let all = 0;
		for (const [place, count] of writes)
			for (let at = 1; at <= count; at++) {
				const folder = temporaryFolder();
				const trace = ['-f', '-qq', '-o', '/dev/null', '-P', join(folder, place), '-e', 'trace=write,pwrite64,writev'];
				const fault = ['-e', `inject=write,pwrite64,writev:error=ENOSPC:when=${at}`];
				const node = [process.execPath, program, folder, repository.folder, shipped];
				const { stdout, stderr } = spawnSync('strace', [...trace, ...fault, ...node], { encoding: 'utf8' });
				t.is(stdout.trim(), 'committed 1.1.0', `${place}, write ${at} of ${count}: ${stderr}`);
				all += 1;
			}
		t.log(`${all} writes to ${writes.size} files`);
	},
);

for (const call of ['fsync', 'rename', 'link'])
	test.serial(`a disk that is full at each ${call}: tried again, and it ends well once there is room`, (t) => {
		const all = countOf(call);
		t.true(all > 0);
		for (let at = 1; at <= all; at++) {
			const folder = temporaryFolder();
			const { said, stderr } = install(folder, `${call}:error=ENOSPC:when=${at}`);
			t.is(said, 'committed 1.1.0', `${at} of ${all}: ${stderr} ${JSON.stringify(stateOf(folder))}`);
		}
		t.log(`${all} times ${call}`);
	});
