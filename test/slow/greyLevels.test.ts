import test from 'ava';
import { greyLevelTable, measureGreyLevels } from '../../src/simulator/greyLevels.ts';
import { draw, percentilesOf, realVessels } from '../../src/simulator/percentiles.ts';
import { Random } from '../../src/simulator/random.ts';

test('simulated lumens lie within the range of real ones, and their middle near the real middle', (t) => {
	const levels = measureGreyLevels({ seed: 1, pictures: 12, shapes: 500 });
	for (const [name, { real, simulated }] of Object.entries(levels)) {
		t.true(simulated[2] > real[1] * 0.85 && simulated[2] < real[3] * 1.15, `${name}: middle ${simulated[2]}`);
		t.true(simulated[0] > real[0] * 0.5 && simulated[4] < real[4] * 1.35, `${name}: ${simulated.join(' ')}`);
		t.true(simulated[4] - simulated[0] > (real[4] - real[0]) * 0.45, `${name}: too alike, ${simulated.join(' ')}`);
	}
	const table = greyLevelTable(levels);
	t.is(table.split('\n').length, 13);
	t.regex(table, /lumenGrey real +4\.0 +12\.0 +24\.0 +38\.0 +56\.0/);
});

test('values drawn from percentiles have these percentiles', (t) => {
	const random = new Random(3);
	const values = Array.from({ length: 20_000 }, () => draw(realVessels.tissueGrey, random));
	percentilesOf(values).forEach((value, i) => {
		t.true(Math.abs(value - realVessels.tissueGrey[i]!) < 1.5, `${i}: ${value}`);
	});
});
