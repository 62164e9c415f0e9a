import test from 'ava';
import fc from 'fast-check';
import { advance } from '../../src/exam/advance.ts';
import { endExamination, interrupt, setSide, startExamination } from '../../src/exam/command.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';
import { Play } from './play.ts';
import { closed, observation, stream, streams } from './stream.ts';

test('the same state and observation give the same result, whatever the next state held, and change neither', (t) => {
	const property = fc.property(streams(8), streams(4), (history, other) => {
		const play = new Play();
		const used = new Play();
		used.see(other);
		for (const o of history) {
			const state = structuredClone(play.state);
			const seen = structuredClone(o);
			const fresh = createExam(play.protocol);
			const dirty = structuredClone(used.state);
			advance(play.state, o, fresh);
			advance(play.state, o, dirty);
			t.deepEqual(dirty, fresh);
			t.deepEqual(play.state, state);
			t.deepEqual(o, seen);
			play.see([o]);
			t.deepEqual(play.state, fresh);
		}
	});
	fc.assert(property, { numRuns: 15 });
});

test('a command changes the next state only, and there what it names only', (t) => {
	const play = new Play();
	play.see(stream([12], [5, closed]));
	const state = structuredClone(play.state);
	const next = createExam(play.protocol);
	setSide(play.state, 'right', next);
	t.deepEqual(next, { ...state, side: 'right' });
	for (const command of [startExamination, endExamination, interrupt]) {
		command(play.state, 5000, next);
		t.deepEqual(play.state, state);
		t.is(next.timeMs, 5000);
	}
});

test('the state must not be written into itself or into one of another protocol', (t) => {
	const state = createExam(protocolDefaults);
	t.throws(() => advance(state, observation(), state), { instanceOf: TypeError });
	const other = createExam({ ...protocolDefaults, sites: ['sfj'] });
	t.throws(() => advance(state, observation(), other), { instanceOf: TypeError });
});
