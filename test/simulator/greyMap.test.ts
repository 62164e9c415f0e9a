import test from 'ava';
import fc from 'fast-check';
import { GreyMap } from '../../src/simulator/greyMap.ts';

test('however a grey map is bent, more echo is never darker, and black and white stay', (t) => {
	const rises = fc.check(
		fc.property(
			fc.double({ min: 0.8, max: 2, noNaN: true }),
			fc.double({ min: -0.9, max: 0.9, noNaN: true }),
			(gamma, bend) => {
				const map = new GreyMap(60, gamma, bend);
				let before = 0;
				for (let level = -60; level <= 0; level += 2) {
					if (map.grey(level) < before - 1e-9) return false;
					before = map.grey(level);
				}
				return map.grey(-60) === 0 && Math.abs(map.grey(0) - 255) < 1e-9;
			},
		),
	);
	t.false(rises.failed, String(rises.counterexample));
});

test('a bend above 0 gives more contrast in the middle, below 0 less', (t) => {
	const contrast = (bend: number) => {
		const map = new GreyMap(60, 1, bend);
		return map.grey(-25) - map.grey(-35);
	};
	t.true(contrast(0.3) > contrast(0) + 3);
	t.true(contrast(-0.3) < contrast(0) - 3);
});
