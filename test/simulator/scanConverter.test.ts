import test from 'ava';
import { beamGrid, chooseProbe, type Probe } from '../../src/simulator/probe.ts';
import { Random } from '../../src/simulator/random.ts';
import { ScanConverter } from '../../src/simulator/scanConverter.ts';

const untouched = 77;

function converted(probe: Probe, fill: (beam: number, sample: number) => number) {
	const grid = beamGrid(probe, 64, 128);
	const grey = new Uint8Array(64 * 128);
	for (let beam = 0; beam < 64; beam++) for (let s = 0; s < 128; s++) grey[beam * 128 + s] = fill(beam, s);
	const bytes = new Uint8Array(200 * 160).fill(untouched);
	new ScanConverter(grid, probe, 200, 160).write(grey, bytes, 0, 200, 1);
	return (x: number, y: number) => bytes[y * 200 + x]!;
}

test('a linear scan fills its rectangle, beams across and depth down', (t) => {
	const probe = chooseProbe(new Random(1), 'linear');
	const across = converted(probe, (beam) => beam * 4);
	const down = converted(probe, (_, s) => s * 2);
	for (const y of [0, 80, 159])
		for (const x of [0, 50, 150, 199]) t.true(Math.abs(across(x, y) - ((x + 0.5) / 200) * 252) < 3, `${x} ${y}`);
	for (const x of [0, 199])
		for (const y of [0, 40, 120, 159]) t.true(Math.abs(down(x, y) - ((y + 0.5) / 160) * 254) < 3, `${x} ${y}`);
});

test('a curved scan leaves what lies above the probe and beside the fan alone', (t) => {
	const probe = chooseProbe(new Random(1), 'curved');
	const at = converted(probe, () => 200);
	for (const [x, y] of [
		[100, 0],
		[1, 1],
		[198, 1],
		[1, 158],
		[198, 158],
	] as const)
		t.is(at(x, y), untouched, `${x} ${y}`);
	for (const [x, y] of [
		[100, 80],
		[100, 157],
		[40, 80],
		[160, 80],
	] as const)
		t.is(at(x, y), 200, `${x} ${y}`);
	// The face of the probe bends downwards in the middle.
	const face = (x: number) => Array.from({ length: 160 }, (_, y) => y).find((y) => at(x, y) === 200)!;
	t.true(face(100) > face(70), `${face(100)} ${face(70)}`);
});
