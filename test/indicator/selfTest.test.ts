import test from 'ava';
import { guidances } from '../../src/exam/guidance.ts';
import { whatToShow } from '../../src/indicator/expiry.ts';
import type { Light } from '../../src/indicator/light.ts';
import { selfTest } from '../../src/indicator/selfTest.ts';

/** Runs it by a clock of its own. @returns what was shown, in its order, and the time it took */
function watched(stateMs: number) {
	let nowMs = 5000;
	const seen: { guidance: string; atMs: number }[] = [];
	const light: Light = {
		name: 'test',
		open: () => {},
		show: (indication, moment) => seen.push({ guidance: whatToShow(indication, moment), atMs: moment.nowMs }),
		dim: () => {},
		close: () => {},
	};
	selfTest(light, { stateMs, turnMs: 20 }, { nowMs: () => nowMs, pause: (ms) => (nowMs += ms) });
	const states = seen.filter(({ guidance }, i) => guidance !== seen[i - 1]?.guidance);
	return { seen, states, tookMs: nowMs - 5000 };
}

test('every state is shown once, each for its time, and don’t know comes last', (t) => {
	const { states, tookMs } = watched(300);
	t.deepEqual([...states.map(({ guidance }) => guidance)].sort(), [...guidances].sort());
	t.is(states.at(-1)?.guidance, 'dont-know');
	t.is(tookMs, 300 * guidances.length);
	for (let i = 1; i < states.length; i++) t.is(states[i]!.atMs - states[i - 1]!.atMs, 300);
});

test('green comes first: it is not what a person has seen last when the first picture comes', (t) => {
	t.is(watched(300).states[0]?.guidance, 'captured');
});

test('states are renewed often enough to blink', (t) => {
	const { seen } = watched(300);
	for (let i = 1; i < seen.length; i++) t.true(seen[i]!.atMs - seen[i - 1]!.atMs <= 20);
});
