import test from 'ava';
import type { Recording } from '../../src/evaluation/recordingSet.ts';
import { count, macroF1, noCounts, scores } from '../../src/evaluation/scores.ts';
import { summarise } from '../../src/evaluation/summary.ts';
import { Tally } from '../../src/evaluation/tally.ts';
import type { ExamRecord, SiteRecord } from '../../src/exam/record.ts';

test('precision, recall and F1 follow from the counts', (t) => {
	t.deepEqual(scores({ truePositives: 6, falsePositives: 2, falseNegatives: 4 }), {
		precision: 0.75,
		recall: 0.6,
		f1: 12 / 18,
	});
});

test('a wrong yes costs precision, a missed yes recall, a right no nothing', (t) => {
	const counts = noCounts();
	count(counts, true, true);
	count(counts, true, false);
	count(counts, false, true);
	count(counts, false, false);
	t.deepEqual(counts, { truePositives: 1, falsePositives: 1, falseNegatives: 1 });
});

test('classes that never occur do not count in the mean', (t) => {
	t.is(macroF1([{ truePositives: 1, falsePositives: 0, falseNegatives: 0 }, noCounts()]), 1);
	t.is(
		macroF1([
			{ truePositives: 1, falsePositives: 0, falseNegatives: 0 },
			{ ...noCounts(), falseNegatives: 3 },
		]),
		0.5,
	);
});

test('percentiles are times that occurred', (t) => {
	const times = Float64Array.from({ length: 200 }, (_, i) => 200 - i);
	t.deepEqual(summarise(times), { p50Ms: 100, p99Ms: 198, maxMs: 200 });
});

const recording = (outcome: 'captured' | 'not-captured', landmark = 'sfj'): Recording => ({
	...{ id: 'a', video: 'a.y4m', labels: 'a.csv', roi: [0, 0, 1, 1], subject: 's', side: 'left', kind: 'k' },
	expected: { landmark, outcome },
});
const captured = (site: string): ExamRecord => ({
	...{ kind: 'site', examination: 1, side: 'left', atMs: 0 },
	site: { site, outcome: 'captured' } as SiteRecord,
});

test('captured counts only at the expected landmark', (t) => {
	const tally = new Tally(['sfj', 'fv', 'none']);
	tally.recording(recording('captured'), [captured('sfj')]);
	tally.recording(recording('captured'), [captured('fv')]);
	tally.recording(recording('not-captured'), [captured('sfj')]);
	tally.recording(recording('not-captured', 'none'), []);
	const { fullyCompresses, perRecording } = tally.result(1, { name: '', version: '', sha256: '' });
	// One right; one at the wrong landmark is missed and wrong at once; one wrong.
	t.deepEqual(fullyCompresses, { f1: 2 / 5, precision: 1 / 3, recall: 1 / 2 });
	t.deepEqual(
		perRecording.map(({ right }) => right),
		[true, false, false, true],
	);
});

test('frames labelled closing count neither way for closed', (t) => {
	const tally = new Tally(['sfj', 'none']);
	tally.frame({ landmark: 'sfj', vein: 'closed' }, { landmark: 'sfj', vein: 'closing' }, false);
	tally.frame({ landmark: 'sfj', vein: 'closed' }, { landmark: 'sfj', vein: 'closed' }, false);
	tally.frame({ landmark: 'none', vein: 'none' }, { landmark: 'sfj', vein: 'open' }, true);
	const result = tally.result(1, { name: '', version: '', sha256: '' });
	t.is(result.closedF1, 1);
	t.is(result.dontKnowShare, 1 / 3);
	t.true(result.landmarkMacroF1 < 1);
});
