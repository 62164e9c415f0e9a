// only by name: ten minutes; .ci/nightly runs it
// host: it starts the machines whose power it cuts
// A model update on a disk of its own (ext4, Debian's kernel) while the power is cut: whatever the kernel had not written is lost,
// and the next machine finds the shipped model or the new one, whole, and ends the update.
import assert from 'node:assert/strict';
import { makeTinyPackage } from '../inference/tinyPackage.ts';
import { makeKeys, makeRepository, release } from '../update/publishing.ts';
import { start } from '../update/world.ts';
import { check, endChecks } from './check.ts';
import { DiskMachine } from './power/diskMachine.ts';

const cuts = Number(process.env.PHLEBOX_POWER_CUTS ?? 6);
const keys = makeKeys();
const repository = makeRepository(keys, start);
release(repository, keys, '1.1.0', start);
const shipped = makeTinyPackage();
const machines = new DiskMachine();
const found: string[] = [];

async function round(at: number, seconds: number): Promise<string[]> {
	return machines.run('updating.js', [`${at}`, `${seconds}`, repository.folder, shipped], seconds > 0);
}

function compare(lines: readonly string[]): void {
	const [state] = lines.filter((line) => line.startsWith('before '));
	assert.match(state ?? 'nothing', /^before (shipped|installed)$/);
	assert.ok(lines.includes('ended committed 1.1.0'), lines.join(' | '));
	found.push(state!.slice(7));
}

for (let cut = 1; cut <= cuts; cut++)
	await check(
		`power cut ${cut}: the model of before the last one is whole, and its update comes to its end`,
		async () => {
			// The whole of an update takes half a minute in the emulated machine.
			const seconds = 6 + Math.random() * 24;
			const lines = await round(cut, seconds);
			console.log(`cut after ${seconds.toFixed(1)} s; ${lines.join(', ')}`);
			if (cut > 1) compare(lines);
		},
	);

await check('after the last cut too, and the disk is whole', async () => {
	compare(await round(cuts + 1, 0));
	machines.checkFileSystem();
	console.log(`after the cuts: ${found.join(', ')}`);
});
endChecks();
