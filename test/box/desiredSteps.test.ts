import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { noDesired, readDesiredState, writeDesiredState } from '../../src/box/desiredState.ts';
import { applied, atStart, isNews, refused, rolledBack, trying, waiting } from '../../src/box/desiredSteps.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

const wanted = (version: number) => ({ schema: 1 as const, version, config: { log: { level: 'warn' } } });
const at = '2026-03-02T10:00:00.000Z';
const one = applied(trying(noDesired, wanted(1), at), at);

test('one that proves good is what is gone back to', (t) => {
	t.like(one, { good: { version: 1 }, trial: null, asked: 1, state: 'applied', reason: '' });
	const failed = rolledBack(trying(one, wanted(2), at), 'no light', at);
	t.like(failed, { good: { version: 1 }, trial: null, asked: 2, state: 'rolled-back', reason: 'no light' });
});

test('one that is not newer than the last that was asked for is ignored, whatever became of that', (t) => {
	for (const state of [one, refused(one, wanted(5), ['x'], at), rolledBack(trying(one, wanted(5), at), '', at)]) {
		t.false(isNews(state, wanted(state.asked)));
		t.false(isNews(state, wanted(state.asked - 1)));
		t.true(isNews(state, wanted(state.asked + 1)));
	}
});

test('a refused one changes nothing and says why', (t) => {
	const state = refused(one, wanted(2), ['a: wrong', 'b: wrong'], at);
	t.like(state, {
		good: { version: 1 },
		trial: null,
		asked: 2,
		state: 'refused',
		reason: '2 problems; the first: a: wrong',
	});
	t.deepEqual(state.problems, ['a: wrong', 'b: wrong']);
	t.is(refused(one, wanted(2), ['a: wrong'], at).reason, 'a: wrong');
});

test('a box that died while it tried one does not try it again', (t) => {
	const state = atStart(trying(one, wanted(2), at), at);
	t.like(state, { good: { version: 1 }, trial: null, asked: 2, state: 'rolled-back' });
	t.false(isNews(state, wanted(2)));
});

test('one that was waiting when the box ended is taken when it comes again', (t) => {
	const state = atStart(waiting(one, wanted(2), at), at);
	t.true(isNews(state, wanted(2)));
	t.like(state, { good: { version: 1 } });
});

test('what is remembered is there after a restart; a damaged memory is none', async (t) => {
	const file = join(temporaryFolder(t), 'desired.json');
	t.deepEqual(await readDesiredState(file), noDesired);
	await writeDesiredState(file, one);
	t.deepEqual(await readDesiredState(file), one);
	for (const text of ['', '{', '{"good":1}', JSON.stringify({ ...one, asked: 'x' })]) {
		writeFileSync(file, text);
		t.deepEqual(await readDesiredState(file), noDesired);
	}
});
