// Updates a model on a disk whose power is cut: what powerCutUpdate.lab.ts runs in a machine.
//   node updating.js ROUND SECONDS REPOSITORY SHIPPED
// Ends the update of the round before, if there is one: prints `before STATE` (`shipped`, `installed` or what is broken), then
// what the update comes to and how many seconds it took. Then begins its own, and cuts the power after SECONDS; 0: does not.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeSync } from 'node:fs';
import { messageOf } from '../../../src/errors.ts';
import { shippedPath } from '../../../src/packageRoot.ts';
import { installedModel } from '../../../src/update/drive/installed.ts';
import { updateFolder } from '../../../src/update/drive/updateFolder.ts';
import { JournalFile } from '../../../src/update/install/journalFile.ts';

const [round, seconds, repository, shipped] = [
	Number(process.argv[2]),
	Number(process.argv[3]),
	...process.argv.slice(4),
];
const disk = '/mnt/disk';
const program = shippedPath('test/slow/installOnce.mjs');
const say = (line: string) => writeSync(1, `${line}\n`);

function stateOf(folder: string): string {
	try {
		const file = new JournalFile(updateFolder(folder).journal);
		file.open();
		const installed = installedModel(folder) !== null;
		if (installed !== (file.journal.current !== null)) return 'a model that the journal does not know';
		return installed ? 'installed' : 'shipped';
	} catch (error) {
		return messageOf(error);
	}
}

mkdirSync(disk, { recursive: true });
execFileSync('mount', ['-t', 'ext4', '/dev/vda', disk]);
const before = `${disk}/${round - 1}`;
if (existsSync(before)) {
	say(`before ${stateOf(before)}`);
	const start = performance.now();
	const { stdout, stderr } = spawnSync(process.execPath, [program, before, repository!, shipped!], {
		encoding: 'utf8',
	});
	say(`ended ${stdout.trim()}${stderr.trim()}`);
	say(`took ${(performance.now() - start) / 1000}`);
}
if (seconds > 0) {
	mkdirSync(`${disk}/${round}`);
	execFileSync('sync');
	spawn('sh', ['-c', `sleep ${seconds}; echo b > /proc/sysrq-trigger`], { stdio: 'ignore' });
	const ended = spawn(process.execPath, [program, `${disk}/${round}`, repository!, shipped!], { stdio: 'inherit' });
	ended.once('exit', () => say('ended before the cut'));
	setInterval(() => undefined, 1000);
} else execFileSync('umount', [disk]);
