import test from 'ava';
import fc from 'fast-check';
import { signalStates } from '../../src/capture/signal.ts';
import { guidances } from '../../src/exam/guidance.ts';
import { scenes } from '../../src/screen/scene.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { readPageState } from '../../src/web/pageState.ts';
import { trouble } from '../../src/web/trouble.ts';

function board(expiresMs: number): StatusBoard {
	const made = new StatusBoard(['sfj', 'fv']);
	made.say('captured', 'sfj', expiresMs);
	made.landmark = 'sfj';
	made.set('frames', 10);
	made.setSiteOutcome(0, 'captured');
	return made;
}

test('a result is read as it stands while it holds', (t) => {
	const state = readPageState(board(1250), 1000);
	t.like(state, { guidance: 'captured', site: 'sfj', landmark: 'sfj', validForMs: 250, trouble: null });
	t.deepEqual(state.sites, [
		{ site: 'sfj', outcome: 'captured' },
		{ site: 'fv', outcome: null },
	]);
});

test('an expired result is read as dont-know, whatever stands there, and names no site in view', (t) => {
	fc.assert(
		fc.property(
			fc.constantFrom(...guidances),
			fc.oneof(fc.double({ max: 1000, noNaN: true }), fc.constant(Number.NaN)),
			(guidance, expiresMs) => {
				const expired = board(expiresMs);
				expired.say(guidance, 'sfj', expiresMs);
				const state = readPageState(expired, 1000);
				return (
					state.guidance === 'dont-know' &&
					state.site === null &&
					state.landmark === null &&
					state.validForMs === 0 &&
					state.trouble !== null
				);
			},
		),
	);
	t.pass();
});

test('an expired result speaks of no signal and no scene: they are as old as it is', (t) => {
	const expired = board(900);
	expired.scene = 'frozen';
	t.notRegex(readPageState(expired, 1000).trouble!, /frozen/);
});

test('before the first frame the box is starting, which does not expire', (t) => {
	t.is(readPageState(new StatusBoard(['sfj']), 1000).guidance, 'starting');
});

test('every fault of the signal and every other scene has its own sentence', (t) => {
	const words = [
		...signalStates.filter((signal) => signal !== 'ok').map((signal) => trouble('no-signal', signal, 'live')),
		...scenes.filter((scene) => scene !== 'live').map((scene) => trouble('dont-know', 'ok', scene)),
	];
	t.is(new Set(words).size, signalStates.length + scenes.length - 2);
	for (const word of words) t.regex(word!, /^[A-Z].*[.?]$/);
});

test('no sentence names a disease or alarms', (t) => {
	for (const signal of signalStates)
		for (const scene of scenes)
			t.notRegex(trouble('dont-know', signal, scene) ?? '', /thromb|clot|dvt|disease|danger|warning|!/i);
});

test('with a live picture nothing stands between, but after the end the probe has to be lifted', (t) => {
	t.is(trouble('press', 'ok', 'live', 'running'), null);
	t.is(trouble('captured', 'ok', 'live', 'over'), null);
	t.regex(trouble('dont-know', 'ok', 'live', 'over')!, /Lift the probe/);
});
