import test from 'ava';
import { evaluationOf } from '../../src/evaluation/evaluation.ts';
import { evaluationText } from '../../src/evaluation/evaluationText.ts';
import type { JudgedRecording } from '../../src/evaluation/judgedRecording.ts';
import { outcomeOf } from '../../src/evaluation/outcome.ts';
import { Reliability } from '../../src/evaluation/reliability.ts';
import { capturedAt, judgedOf } from './judge.ts';

const given = {
	landmarks: ['sfj', 'fv', 'none'],
	seconds: 1,
	set: { name: 's', license: 'l', source: 'x' },
	model: { name: 'm', version: '1', sha256: 'abc' },
};
const evaluation = (judged: JudgedRecording[]) => evaluationOf(judged, given);

test('captured counts only at the expected landmark', (t) => {
	const sfj = { landmark: 'sfj', outcome: 'captured' } as const;
	const whatOf = (expected: Parameters<typeof outcomeOf>[0], ...sites: string[]) => {
		const { rightly, falsely, missed, right } = outcomeOf(expected, sites.map(capturedAt));
		return { rightly, falsely, missed, right };
	};
	t.deepEqual(whatOf(sfj, 'sfj'), { rightly: true, falsely: false, missed: false, right: true });
	t.deepEqual(whatOf(sfj, 'fv'), { rightly: false, falsely: true, missed: true, right: false });
	t.deepEqual(whatOf(sfj, 'sfj', 'fv'), { rightly: true, falsely: true, missed: false, right: false });
	t.deepEqual(whatOf({ ...sfj, outcome: 'not-captured' }, 'sfj'), {
		...{ rightly: false, falsely: true, missed: false, right: false },
	});
	t.deepEqual(whatOf({ landmark: 'none', outcome: 'not-captured' }), {
		...{ rightly: false, falsely: false, missed: false, right: true },
	});
});

test('a capture at the wrong landmark costs precision and recall at once', (t) => {
	const expected = { landmark: 'sfj', outcome: 'captured' } as const;
	const { fullyCompresses, perRecording } = evaluation([
		judgedOf({ expected }, [], ['sfj']),
		judgedOf({ expected }, [], ['fv']),
		judgedOf({ expected: { ...expected, outcome: 'not-captured' } }, [], ['sfj']),
		judgedOf({ expected: { landmark: 'none', outcome: 'not-captured' } }, []),
	]);
	t.deepEqual(fullyCompresses, { f1: 2 / 5, precision: 1 / 3, recall: 1 / 2 });
	t.deepEqual(
		perRecording.map(({ right }) => right),
		[true, false, false, true],
	);
});

test('frames labelled closing count neither way for closed', (t) => {
	const result = evaluation([
		judgedOf({}, [
			['sfj closing > sfj closed', 1],
			['sfj closed > sfj closed', 1],
			['sfj open > ?', 1],
		]),
	]);
	t.is(result.closedF1, 1);
	t.is(result.dontKnowShare, 1 / 3);
	t.is(result.unansweredShare, 1 / 3);
	t.true(result.landmarkMacroF1 < 1);
});

test('the confusion tables have truth in rows and answers in columns, and their F1 is the figure', (t) => {
	const { confusion, landmarkMacroF1, closedF1 } = evaluation([
		judgedOf({}, [
			['sfj open > sfj open', 6],
			['sfj closed > fv closed', 2],
			['none none > sfj closed', 1],
			['none none > none none', 3],
		]),
	]);
	t.deepEqual(confusion.landmark, {
		labels: ['sfj', 'fv', 'none'],
		counts: [
			[6, 2, 0],
			[0, 0, 0],
			[1, 0, 3],
		],
	});
	t.deepEqual(confusion.vein.labels, ['open', 'closing', 'closed', 'none']);
	t.deepEqual(confusion.vein.counts[3], [0, 0, 1, 3]);
	t.is(landmarkMacroF1, (12 / 15 + 0 + 6 / 7) / 3);
	t.is(closedF1, 4 / 5);
});

test('a landmark that the examination does not know counts where it is true, not where it is only said', (t) => {
	const said = evaluation([judgedOf({}, [['sfj open > pop open', 1]])]);
	t.deepEqual(said.confusion.landmark.labels, ['sfj', 'fv', 'none', 'pop']);
	t.is(said.landmarkMacroF1, 0);
	const truth = evaluation([judgedOf({}, [['pop open > pop open', 1]])]);
	t.is(truth.landmarkMacroF1, 1);
});

test('results come by kind and by layout, those without one last', (t) => {
	const half = { landmark: 'sfj', outcome: 'not-captured' } as const;
	const { byKind, byLayout } = evaluation([
		judgedOf({ kind: 'half-press', layout: 'wide', expected: half }, [['sfj open > sfj closed', 4]], ['sfj']),
		judgedOf({ kind: 'full-press', layout: 'wide' }, [['sfj closed > sfj closed', 4]], ['sfj']),
		judgedOf({ kind: 'full-press' }, [['sfj closed > ?', 4]]),
		judgedOf({}, [['none none > none none', 1]]),
	]);
	t.deepEqual(
		byKind.map(({ name, recordings }) => [name, recordings]),
		[
			['full-press', 2],
			['half-press', 1],
			[null, 1],
		],
	);
	const [full, pressed] = byKind;
	t.like(full, { expectedCaptured: 2, capturedRightly: 1, falselyCaptured: 0, missed: 1, dontKnowShare: 0.5 });
	t.is(full!.closedF1, 2 / 3);
	t.like(full!.right, { times: 1, of: 2 });
	t.like(pressed, { expectedCaptured: 0, falselyCaptured: 1, closedF1: null, calledClosedWrongly: 1 });
	t.is(pressed!.landmarkMacroF1Interval, null);
	t.deepEqual(
		byLayout.map(({ name }) => name),
		['wide', null],
	);
});

