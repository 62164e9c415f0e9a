import test from 'ava';
import fc from 'fast-check';
import { type Act, inAir, lengthOf, probeAt } from '../../src/simulator/probeState.ts';

const acts: Act[] = [
	{ act: 'arrive', ms: 500, to: { contact: 1 } },
	{ act: 'press', ms: 1000, to: { pressure: 1.1 } },
	{ act: 'freeze', ms: 300, to: { frozen: 1 } },
	{ act: 'release', ms: 400, to: { pressure: 0, frozen: 0 } },
];

function at(timeMs: number) {
	const out = { ...inAir };
	probeAt(inAir, acts, timeMs, out);
	return out;
}

test('each act ends at its target and leaves the rest alone', (t) => {
	t.deepEqual(at(0), inAir);
	t.deepEqual(at(500), { ...inAir, contact: 1 });
	t.deepEqual(at(1500), { ...inAir, contact: 1, pressure: 1.1 });
	t.deepEqual(at(lengthOf(acts)), { ...inAir, contact: 1 });
	t.deepEqual(at(99_999), at(lengthOf(acts)));
});

test('freeze switches, it does not glide', (t) => {
	t.is(at(1500).frozen, 0);
	t.is(at(1501).frozen, 1);
	t.is(at(1799).frozen, 1);
	t.is(at(1850).frozen, 0);
});

test('a probe never jumps and never overshoots', (t) => {
	fc.assert(
		fc.property(fc.double({ min: 0, max: 2200, noNaN: true }), (timeMs) => {
			const one = at(timeMs);
			const two = at(timeMs + 1);
			return (
				Math.abs(two.pressure - one.pressure) < 0.006 &&
				Math.abs(two.contact - one.contact) < 0.006 &&
				one.pressure >= 0 &&
				one.pressure <= 1.1
			);
		}),
	);
	t.pass();
});
