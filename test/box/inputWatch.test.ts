import test from 'ava';
import { InputHistory } from '../../src/box/inputHistory.ts';
import { InputWatch } from '../../src/box/inputWatch.ts';
import { recentChanges } from '../../src/telemetry/messages/health.ts';

test('the history tells how long the signal was in each state since the last report', (t) => {
	const history = new InputHistory();
	history.look('ok', 1000);
	history.look('ok', 3000);
	history.look('no-cable', 3500);
	history.look('no-cable', 4500);
	t.deepEqual(history.report(), {
		states: [
			{ signal: 'ok', ms: 2500 },
			{ signal: 'no-cable', ms: 1000 },
		],
		...{ changes: 0, losses: 1, recent: [] },
	});
	history.look('ok', 6000);
	history.look('stuck', 6100);
	t.deepEqual(history.report().states, [
		{ signal: 'ok', ms: 100 },
		{ signal: 'no-cable', ms: 1500 },
	]);
	t.is(history.totals.losses, 2);
	t.is(history.totals.states.get('ok'), 2600);
});

test('time in which nobody looked is in no state', (t) => {
	const history = new InputHistory();
	history.look('ok', 0);
	history.look('ok', 100);
	history.pause();
	history.look('ok', 60_000);
	history.look('ok', 60_050);
	t.deepEqual(history.report().states, [{ signal: 'ok', ms: 150 }]);
});

test('the last changes are kept, the newest first, and no more of them', (t) => {
	const history = new InputHistory();
	for (let second = 10; second < 40; second++)
		history.changed(`2026-03-02T10:00:${second}.000Z`, second % 2 ? 'ok' : 'no-lock', 'live', '');
	const { recent, changes } = history.report();
	t.is(recent.length, recentChanges);
	t.is(recent[0]!.at, '2026-03-02T10:00:39.000Z');
	t.is(changes, 30);
	t.is(history.report().changes, 0);
	t.is(history.report().recent.length, recentChanges);
});

test('a change is told with the cause that belongs to its state, and stands in the history', (t) => {
	const watch = new InputWatch();
	watch.explainSignal('no-lock', 'the signal is unstable');
	watch.explainScene('no-roi', 'too dark');
	const told = [];
	for (let ms = 0; ms < 1000; ms += 25) told.push(...watch.look({ signal: 'ok', scene: 'no-roi' }, ms));
	for (let ms = 1000; ms < 2000; ms += 25) told.push(...watch.look({ signal: 'no-lock', scene: 'no-roi' }, ms));
	for (let ms = 2000; ms < 3000; ms += 25) told.push(...watch.look({ signal: 'no-cable', scene: 'live' }, ms));
	t.deepEqual(
		told.map(({ kind, cause }) => [kind, cause]),
		[
			['changed', 'too dark'],
			['changed', 'the signal is unstable'],
			['changed', ''],
		],
	);
	t.deepEqual(
		watch.history.report().recent.map(({ signal, cause }) => [signal, cause]),
		[
			['no-cable', ''],
			['no-lock', 'the signal is unstable'],
			['ok', 'too dark'],
		],
	);
});

test('a state keeps its cause while the next one is explained and does not show yet', (t) => {
	const watch = new InputWatch();
	const look = (signal: 'ok' | 'error', fromMs: number) => {
		const told = [];
		for (let ms = fromMs; ms < fromMs + 400; ms += 25) told.push(...watch.look({ signal, scene: 'live' }, ms));
		return told.map(({ cause }) => cause);
	};
	look('ok', 0);
	watch.explainSignal('error', 'VIDIOC_DQBUF failed (EIO)');
	watch.look({ signal: 'error', scene: 'live' }, 400);
	watch.explainSignal('ok', '');
	t.deepEqual(look('error', 425), ['VIDIOC_DQBUF failed (EIO)']);
	look('ok', 1000);
	// What was the cause then is none now.
	t.deepEqual(look('error', 1400), ['']);
});
