import test from 'ava';
import { BMode } from '../../src/simulator/bMode.ts';
import type { Probe } from '../../src/simulator/probe.ts';
import { inAir } from '../../src/simulator/probeState.ts';
import { chooseScanner, type Scanner } from '../../src/simulator/scanner.ts';
import { Subject } from '../../src/simulator/subject.ts';

const probe: Probe = { kind: 'linear', radius: 0, width: 40, halfAngle: 0, depth: 30 };
const quality = { beams: 64, samples: 200 };

test('clutter under the face of the probe brightens the first millimetres and nothing below', (t) => {
	const state = { ...inAir, contact: 1 };
	const plain: Scanner = { ...chooseScanner(4, probe), nearField: { strength: 0, reachMm: 1 } };
	const subject = new Subject({ seed: 4, content: 'no-vessel', probe }, plain, quality, state, false).finish();
	subject.geometry.update(state, 0);
	const render = (scanner: Scanner) => {
		const mode = new BMode(scanner, probe, 4, quality);
		mode.render(subject.geometry, subject.maps, state, 0, 0);
		const power = (from: number, to: number) => {
			let sum = 0;
			for (let beam = 0; beam < quality.beams; beam++)
				for (let s = from; s < to; s++) sum += mode.power[beam * quality.samples + s]!;
			return sum;
		};
		return { near: power(0, 10), deep: power(120, 200) };
	};
	const clean = render(plain);
	const cluttered = render({ ...plain, nearField: { strength: 1.5, reachMm: 1 } });
	t.true(cluttered.near > 1.5 * clean.near, `${cluttered.near} ${clean.near}`);
	t.true(Math.abs(cluttered.deep / clean.deep - 1) < 1e-3, `${cluttered.deep} ${clean.deep}`);
});
