import test from 'ava';
import { count, macroF1, noCounts, scores } from '../../src/evaluation/scores.ts';
import { summarise } from '../../src/evaluation/summary.ts';

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
