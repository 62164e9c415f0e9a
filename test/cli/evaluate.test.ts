import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { writeRecordingSet } from '../../src/simulator/recordingSet.ts';
import { phlebox } from './phlebox.ts';

const folder = mkdtempSync(join(tmpdir(), 'phlebox-evaluate-'));
const set = join(folder, 'set');
const small = { sizes: [[480, 360]], hdmiHz: [10], seconds: 2, seed: 5, recordings: 2 } as const;
test.before(() => writeRecordingSet({ ...small, out: set, kinds: ['full-press', 'no-vessel'] }));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('a set is judged, with its figures as JSON, every frame as CSV and a page to look at', async (t) => {
	const [json, frames, report] = ['e.json', 'e.csv', 'e.html'].map((name) => join(folder, name)) as [
		string,
		string,
		string,
	];
	const outputs = ['--json', json, '--frames', frames, '--report', report];
	const { code, stdout, stderr } = await phlebox(['evaluate', set, ...outputs]);
	t.is(code, 0, stderr);
	t.regex(stdout, /^landmark macro-F1 by frame +\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]$/m);
	t.regex(stdout, /^full-press +1 +1 /m);
	t.regex(stderr, /evaluate: 2 of 2/);
	const result = JSON.parse(readFileSync(json, 'utf8'));
	for (const key of ['landmarkMacroF1', 'closedF1', 'dontKnowShare', 'framesPerSecond', 'recordings'])
		t.true(Number.isFinite(result[key]), key);
	t.deepEqual(Object.keys(result.fullyCompresses), ['f1', 'precision', 'recall']);
	t.is(result.recordings, 2);
	t.is(result.byLayout.length > 0, true);
	t.regex(readFileSync(report, 'utf8'), /<h1>Evaluation of phlebox-dual/);
	const rows = readFileSync(frames, 'utf8').trimEnd().split('\n');
	t.is(
		rows[0],
		'recording,frame,timeMs,trueLandmark,trueVein,saidLandmark,saidVein,p_landmark_sfj,p_landmark_fv,p_landmark_none,' +
			'p_vein_open,p_vein_closing,p_vein_closed,p_vein_none,fresh,scene,guidance',
	);
	t.is(rows.length - 1, result.frames);
	for (const row of rows) t.is(row.split(',').length, 17);
	const asked = rows
		.find((row) => row.includes(',1,live,'))!
		.split(',')
		.slice(7, 14)
		.map(Number);
	t.true(Math.abs(asked.reduce((sum, p) => sum + p, 0) - 2) < 1e-3);
});

test('a file that cannot be written is said before the work', async (t) => {
	for (const option of ['--json', '--frames', '--report']) {
		const { code, stderr } = await phlebox(['evaluate', set, option, '/nowhere/file']);
		t.is(code, 1);
		t.regex(stderr, /^phlebox: \/nowhere\/file cannot be written: .*\n$/);
	}
	t.false(existsSync('/nowhere'));
});
