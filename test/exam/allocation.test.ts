import test from 'ava';
import { advance } from '../../src/exam/advance.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam, type ExamState } from '../../src/exam/state.ts';
import { away, closed, closing, stream } from './stream.ts';

test('a turn allocates nothing', async (t) => {
	// One examination that never completes, over and over: every branch but the records.
	const blind: Parameters<typeof stream> = [
		[5, { repeated: true }],
		[3, { scene: 'frozen' }],
		[9, away],
	];
	const round = stream([20], [10, closing], [6, closed], [10], ...blind);
	const lengthMs = round.at(-1)!.timeMs - 1000;
	const turns = Array.from({ length: 100_000 }, (_, i) => {
		const o = round[i % round.length]!;
		return { ...o, timeMs: o.timeMs + Math.floor(i / round.length) * lengthMs + 0.25 };
	});
	const run = (): ExamState => {
		let state = createExam({ ...protocolDefaults, timeLimitMs: 1e12 });
		let next = createExam({ ...protocolDefaults, timeLimitMs: 1e12 });
		// By index: an iterator would allocate its results.
		for (let i = 0; i < turns.length; i++) {
			advance(state, turns[i]!, next);
			const done = next;
			next = state;
			state = done;
		}
		return state;
	};
	const state = run();
	// Until the engine has compiled all of it, numbers are boxed: some rounds are given to that.
	const bound = 400_000;
	const grown: number[] = [];
	const small = (bytes: number): boolean => bytes >= 0 && bytes < bound;
	while (grown.length < 50 && !(grown.length > 1 && grown.slice(-2).every(small))) {
		await new Promise((resolve) => setTimeout(resolve, 5));
		const before = process.memoryUsage().heapUsed;
		run();
		// Negative where something was collected in between: that round says nothing.
		grown.push(process.memoryUsage().heapUsed - before);
	}
	t.log(`100,000 turns, round ${grown.length}: the heap grew by ${(grown.at(-1)! / 1024).toFixed(0)} KiB`);
	t.true(grown.slice(-2).every(small), 'four bytes a turn: less than one number');
	t.is(state.phase, 'running', 'the turns did the work');
	t.true(state.sites[0]!.presses > 0);
});
