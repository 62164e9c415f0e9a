import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type ErrorCode, PhleboxError } from '../../src/errors.ts';
import { readLabels, readRecordingSet } from '../../src/evaluation/recordingSet.ts';
import { type ImportOptions, importRecording } from '../../src/recordingImport/importRecording.ts';
import { type RecordingEntry, writeRecordingSet } from '../../src/simulator/recordingSet.ts';
import { hasFfmpeg } from '../capture/recording/recordings.ts';

const folder = mkdtempSync(join(tmpdir(), 'phlebox-import-'));
const simulated = join(folder, 'simulated');
const small = { sizes: [[480, 360]], hdmiHz: [10], seconds: 2, seed: 5 } as const;
const kinds = ['full-press', 'half-press', 'no-vessel', 'freeze'] as const;
let entries: RecordingEntry[] = [];
test.before(async () => {
	entries = await writeRecordingSet({ ...small, out: simulated, recordings: 4, kinds });
});
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const inSet = (name: string) => join(simulated, name);
let sets = 0;
const newSet = () => join(folder, `set-${sets++}`);
const base = { landmarks: ['sfj', 'fv', 'none'], crop: false, license: 'mine' };

/** The simulated recording as someone's own video. */
function own(place: number, into: string, change: Partial<ImportOptions> = {}) {
	const { video, labels, roi } = entries[place]!;
	return importRecording({ ...base, video: inSet(video), labels: inSet(labels), roi, into, ...change });
}

const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const listing = (set: string) => readdirSync(set).map((name) => `${name} ${digest(join(set, name))}`);

test.serial('what was imported is what was given, and its outcome follows from the labels', async (t) => {
	const set = newSet();
	for (const [place, { id, video, labels, expected }] of entries.entries()) {
		const { entry, recordings } = await own(place, set, { subject: 's1', side: 'left', kind: 'mine' });
		t.is(recordings, place + 1);
		t.deepEqual(entry.expected, expected, id);
		t.true(readFileSync(join(set, entry.video)).equals(readFileSync(inSet(video))));
		t.deepEqual(readLabels(join(set, entry.labels)), readLabels(inSet(labels)));
	}
	const { recordings, license } = readRecordingSet(set);
	t.is(license, 'mine');
	t.deepEqual(
		recordings.map(({ id, subject, side, kind }) => [id, subject, side, kind].join()),
		entries.map(({ id }) => `${id},s1,left,mine`),
	);
	t.deepEqual(
		readdirSync(set).filter((name) => name.startsWith('.') || name.endsWith('.part')),
		[],
	);
});

test.serial('a set keeps what its index says beside the recordings', async (t) => {
	const set = newSet();
	await own(0, set);
	const file = join(set, 'index.json');
	const index = JSON.parse(readFileSync(file, 'utf8'));
	writeFileSync(file, JSON.stringify({ ...index, license: 'CC-BY-4.0', contact: 'ward 3' }));
	await own(1, set);
	t.like(JSON.parse(readFileSync(file, 'utf8')), { license: 'CC-BY-4.0', contact: 'ward 3' });
});

test.serial('the scan area is found where none is given', async (t) => {
	const { video, labels, roi } = entries[0]!;
	const given = { ...base, video: inSet(video), labels: inSet(labels) };
	const { entry } = await importRecording({ ...given, into: newSet() });
	for (const [place, edge] of entry.roi.entries()) t.true(Math.abs(edge - roi[place]!) < 60, `${entry.roi} ${roi}`);
});

test.serial('with crop nothing of the screen outside the scan area is left', async (t) => {
	const set = newSet();
	const { entry } = await own(0, set, { crop: true });
	const [cropped, whole] = [readFileSync(join(set, entry.video)), readFileSync(inSet(entries[0]!.video))];
	t.is(cropped.length, whole.length);
	const [x, y, width, height] = entry.roi;
	const first = whole.indexOf('FRAME\n') + 6;
	const frameBytes = 480 * 360 + 6;
	for (let at = first; at < whole.length; at += frameBytes)
		for (let row = 0; row < 360; row++)
			for (let column = 0; column < 480; column++) {
				const inside = row >= y && row < y + height && column >= x && column < x + width;
				const place = at + row * 480 + column;
				if (cropped[place] !== (inside ? whole[place] : 16)) return t.fail(`pixel ${column},${row}`);
			}
	t.pass();
});

