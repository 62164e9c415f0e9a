// host: it starts the machines whose power it cuts
// What the box stores on a disk of its own (ext4, Debian's kernel), while the power is cut again and again: the machine is
// reset at a moment nobody chose, with whatever its kernel had not written yet, and the next one looks at the disk.
import assert from 'node:assert/strict';
import { check, endChecks } from './check.ts';
import { DiskMachine } from './power/diskMachine.ts';

const cuts = Number(process.env.PHLEBOX_POWER_CUTS ?? 4);
const machines = new DiskMachine();

interface Said {
	found: number[];
	stored: number[];
	dropped: number[];
	wrote: number[];
	appended: number[];
	file: number[];
	plain: number[];
	told: string[];
	ready: number[];
}

/** One machine, until its power is cut or, with 0 seconds, it has said what is on its disk. */
async function machine(seconds: number): Promise<Said> {
	const said: Said = {
		found: [],
		stored: [],
		dropped: [],
		wrote: [],
		appended: [],
		file: [],
		plain: [],
		told: [],
		ready: [],
	};
	for (const line of await machines.run('storing.js', [`${seconds}`], seconds > 0)) {
		const [word, value] = line.split(/ (.*)/);
		if (word === 'told') said.told.push(value!);
		else if (word !== undefined && Object.hasOwn(said, word)) said[word as 'stored'].push(Number(value));
	}
	assert.equal(said.ready.length, 1, 'it was ready');
	return said;
}

const safe = new Set<number>();
let [wrote, appended, plainLost, messages] = [0, 0, 0, 0];
/** What the next machine finds after all that was said before. */
function compare({ found, file, plain, told }: Said): void {
	for (const line of told) console.log(`told at the start: ${line}`);
	plainLost += Math.max(0, appended - plain[0]!);
	const missing = [...safe].filter((number) => !found.includes(number));
	assert.equal(missing.length, 0, `of ${safe.size} that were said to be stored, missing: ${missing.slice(0, 5)}...`);
	assert.deepEqual(
		found,
		[...new Set(found)].sort((a, b) => a - b),
		'each is there once, in order',
	);
	assert.ok(file[0]! >= wrote, `the file is of ${file[0]}, ${wrote} was said to be written`);
}

for (let cut = 1; cut <= cuts; cut++)
	await check(`power cut ${cut}: everything that was said to be stored before is there, once, in order`, async () => {
		const said = await machine(2 + Math.random() * 6);
		compare(said);
		for (const number of said.stored) safe.add(number);
		// Sent: it may be sent once more, but need not be there.
		for (const number of said.dropped) safe.delete(number);
		messages += said.stored.length;
		[wrote, appended] = [said.wrote.at(-1) ?? wrote, said.appended.at(-1) ?? appended];
	});

await check('after the last cut too, and the disk is whole', async () => {
	compare(await machine(0));
	machines.checkFileSystem();
	assert.ok(messages > 20 * cuts, `only ${messages} stored before ${cuts} cuts`);
	console.log(`${messages} messages stored, ${cuts} cuts`);
});

await check('the cuts cost what was not synchronised: they were cuts', () => {
	assert.ok(plainLost > 0, 'lines of a file that nobody synchronises');
	console.log(`${plainLost} lines of a file that nobody synchronises were lost`);
});
endChecks();
