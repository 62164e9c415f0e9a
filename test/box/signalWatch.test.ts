import test from 'ava';
import fc from 'fast-check';
import { type SignalNews, SignalWatch } from '../../src/box/signalWatch.ts';
import { type SignalState, signalStates } from '../../src/capture/signal.ts';

const options = { settleMs: 300, alertMs: 3000 };

function play(steps: readonly (readonly [forMs: number, signal: SignalState])[]): SignalNews[] {
	const watch = new SignalWatch(options);
	const news: SignalNews[] = [];
	let nowMs = 0;
	for (const [forMs, signal] of steps)
		for (const until = nowMs + forMs; nowMs < until; nowMs += 25) news.push(...watch.look(signal, 'live', nowMs));
	return news;
}

test('a state that stands is told once, with the one before', (t) => {
	const news = play([
		[1000, 'ok'],
		[1000, 'no-signal'],
		[1000, 'ok'],
	]);
	t.deepEqual(
		news.map((each) => (each.kind === 'changed' ? [each.signal, each.before?.signal] : each.kind)),
		[
			['ok', undefined],
			['no-signal', 'ok'],
			['ok', 'no-signal'],
		],
	);
});

test('a state that flickers is not told', (t) => {
	const flicker = Array.from({ length: 20 }, (_, i) => [100, i % 2 ? 'ok' : 'no-lock'] as const);
	t.deepEqual(play(flicker), []);
});

test('a loss that lasts raises one alert, taken back when the signal is back for good', (t) => {
	const kinds = play([
		[1000, 'ok'],
		[2000, 'no-cable'],
		[2000, 'no-signal'],
		[100, 'ok'],
		[200, 'no-signal'],
		[1000, 'ok'],
	]).map((news) => news.kind);
	t.is(kinds.filter((kind) => kind === 'lost').length, 1);
	t.is(kinds.filter((kind) => kind === 'back').length, 1);
	t.is(kinds.at(-1), 'back');
});

test('a short loss raises no alert', (t) => {
	const news = play([
		[1000, 'ok'],
		[1000, 'no-signal'],
		[1000, 'ok'],
	]);
	t.false(news.some(({ kind }) => kind === 'lost' || kind === 'back'));
});

test('whatever the input does, losses and returns alternate and no state is told twice in a row', (t) => {
	const steps = fc.array(fc.tuple(fc.integer({ min: 25, max: 5000 }), fc.constantFrom(...signalStates)), {
		maxLength: 20,
	});
	fc.assert(
		fc.property(steps, (input) => {
			const news = play(input);
			const alerts = news.filter(({ kind }) => kind !== 'changed').map(({ kind }) => kind);
			t.true(alerts.every((kind, place) => kind === (place % 2 === 0 ? 'lost' : 'back')));
			const told = news.flatMap((each) => (each.kind === 'changed' ? [each.signal] : []));
			t.true(told.every((signal, place) => signal !== told[place - 1]));
		}),
	);
});
