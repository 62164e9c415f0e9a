import test from 'ava';
import fc from 'fast-check';

// The page's own files are plain JavaScript, outside the TypeScript project.
interface Clock {
	learn(atMs: number, askedMs: number, nowMs: number): void;
	ageMs(atMs: number, nowMs: number): number;
	forget(): void;
}
interface Validity {
	BoxClock: new () => Clock;
	silenceMs: number;
	leftMs(heard: { guidance: string; validForMs: number }, ageMs: number): number;
	validity(heard: { guidance: string; validForMs: number } | null, ageMs: number): string;
}
const file = new URL('../../src/web/page/validity.js', import.meta.url).href;
const { BoxClock, leftMs, silenceMs, validity } = (await import(file)) as Validity;

test('an event is never taken for younger than it is, whatever the network does', (t) => {
	const delay = fc.double({ min: 0, max: 5000, noNaN: true });
	fc.assert(
		fc.property(
			fc.double({ min: -1e6, max: 1e6, noNaN: true }),
			fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 20 }),
			fc.double({ min: -1e-4, max: 1e-4, noNaN: true }),
			delay,
			(zero, answers, drift, late) => {
				const clock = new BoxClock();
				const boxAt = (pageMs: number) => (pageMs - zero) * (1 + drift);
				let now = zero;
				for (const [there, back] of answers) {
					const asked = now;
					now += there;
					const at = boxAt(now);
					now += back;
					clock.learn(at, asked, now);
				}
				const made = now;
				now += late;
				return clock.ageMs(boxAt(made), now) >= late - 0.5 - late * 2e-4;
			},
		),
	);
	t.pass();
});

test('on a quick network the age is right', (t) => {
	const clock = new BoxClock();
	clock.learn(5000, 100, 900);
	clock.learn(6000, 1000, 1002);
	t.true(Math.abs(clock.ageMs(6100, 1150) - 50) < 3);
});

test('before any answer, and after forgetting, nothing is shown', (t) => {
	const clock = new BoxClock();
	const heard = { guidance: 'captured', validForMs: 250 };
	t.is(validity(heard, clock.ageMs(1000, 1000)), 'lost');
	clock.learn(1000, 1000, 1001);
	t.is(validity(heard, clock.ageMs(1000, 1001)), 'fresh');
	clock.forget();
	t.is(validity(heard, clock.ageMs(1000, 1001)), 'lost');
	t.is(validity(null, 0), 'lost');
});

test('a box that was started anew has another clock, which is learnt from one answer', (t) => {
	const clock = new BoxClock();
	clock.learn(900_000, 1000, 1001);
	clock.learn(50, 2000, 2040);
	t.true(Math.abs(clock.ageMs(60, 2050) - 40) < 3);
});

test('what speaks of the picture ends with its expiry; what the box says of itself, with its silence', (t) => {
	t.is(leftMs({ guidance: 'captured', validForMs: 250 }, 249), 1);
	t.is(leftMs({ guidance: 'captured', validForMs: 250 }, 250), 0);
	t.is(leftMs({ guidance: 'captured', validForMs: 60_000 }, silenceMs), 0);
	t.is(leftMs({ guidance: 'captured', validForMs: 0 }, 0), 0);
	t.is(leftMs({ guidance: 'captured', validForMs: 250 }, Number.NaN), 0);
	t.is(leftMs({ guidance: 'fault', validForMs: 0 }, 100), silenceMs - 100);
	t.is(validity({ guidance: 'captured', validForMs: 250 }, 260), 'expired');
	t.is(validity({ guidance: 'captured', validForMs: 250 }, silenceMs + 1), 'lost');
	t.is(validity({ guidance: 'starting', validForMs: 0 }, 10), 'fresh');
});
