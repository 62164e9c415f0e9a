import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import type { VeinState } from '../../src/exam/observation.ts';
import { LabelledOutcome, type Said } from '../../src/recordingImport/labelledOutcome.ts';

/** `sfj open 10`: a landmark, the vein and for how many frames of 20 ms; a fourth word is how the screen is. */
function outcome(...runs: string[]): LabelledOutcome {
	const labelled = new LabelledOutcome();
	let frame = 0;
	for (const run of runs) {
		const [landmark, vein, times, view = ''] = run.split(' ') as [string, VeinState, string, string?];
		for (let i = 0; i < Number(times); i++)
			labelled.see({ landmark, vein }, 20 * frame++, {
				repeated: view === 'repeated' || view === 'frozen',
				scene: view === 'frozen' ? 'frozen' : 'live',
			});
	}
	return labelled;
}
const expected = (said: Said, ...runs: string[]) => {
	const { landmark, outcome: came } = outcome(...runs).expected(said);
	return `${came} ${landmark}`;
};

test('open, then closed for long enough, is captured', (t) => {
	t.is(expected({}, 'sfj open 5', 'sfj closing 5', 'sfj closed 11'), 'captured sfj');
	t.is(expected({}, 'sfj open 5', 'sfj closed 10'), 'not-captured sfj');
});

test('closed from the start, closing alone, or a landmark lost in between is not', (t) => {
	t.is(expected({}, 'fv closed 50'), 'not-captured fv');
	t.is(expected({}, 'fv open 5', 'fv closing 50'), 'not-captured fv');
	t.is(expected({}, 'fv open 5', 'none none 1', 'fv closed 50'), 'not-captured fv');
});

test('repeats add no time, and a picture that stands breaks it off', (t) => {
	t.is(expected({}, 'sfj open 5', 'sfj closed 8', 'sfj closed 30 repeated'), 'not-captured sfj');
	t.is(expected({}, 'sfj open 5', 'sfj closed 3', 'sfj closed 60 frozen', 'sfj closed 30'), 'not-captured sfj');
});

test('without a landmark there is nothing to capture; without a capture it is of the landmark seen most', (t) => {
	t.is(expected({}, 'none none 50'), 'not-captured none');
	t.is(expected({}, 'sfj open 10', 'fv open 20'), 'not-captured fv');
});

test('the owner has the last word', (t) => {
	t.is(expected({ landmark: 'sfj', outcome: 'captured' }, 'fv open 20'), 'captured sfj');
	t.is(expected({ landmark: 'sfj' }, 'fv open 20', 'sfj open 1'), 'not-captured sfj');
	t.is(expected({ outcome: 'not-captured' }, 'fv open 5', 'fv closed 20'), 'not-captured fv');
});

for (const [what, said, runs, words] of [
	[
		'two captured landmarks',
		{},
		['sfj open 5', 'sfj closed 20', 'fv open 5', 'fv closed 20'],
		/sfj and fv are captured/,
	],
	[
		'a captured landmark that is not the named one',
		{ landmark: 'fv' },
		['sfj open 5', 'sfj closed 20'],
		/not fv alone/,
	],
	['a capture of none', { landmark: 'none', outcome: 'captured' }, ['none none 5'], /none cannot be captured/],
	['a capture without any landmark', { outcome: 'captured' }, ['none none 5'], /none cannot be captured/],
] as [string, Said, string[], RegExp][])
	test(`${what} is refused in one line`, (t) => {
		const error = t.throws(() => outcome(...runs).expected(said), { instanceOf: PhleboxError });
		t.is(error.code, 'bad-usage');
		t.regex(error.message, words);
		t.false(error.message.includes('\n'));
	});
