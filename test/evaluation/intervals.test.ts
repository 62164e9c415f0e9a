import test from 'ava';
import { bootstrap } from '../../src/evaluation/bootstrap.ts';
import { classesOf, countsRow } from '../../src/evaluation/figures.ts';
import { rate, wilson } from '../../src/evaluation/interval.ts';
import { intervalsOf } from '../../src/evaluation/intervals.ts';
import type { JudgedRecording } from '../../src/evaluation/judgedRecording.ts';
import { judgedOf } from './judge.ts';

const share = (sum: Float64Array) => [sum[0]! / sum[1]!];
const units = (...shares: number[]) => shares.map((each) => Float64Array.of(each, 1));

test('the same seed gives the same interval, another seed another one', (t) => {
	const rows = units(0.1, 0.5, 0.9, 0.3, 0.7, 0.2);
	const of = (seed: number) => bootstrap(rows, share, { resamples: 200, seed });
	t.deepEqual(of(1), of(1));
	t.notDeepEqual(of(1), of(2));
});

test('an interval holds the figure, and narrows with more recordings', (t) => {
	const few = units(...Array.from({ length: 10 }, (_, i) => (i % 2 ? 0.9 : 0.1)));
	const many = Array.from({ length: 20 }, () => few).flat();
	const [[low, high]] = bootstrap(few, share) as [[number, number]];
	const [[narrowLow, narrowHigh]] = bootstrap(many, share) as [[number, number]];
	t.true(low < 0.5 && high > 0.5);
	t.true(narrowHigh - narrowLow < (high - low) / 2);
	// Deviation of the mean of ten such: 0.4 / sqrt(10).
	t.true(Math.abs(high - low - 2 * 1.96 * 0.126) < 0.06);
});

test('one recording says nothing about spread', (t) => {
	t.deepEqual(bootstrap(units(0.4), share), [null]);
	t.deepEqual(bootstrap([], share), [null]);
});

test('a figure that does not exist in a drawn set does not count there', (t) => {
	const rows = [Float64Array.of(1, 1), Float64Array.of(0, 0)];
	t.deepEqual(bootstrap(rows, share, { resamples: 100, seed: 3 }), [[1, 1]]);
});

function intervals(judged: JudgedRecording[]) {
	const classes = classesOf(['sfj', 'none'], judged);
	return intervalsOf(
		judged.map((each) => ({ recording: each.recording, row: countsRow(each, classes) })),
		classes,
		{ resamples: 300, seed: 1 },
	);
}

test('recordings of one subject are drawn together', (t) => {
	const of = (subjects: (string | number | undefined)[]) =>
		intervals(
			subjects.map((subject, i) =>
				judgedOf({ id: String(i), ...(subject === undefined ? {} : { subject }) }, [
					[i < subjects.length / 2 ? 'sfj closed > sfj closed' : 'sfj closed > sfj open', 10],
				]),
			),
		);
	const own = of(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
	t.is(own.how.by, 'recording');
	t.is(own.how.units, 8);
	const shared = of(['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b']);
	t.is(shared.how.by, 'subject');
	t.is(shared.how.units, 2);
	const width = ([low, high]: readonly number[]) => high! - low!;
	t.true(width(shared.closedF1!) > width(own.closedF1!));
	// The same number written as text is the same person; without a subject everybody is someone else.
	t.is(of([1, '1', 2, 3]).how.units, 3);
	t.is(of([undefined, undefined, undefined]).how.units, 3);
});

test("Wilson's interval is not empty where nothing went wrong, and not beyond 0 and 1", (t) => {
	// Worked out by hand: 1.96^2 / (100 + 1.96^2).
	t.deepEqual(
		wilson(0, 100)!.map((end) => end.toFixed(4)),
		['0.0000', '0.0370'],
	);
	t.deepEqual(
		wilson(100, 100)!.map((end) => end.toFixed(4)),
		['0.9630', '1.0000'],
	);
	// Agresti and Coull 1998: 0.4 of 10.
	t.deepEqual(
		wilson(4, 10)!.map((end) => end.toFixed(3)),
		['0.168', '0.687'],
	);
	t.is(wilson(0, 0), null);
	t.deepEqual(rate(0, 0), { times: 0, of: 0, share: 0, interval: null });
});
