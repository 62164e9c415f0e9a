// Stores on a disk until the power is cut: what powerCut.lab.ts runs in a machine.
//   node storing.js SECONDS      until the power is cut; 0: only says what is there
// Prints what was found (`found COUNT FIRST-LAST`, `file N`, `plain N`), then what was said to be safe: `stored N`, `dropped N`,
// `wrote N`, and `appended N` of a file that nobody synchronises.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeSync } from 'node:fs';
import { LevelOutbox } from '../../../src/telemetry/outbox/levelOutbox.ts';
import { writeAtomically } from '../../../src/update/atomicFile.ts';

const seconds = Number(process.argv[2]);
const disk = '/mnt/disk';
const say = (line: string) => writeSync(1, `${line}\n`);

mkdirSync(disk, { recursive: true });
execFileSync('mount', ['-t', 'ext4', '/dev/vda', disk]);
const [file, plain] = [`${disk}/file`, `${disk}/plain`];
say(`file ${existsSync(file) ? readFileSync(file, 'utf8').split('\n', 1)[0] : 0}`);
say(`plain ${existsSync(plain) ? readFileSync(plain, 'utf8').split('\n').length - 1 : 0}`);
const outbox = new LevelOutbox({ folder: `${disk}/outbox`, quotaBytes: 1e8, reserveBytes: 0 }, (line) =>
	say(`told ${line}`),
);
await outbox.open();
const found = (await outbox.peek(1_000_000)).map(({ id, seq }) => ({ number: Number(id), seq }));
for (const { number } of found) say(`found ${number}`);
say(`ready ${outbox.boot}`);
if (seconds === 0) {
	await outbox.close();
	execFileSync('umount', [disk]);
	process.exit(0);
}

// Another process has its hand at the switch: no moment of this one's is spared. `b` does not synchronise anything.
spawn('sh', ['-c', `sleep ${seconds}; echo b > /proc/sysrq-trigger`], { stdio: 'ignore' });
let next = (found.at(-1)?.number ?? 0) + 1;
let oldest = found;

async function store(): Promise<void> {
	for (;;) {
		const number = next++;
		// Large ones too, so that tables are written, and merged.
		const payload = { number, filler: 'x'.repeat(number % 16 === 1 ? 300_000 : 300) };
		const draft = { id: `${number}`, topic: 'event', qos: 1, payload, createdAt: new Date().toISOString() } as const;
		await outbox.append(draft);
		say(`stored ${number}`);
	}
}

async function send(): Promise<void> {
	for (;;) {
		oldest = (await outbox.peek(8)).map(({ id, seq }) => ({ number: Number(id), seq }));
		// What is near the end stays, so that there is something to be lost.
		for (const { number, seq } of oldest)
			if (number < next - 40) {
				await outbox.acknowledge(seq);
				say(`dropped ${number}`);
			}
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

async function replace(): Promise<void> {
	for (let version = Number(existsSync(file) ? readFileSync(file, 'utf8').split('\n', 1)[0] : 0) + 1; ; version++) {
		writeAtomically(file, `${version}\n${'y'.repeat(20_000)}\n${version}`);
		say(`wrote ${version}`);
		appendFileSync(plain, `${version}\n`);
		say(`appended ${readFileSync(plain, 'utf8').split('\n').length - 1}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

// Three at a time: their writes are put together.
await Promise.all([store(), store(), store(), send(), replace()]);
