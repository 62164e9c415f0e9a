import test from 'ava';
import { type ButtonAction, Presses } from '../../src/buttons/presses.ts';

const [n, s, c] = [49, 31, 46];
const rules = {
	actions: new Map<number, ButtonAction>([
		[n, 'next'],
		[s, 'side'],
		[c, 'cancel'],
	]),
	bounceMs: 40,
	holdMs: 1000,
};

test('a button asks once a press, when it goes down', (t) => {
	const presses = new Presses(rules);
	t.is(presses.change(n, true, 0), 'next');
	t.is(presses.change(n, true, 10), null);
	t.is(presses.held(5000), null);
	t.is(presses.change(n, false, 5000), null);
	t.is(presses.change(n, true, 5100), 'next');
});

test('a contact that bounces is one press', (t) => {
	const presses = new Presses(rules);
	const asked = [0, 5, 12, 200, 206, 211].map((nowMs, i) => presses.change(s, i % 2 === 0, nowMs));
	t.deepEqual(
		asked.filter((action) => action !== null),
		['side'],
	);
	t.is(presses.change(s, false, 400), null);
	t.is(presses.change(s, true, 600), 'side');
});

test('cancel has to be held, and asks once', (t) => {
	const presses = new Presses(rules);
	t.is(presses.change(c, true, 0), null);
	t.is(presses.held(999), null);
	t.is(presses.held(1000), 'cancel');
	t.is(presses.held(3000), null);
	presses.change(c, false, 3100);
	presses.change(c, true, 4000);
	t.is(presses.change(c, false, 4900), null);
	t.is(presses.held(6000), null, 'let go too soon');
});

test('a bouncing contact does not make the hold begin anew without end, nor count as held when it is let go', (t) => {
	const presses = new Presses(rules);
	presses.change(c, true, 0);
	presses.change(c, false, 4);
	presses.change(c, true, 8);
	t.is(presses.held(1007), null);
	t.is(presses.held(1008), 'cancel');
});

test('keys that nothing was asked of say nothing', (t) => {
	const presses = new Presses(rules);
	t.is(presses.change(2, true, 0), null);
	t.is(presses.held(9999), null);
});

test('after lost events nothing counts as held, and the next press does', (t) => {
	const presses = new Presses(rules);
	presses.change(c, true, 0);
	presses.forget();
	t.is(presses.held(2000), null);
	t.is(presses.change(n, true, 2000), 'next');
});
