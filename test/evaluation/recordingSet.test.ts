import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { readLabels, readRecordingSet } from '../../src/evaluation/recordingSet.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'phlebox-set-'));
const index = {
	...{ name: 'n', license: 'l', source: 's' },
	recordings: [
		{
			...{ id: 'a', video: 'a.y4m', labels: 'a.csv', roi: [0, 0, 10, 10], subject: 'x', side: 'left', kind: 'k' },
			expected: { landmark: 'sfj', outcome: 'captured' },
		},
	],
};
type Row = (typeof index.recordings)[number];
const changed = (change: Partial<Record<keyof Row, unknown>>) => ({
	...index,
	recordings: [{ ...index.recordings[0], ...change }],
});

test('a sound index is read', (t) => {
	const set = folder();
	writeFileSync(join(set, 'index.json'), JSON.stringify(index));
	t.is(readRecordingSet(set).recordings[0]!.id, 'a');
});

test('what only sorts the figures may be left out, and is kept where it is given', (t) => {
	const set = folder();
	const { subject: _, side: __, kind: ___, ...bare } = index.recordings[0]!;
	writeFileSync(
		join(set, 'index.json'),
		JSON.stringify({ ...index, recordings: [bare, { ...bare, layout: 'wide', kind: 'half-press' }] }),
	);
	const [without, given] = readRecordingSet(set).recordings;
	t.is(without!.kind, undefined);
	t.is(given!.layout, 'wide');
	t.is(given!.kind, 'half-press');
});

for (const [fault, text, words] of [
	['no JSON', '{', /is no JSON/],
	['no recordings', JSON.stringify({ ...index, recordings: [] }), /recordings/],
	['a video outside the folder', JSON.stringify(changed({ video: '../a.y4m' })), /recordings\.0\.video/],
	['a scan area without size', JSON.stringify(changed({ roi: [0, 0, 0, 10] })), /recordings\.0\.roi/],
	['an unknown outcome', JSON.stringify(changed({ expected: { landmark: 'sfj', outcome: 'clot' } })), /outcome/],
] as const)
	test(`an index with ${fault} is refused in one line that names the place`, (t) => {
		const set = folder();
		writeFileSync(join(set, 'index.json'), text);
		const error = t.throws(() => readRecordingSet(set), { instanceOf: PhleboxError });
		t.is(error.code, 'set-invalid');
		t.regex(error.message, words);
		t.false(error.message.includes('\n'));
	});

test('a missing folder is one line', (t) => {
	t.is(t.throws(() => readRecordingSet('/nowhere'), { instanceOf: PhleboxError }).code, 'file-not-found');
});

for (const [fault, text, words] of [
	['another head', 'frame;landmark;vein\n', /begins with/],
	['a skipped frame', 'frame,landmark,vein\n0,sfj,open\n2,sfj,open\n', /line 3/],
	['an unknown vein state', 'frame,landmark,vein\n0,sfj,shut\n', /line 2/],
] as const)
	test(`labels with ${fault} are refused with their place`, (t) => {
		const file = join(folder(), 'a.csv');
		writeFileSync(file, text);
		const error = t.throws(() => readLabels(file), { instanceOf: PhleboxError });
		t.regex(error.message, words);
	});
