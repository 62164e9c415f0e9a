import { advance } from '../../src/exam/advance.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';
import { playRounds } from '../allocation/rounds.ts';
import { away, closed, closing, stream } from './stream.ts';

// The child process of allocation.test.ts: one examination that never completes, over and over, so that every branch but
// the records is taken.
const blind: Parameters<typeof stream> = [
	[5, { repeated: true }],
	[3, { scene: 'frozen' }],
	[9, away],
];
const round = stream([20], [10, closing], [6, closed], [10], ...blind);
const lengthMs = round.at(-1)!.timeMs - 1000;
const turns = Array.from({ length: 20_000 }, (_, i) => {
	const o = round[i % round.length]!;
	return { ...o, timeMs: o.timeMs + Math.floor(i / round.length) * lengthMs + 0.25 };
});
let state = createExam({ ...protocolDefaults, timeLimitMs: 1e12 });
await playRounds(turns.length, () => {
	state = createExam(state.protocol);
	let next = createExam(state.protocol);
	// By index: an iterator would allocate its results.
	for (let i = 0; i < turns.length; i++) {
		advance(state, turns[i]!, next);
		const done = next;
		next = state;
		state = done;
	}
});
if (state.phase !== 'running' || state.sites[0]!.presses === 0) throw new Error('the turns did not do the work');