test.serial('a failed import leaves the set as it was', async (t) => {
	const set = newSet();
	await own(0, set);
	const before = listing(set);
	const short = join(folder, 'short.csv');
	writeFileSync(short, 'from,to,landmark,vein\n0,9,sfj,open\n');
	const long = join(folder, 'long.csv');
	writeFileSync(long, 'from,to,landmark,vein\n0,999,sfj,open\n');
	const cut = join(folder, 'cut.y4m');
	writeFileSync(cut, readFileSync(inSet(entries[1]!.video)).subarray(0, -100));
	const stop = new AbortController();
	for (const [change, code, words] of [
		[{ labels: short }, 'set-invalid', /has more than 10 frames and .*short\.csv has 10 labels/],
		[{ labels: long }, 'set-invalid', /has \d+ frames and .*long\.csv has 1000 labels/],
		[{ video: cut, id: 'cut' }, 'video-truncated', /cut\.y4m breaks off/],
		[{ video: '/nowhere.y4m' }, 'file-not-found', /\/nowhere\.y4m does not exist/],
		[{ roi: [400, 0, 100, 100] }, 'roi-invalid', /does not lie within the frame.*480x360/],
		[{ id: entries[0]!.id }, 'bad-usage', /has a recording r00000-full-press already; give another --id/],
		[{ landmark: 'elbow' }, 'bad-usage', /--landmark elbow is unknown/],
		[
			{ signal: stop.signal, onProgress: () => stop.abort(new PhleboxError('bad-usage', 'stopped')) },
			'bad-usage',
			/^stopped$/,
		],
	] as [Partial<ImportOptions>, ErrorCode, RegExp][]) {
		const error = await t.throwsAsync(own(1, set, change), { instanceOf: PhleboxError, message: words });
		t.is((error as PhleboxError).code, code);
		t.false(error!.message.includes('\n'));
		t.deepEqual(listing(set), before);
	}
});

test.serial('a failed import leaves no new set behind', async (t) => {
	const set = newSet();
	await t.throwsAsync(own(0, set, { roi: [400, 0, 100, 100] }));
	t.throws(() => readdirSync(set), { code: 'ENOENT' });
});

test.serial('a folder that is no set, and a file of the same name, are left alone', async (t) => {
	const set = newSet();
	await own(0, set);
	writeFileSync(join(set, 'mine.y4m'), 'x');
	await t.throwsAsync(own(1, set, { id: 'mine' }), { message: /mine\.y4m is there already; remove it/ });
	rmSync(join(set, 'index.json'));
	await t.throwsAsync(own(1, set), { message: /holds .* and no index\.json/ });
	t.is(readFileSync(join(set, 'mine.y4m'), 'utf8'), 'x');
});

test.serial('of two imports at a time none is lost', async (t) => {
	const set = newSet();
	await own(0, set);
	const outcomes = await Promise.allSettled([own(1, set), own(2, set), own(3, set)]);
	const added = outcomes.filter(({ status }) => status === 'fulfilled').length;
	t.is(readRecordingSet(set).recordings.length, 1 + added);
	for (const outcome of outcomes)
		if (outcome.status === 'rejected') t.regex(outcome.reason.message, /another import is at work/);
	t.true(added >= 1);
});

test.serial('any video that ffmpeg can decode is taken', async (t) => {
	if (!hasFfmpeg()) return t.log('not run: ffmpeg is not installed');
	const mkv = join(folder, 'my scan.mkv');
	const made = spawnSync('ffmpeg', ['-v', 'error', '-i', inSet(entries[0]!.video), '-c:v', 'ffv1', mkv]);
	t.is(made.status, 0, String(made.stderr));
	const { entry } = await own(0, newSet(), { video: mkv });
	t.is(entry.id, 'my-scan');
	t.deepEqual(entry.expected, entries[0]!.expected);
});
