import test from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import { against } from '../../src/evaluation/against/against.ts';
import { contenderList } from '../../src/evaluation/against/contenderList.ts';
import { againstPlot } from '../../src/evaluation/against/plot.ts';
import { differenceOf, otherWork } from '../../src/evaluation/against/sameWork.ts';
import type { Seen } from '../../src/evaluation/against/spec.ts';
import { againstTable } from '../../src/evaluation/against/table.ts';

const list = contenderList();
const options = { width: 640, height: 480, frames: 4, rounds: 2 };
const plain = list.find(({ id }) => id === 'node')!;

test.serial('who is missing, ends, or does other work is not measured, and the row says why', async (t) => {
	const [ours] = list;
	const entries = [
		...[ours!, { ...plain, id: 'strict', tolerance: { mean: -1, largest: 0, probability: 0 } }],
		...[
			{ ...plain, id: 'absent', command: null, missing: 'buy one' },
			{ ...plain, id: 'ends', command: ['false'] },
		],
		{ ...plain, id: 'no-program', command: ['/nowhere/program'] },
	];
	const result = await against(loadConfig(null, {}), { ...options, pixelFormat: 'GREY' }, entries);
	const why = Object.fromEntries(result.rows.map(({ id, notMeasured }) => [id, notMeasured]));
	t.is(why.phlebox, null);
	t.regex(why.strict!, /another image: 0\.0\d grey levels/);
	t.is(why.absent, 'not installed: buy one');
	t.regex(why.ends!, /does not answer/);
	t.regex(why['no-program']!, /ENOENT/);
	t.deepEqual(
		result.rows.map(({ figures }) => figures !== null),
		[true, false, false, false, false],
	);
	t.regex(againstTable(result), /NOT MEASURED: not installed: buy one/);
	t.is(againstPlot(result).match(/<rect /g)?.length, 1 + 4);
});

test.serial('without ours nothing is measured, in one line', async (t) => {
	const entries = [{ ...list[0]!, command: ['false'] }, plain];
	const error = await t.throwsAsync(against(loadConfig(null, {}), { ...options, pixelFormat: 'GREY' }, entries));
	t.regex(error.message, /^bench: phlebox, the whole way: it does not answer/);
});

const base64 = (values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString('base64');
const seen = (input: number[], answer: number[]): Seen => ({
	start: 0,
	intervals: [0],
	inputs: [base64(input)],
	answers: [answer],
});

test('an image, an answer or a probability that is another one is other work; what is missing is too', (t) => {
	const ours = seen([0, 0.5, 1, 1], [0.7, 0.3, 0.1, 0.9]);
	const tolerance = { mean: 1, largest: 2, probability: 0.05 };
	const judge = (theirs: Seen) => otherWork(differenceOf(ours, theirs, 2), { tolerance });
	t.is(judge(ours), null);
	t.is(judge(seen([0, 0.5, 1, 1 - 1 / 255], [0.68, 0.32, 0.1, 0.9])), null);
	t.regex(judge(seen([0, 0.5, 1, 0.9], [0.7, 0.3, 0.1, 0.9]))!, /another image/);
	t.regex(judge(seen([0, 0.5, 1, 1], [0.3, 0.7, 0.1, 0.9]))!, /otherwise/);
	t.regex(judge(seen([0, 0.5, 1, 1], [0.7, 0.3, 0.9, 0.1]))!, /otherwise/);
	t.regex(judge(seen([0, 0.5, 1, 1], [0.6, 0.4, 0.1, 0.9]))!, /probabilities are up to 0\.100/);
	t.regex(judge(seen([0, 0.5, 1], [0.7, 0.3, 0.1, 0.9]))!, /another image/);
	t.truthy(judge({ ...ours, answers: [], inputs: [] }));
});