test('a set that says neither kind nor layout nor subject has its figures all the same', (t) => {
	const result = evaluation([judgedOf({}, [['sfj open > sfj open', 1]]), judgedOf({ id: 'b' }, [])]);
	t.deepEqual(result.byLayout, []);
	t.is(result.byKind[0]!.name, null);
	t.is(result.recordings, 2);
	t.regex(evaluationText(result), /not given/);
	for (const figure of [result.landmarkMacroF1, result.closedF1, result.dontKnowShare]) t.true(Number.isFinite(figure));
});

test('the rate of wrong captures counts recordings, also among those in which none is expected', (t) => {
	const half = { landmark: 'sfj', outcome: 'not-captured' } as const;
	const { wrongCaptures } = evaluation([
		judgedOf({ expected: half }, [], ['sfj', 'fv']),
		judgedOf({ expected: half }, []),
		judgedOf({}, [], ['sfj']),
		judgedOf({}, [], ['sfj']),
	]);
	t.like(wrongCaptures, { times: 1, of: 4, share: 0.25 });
	t.like(wrongCaptures.whereNoneIsExpected, { times: 1, of: 2 });
});

test('the worst recordings are the falsely captured, then the missed, then those with the fewest right frames', (t) => {
	const none = { landmark: 'none', outcome: 'not-captured' } as const;
	const { worst } = evaluation([
		judgedOf({ id: 'perfect' }, [['sfj closed > sfj closed', 9]], ['sfj']),
		judgedOf({ id: 'poor', expected: none, kind: 'air' }, [
			['none none > none none', 1],
			['none none > fv none', 3],
		]),
		judgedOf({ id: 'fair', expected: none }, [
			['none none > none none', 3],
			['none none > none open', 1],
		]),
		judgedOf({ id: 'missed' }, [
			['sfj open > sfj open', 8],
			['sfj closed > sfj open', 1],
			['sfj closed > ?', 1],
		]),
		judgedOf(
			{ id: 'false', expected: none },
			[
				['none none > sfj closed', 2],
				['none none > none none', 18],
			],
			['sfj'],
		),
	]);
	t.deepEqual(
		worst.map(({ id, fault }) => [id, fault]),
		[
			['false', 'falsely captured'],
			['missed', 'missed'],
			['poor', 'frames'],
			['fair', 'frames'],
		],
	);
	t.is(worst[0]!.why, 'sfj is not to be captured; called closed: 2 none frames');
	t.is(
		worst[1]!.why,
		"of 2 closed frames 0% were called closed and 50% had the right landmark; don't know on 10% of all frames; " +
			'the network was not asked on 10% of the frames, mostly because the screen was not-ultrasound',
	);
	t.is(worst[2]!.why, '25% of the frames are right; most often none was taken for fv (75%)');
	t.is(worst[2]!.frameAccuracy, 0.25);
});

test('a repeated image is no answer of its own for calibration', (t) => {
	const judged = judgedOf({}, [['sfj open > sfj open', 5]]);
	t.is(judged.landmarkReliability.table().images, 5);
	t.is(judgedOf({}, [['sfj open > ?', 5]]).landmarkReliability.table().images, 0);
});

test('probabilities that are what they say have no calibration error, others have', (t) => {
	const said = (confidence: number, right: number, of: number) => {
		const reliability = new Reliability();
		for (let i = 0; i < of; i++) reliability.add(confidence, i < right);
		return reliability;
	};
	t.true(said(0.8, 80, 100).table().error < 1e-9);
	t.true(Math.abs(said(0.9, 60, 100).table().error - 0.3) < 1e-9);
	const both = said(0.9, 60, 100);
	both.addAll(said(0.8, 80, 100));
	t.true(Math.abs(both.table().error - 0.15) < 1e-9);
	const { bins } = both.table();
	t.is(bins.length, 15);
	t.is(
		bins.reduce((sum, { images }) => sum + images, 0),
		200,
	);
	t.is(bins[0]!.accuracy, null);
	for (const edge of [0, 1]) t.is(said(edge, 1, 1).table().images, 1);
	t.is(new Reliability().table().error, 0);
});

test('spans of a recording follow one another without a gap', (t) => {
	const { spans } = judgedOf({}, [
		['sfj open > sfj open', 3],
		['sfj closed > sfj open', 2],
		['sfj closed > sfj closed', 1],
	]);
	t.deepEqual(
		spans.map(({ fromMs, toMs, trueVein, saidVein }) => [fromMs, toMs, trueVein, saidVein]),
		[
			[0, 120, 'open', 'open'],
			[120, 200, 'closed', 'open'],
			[200, 240, 'closed', 'closed'],
		],
	);
});
