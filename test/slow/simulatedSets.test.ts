import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { layouts } from '../../src/simulator/layout.ts';
import { recordingSetDefaults, writeRecordingSet } from '../../src/simulator/recordingSet.ts';
import { SetFolder } from '../../src/simulator/setFolder.ts';
import { writeTensorSet } from '../../src/simulator/tensorSet.ts';
import type { ScenarioKind } from '../../src/simulator/trainingScenario.ts';

function folder(t: ExecutionContext): string {
	const path = mkdtempSync(join(tmpdir(), 'phlebox-sets-'));
	t.teardown(() => rmSync(path, { recursive: true, force: true }));
	return path;
}

const small = { sizes: [[480, 360]], hdmiHz: [10], seconds: 2, seed: 5 } as const;
const kinds: readonly ScenarioKind[] = ['full-press', 'half-press', 'no-vessel'];
const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

test.serial('a recording set holds an index, whole screens and one label a delivered frame', async (t) => {
	const out = join(folder(t), 'set');
	const told: string[] = [];
	const entries = await writeRecordingSet({
		...small,
		out,
		recordings: 3,
		kinds,
		onProgress: ({ written, recordings, id, frames }) => told.push(`${written}/${recordings} ${id} ${frames > 0}`),
	});
	const index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8'));
	t.deepEqual(Object.keys(index), ['name', 'license', 'source', 'recordings']);
	t.deepEqual(index.recordings, entries);
	t.deepEqual(
		told,
		entries.map(({ id }, i) => `${i + 1}/3 ${id} true`),
	);
	t.deepEqual(
		entries.map(({ kind, expected }) => `${kind} ${expected.outcome}`),
		['full-press captured', 'half-press not-captured', 'no-vessel not-captured'],
	);
	t.is(entries[2]!.expected.landmark, 'none');
	t.deepEqual(
		readdirSync(out).sort(),
		['index.json', ...entries.flatMap(({ video, labels }) => [video, labels])].sort(),
	);
	for (const { video, labels, roi, side, layout } of entries) {
		t.true(layouts.some(({ name }) => name === layout));
		const bytes = readFileSync(join(out, video));
		const header = 'YUV4MPEG2 W480 H360 F10000:1000 Ip A1:1 Cmono\n';
		t.is(bytes.subarray(0, header.length).toString(), header);
		const rows = lines(join(out, labels));
		t.is(rows[0], 'frame,landmark,vein');
		t.is(bytes.length, header.length + (rows.length - 1) * (6 + 480 * 360));
		for (let i = 1; i < rows.length; i++) {
			t.regex(rows[i]!, new RegExp(`^${i - 1},(sfj|fv|none),(open|closing|closed|none)$`));
			const at = header.length + (i - 1) * (6 + 480 * 360);
			if (bytes.toString('latin1', at, at + 6) !== 'FRAME\n') t.fail(`no frame ${i} at ${at}`);
		}
		t.true(roi[0]! + roi[2]! <= 480 && roi[1]! + roi[3]! <= 360 && roi[2]! > 100);
		t.true(['left', 'right'].includes(side));
	}
});

test.serial('a tensor set holds fresh images only, and a recording is the same whoever writes it', async (t) => {
	const base = folder(t);
	const whole = await writeTensorSet({ ...small, out: join(base, 'whole'), recordings: 2, kinds, size: 64 });
	const part = await writeTensorSet({ ...small, out: join(base, 'part'), recordings: 1, first: 1, kinds, size: 64 });
	t.deepEqual(part[0], whole[1]);
	for (const name of [part[0]!.tensors, part[0]!.labels])
		t.deepEqual(readFileSync(join(base, 'part', name)), readFileSync(join(base, 'whole', name)));
	t.is(JSON.parse(readFileSync(join(base, 'whole', 'index.json'), 'utf8')).size, 64);
	for (const { tensors, labels, images, scannerHz } of whole) {
		const bytes = readFileSync(join(base, 'whole', tensors));
		t.is(bytes.length, images * 64 * 64);
		const rows = lines(join(base, 'whole', labels)).slice(1);
		t.is(rows.length, images);
		const times = rows.map((row) => Number(row.split(',')[1]));
		t.true(times.every((time, i) => i === 0 || time > times[i - 1]!));
		t.true(Math.abs(images - (times.at(-1)! / 1000) * scannerHz) < 3);
		for (let i = 1; i < images; i++)
			if (bytes.subarray(i * 4096, (i + 1) * 4096).equals(bytes.subarray((i - 1) * 4096, i * 4096)))
				t.fail(`image ${i} repeats`);
	}
});

test.serial('nothing is written into a folder that holds something', async (t) => {
	const out = folder(t);
	writeFileSync(join(out, 'mine.txt'), 'x');
	for (const write of [writeRecordingSet, writeTensorSet]) {
		const error = await t.throwsAsync(write({ ...small, out, recordings: 1 }), {
			instanceOf: PhleboxError,
			message: /not empty \(mine\.txt\)/,
		});
		t.is((error as PhleboxError).code, 'bad-usage');
	}
	t.deepEqual(readdirSync(out), ['mine.txt']);
});

test.serial('a disk that fails or is full is said in one line', async (t) => {
	const base = folder(t);
	writeFileSync(join(base, 'file'), 'x');
	const blocked = await t.throwsAsync(writeRecordingSet({ ...small, out: join(base, 'file', 'set') }), {
		instanceOf: PhleboxError,
	});
	t.is((blocked as PhleboxError).code, 'store-failed');
	t.regex(blocked!.message, /^cannot write to .*set: [^\n]+$/);
	const set = new SetFolder(join(base, 'set'));
	await set.open();
	const full = await t.throwsAsync(
		set.file('a', async () => {
			throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
		}),
		{ instanceOf: PhleboxError, message: /no space left for [^\n]*; free some/ },
	);
	t.is((full as PhleboxError).code, 'store-full');
	t.deepEqual(readdirSync(join(base, 'set')), ['a'], 'nothing is under way any more');
	const twice = await t.throwsAsync(set.file('a', async (write) => write(Buffer.from('b'))));
	t.is((twice as PhleboxError).code, 'store-failed');
});

test.serial('a set that was stopped has no index', async (t) => {
	const out = join(folder(t), 'set');
	const stop = new AbortController();
	await t.throwsAsync(
		writeTensorSet({
			...small,
			out,
			recordings: 3,
			kinds,
			size: 32,
			signal: stop.signal,
			onProgress: () => stop.abort(),
		}),
	);
	const left = readdirSync(out);
	t.false(left.includes('index.json'));
	t.true(statSync(join(out, left.find((name) => name.endsWith('.u8'))!)).size > 0);
});

test('options that no set can have are refused before anything is written', async (t) => {
	const out = join(folder(t), 'set');
	for (const [change, message] of [
		[{ recordings: 0 }, /0 is no number of recordings/],
		[{ first: -1 }, /-1 is no number of a first/],
		[{ seconds: 0 }, /0 s cannot be made/],
		[{ sizes: [] }, /no screen size/],
		[{ kinds: [] }, /nothing to happen/],
		[{ kinds: ['dance' as ScenarioKind] }, /dance is unknown; known are full-press/],
		[{ hdmiHz: [0] }, /no rate/],
	] as const) {
		const error = await t.throwsAsync(writeRecordingSet({ out, ...change }), { instanceOf: PhleboxError, message });
		t.is((error as PhleboxError).code, 'bad-usage');
	}
	t.throws(() => readdirSync(out));
	t.is(recordingSetDefaults.recordings, 25);
});
