import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';
import { type RecordingEntry, writeRecordingSet } from '../../src/simulator/recordingSet.ts';
import { writeTensorSet } from '../../src/simulator/tensorSet.ts';

const folder = mkdtempSync(join(tmpdir(), 'phlebox-recordings-'));
const set = join(folder, 'set');
const small = { sizes: [[480, 360]], hdmiHz: [25], seconds: 2, seed: 5, recordings: 2 } as const;
const kinds = ['full-press', 'freeze'] as const;
let entries: RecordingEntry[] = [];
test.before(async () => {
	entries = await writeRecordingSet({ ...small, kinds, out: set });
});
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function run(from: string, out: string) {
	const script = shippedPath('build', 'models', 'training', 'recordings.js');
	const { status, stderr } = spawnSync(process.execPath, [script, from, out], { encoding: 'utf8' });
	return { status, stderr };
}

test.serial(
	'a set of screens becomes the fresh images that training reads, as the simulator draws them itself',
	async (t) => {
		const out = join(folder, 'tensors');
		const { status, stderr } = run(set, out);
		t.is(status, 0, stderr);
		const part = join(out, 'part-000');
		const index = JSON.parse(readFileSync(join(part, 'index.json'), 'utf8'));
		const drawn = await writeTensorSet({ ...small, kinds, out: join(folder, 'drawn'), roiJitter: 0, size: 128 });
		for (const [place, { id, kind, images, scannerHz, expected }] of index.recordings.entries()) {
			t.is(id, entries[place]!.id);
			t.is(kind, kinds[place]);
			t.deepEqual(expected, entries[place]!.expected);
			const rows = readFileSync(join(part, `${id}.csv`), 'utf8')
				.trimEnd()
				.split('\n');
			t.is(rows[0], 'frame,timeMs,landmark,vein');
			t.is(rows.length - 1, images);
			// As the simulator knows its fresh images. In air or on a standing picture nothing changes, and that counts as a repeat.
			const [own, its] = [join(part, `${id}.u8`), join(folder, 'drawn', drawn[place]!.tensors)].map((file) =>
				readFileSync(file),
			);
			t.is(own!.length, images * 128 * 128);
			t.true(Math.abs(images - drawn[place]!.images) <= 2, `${images} of ${drawn[place]!.images}`);
			let most = 0;
			for (let i = 0; i < 128 * 128; i++) most = Math.max(most, Math.abs(own![i]! - its![i]!));
			t.true(most <= 1, `first image differs by ${most}`);
			t.true(Math.abs(scannerHz - drawn[place]!.scannerHz) < 3 || kind === 'freeze');
			t.false(existsSync(join(part, `${id}.f32`)));
		}
	},
);

test.serial('parts that are complete are kept, others are made again', (t) => {
	const out = join(folder, 'again');
	t.is(run(set, out).status, 0);
	const images = join(out, 'part-000', `${entries[0]!.id}.u8`);
	const size = statSync(images).size;
	appendFileSync(images, 'x');
	t.is(run(set, out).status, 0);
	t.is(statSync(images).size, size + 1);
	rmSync(join(out, 'part-000', 'index.json'));
	t.is(run(set, out).status, 0);
	t.is(statSync(images).size, size);
});

test.serial('bad input is one line and leaves no part that looks complete', (t) => {
	t.deepEqual(run('/nowhere', join(folder, 'none')).status, 1);
	appendFileSync(join(set, entries[1]!.labels), '100000,sfj,open\n');
	const out = join(folder, 'bad');
	const { status, stderr } = run(set, out);
	t.is(status, 1);
	t.regex(stderr, /^recordings: .*csv: line \d+ is "100000,sfj,open".*\n$/);
	t.false(existsSync(join(out, 'part-000', 'index.json')));
});
