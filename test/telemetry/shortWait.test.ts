import test from 'ava';
import { ShortWait } from '../../src/telemetry/link/shortWait.ts';

const long = 60_000;

test('a wait lasts as long as it is told', async (t) => {
	const began = performance.now();
	await new ShortWait().wait(30, new AbortController().signal);
	// Timers of Node may be early by less than a millisecond.
	t.true(performance.now() - began > 28);
});

test('it is ended early from outside, and by the signal; the next one is a wait of its own', async (t) => {
	const wait = new ShortWait();
	const stopping = new AbortController();
	wait.end();
	for (let turn = 0; turn < 3; turn++) {
		const waited = wait.wait(long, stopping.signal);
		wait.end();
		await waited;
	}
	const last = wait.wait(long, stopping.signal);
	stopping.abort();
	await last;
	await wait.wait(long, stopping.signal);
	t.pass();
});

/** How much the sets hold that Node keeps behind a signal's symbols, such as that of the signals made of it; there is no other word for it. */
function kept(signal: AbortSignal): number {
	const behind = signal as unknown as Record<symbol, { size?: unknown } | null | undefined>;
	return Object.getOwnPropertySymbols(signal)
		.map((symbol) => behind[symbol]?.size)
		.reduce<number>((sum, size) => sum + (typeof size === 'number' ? size : 0), 0);
}

test('hundreds of waits leave nothing on a signal that outlives them', async (t) => {
	const made = new AbortController().signal;
	const derived = AbortSignal.any([made, new AbortController().signal]);
	derived.addEventListener('abort', () => t.fail());
	t.is(kept(made), 1, 'what is looked for is seen');
	const { signal } = new AbortController();
	const wait = new ShortWait();
	for (let turn = 0; turn < 300; turn++) {
		const waited = wait.wait(turn % 2 === 0 ? 0 : long, signal);
		if (turn % 2 === 1) wait.end();
		await waited;
	}
	t.is(kept(signal), 0);
});
