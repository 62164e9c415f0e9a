import test from 'ava';
import { BMode } from '../../src/simulator/bMode.ts';
import { unevenness } from '../../src/simulator/evenness.ts';
import { chooseProbe } from '../../src/simulator/probe.ts';
import { inAir } from '../../src/simulator/probeState.ts';
import { Random } from '../../src/simulator/random.ts';
import { chooseScanner } from '../../src/simulator/scanner.ts';
import { Subject } from '../../src/simulator/subject.ts';

const quality = { beams: 96, samples: 256 };
const start = { ...inAir, contact: 1 };

function picture(seed: number): { spread: number; tilt: number } {
	const content = (['femoral', 'no-vessel', 'saphenous-only'] as const)[seed % 3]!;
	const probe = chooseProbe(new Random(seed), 'any');
	const scanner = chooseScanner(seed, probe);
	const subject = new Subject({ seed, content, probe }, scanner, quality, start, false).finish();
	const mode = new BMode(scanner, probe, seed, quality);
	subject.adjust(mode);
	subject.geometry.update(start, 0);
	mode.render(subject.geometry, subject.maps, start, subject.lumen, 0);
	const spread = unevenness(quality.beams, quality.samples, (beam, s) => mode.grey[beam * quality.samples + s]!);
	return { spread, tilt: subject.tilt };
}

test('no picture is even all over, as no real one is', (t) => {
	// The evenest of the first 150, and one that needs nothing.
	for (const seed of [28, 74, 93, 101, 105, 114, 1]) {
		const { spread, tilt } = picture(seed);
		t.true(spread > 0.24, `seed ${seed}: ${spread.toFixed(3)}`);
		t.is(tilt === 0, seed === 1);
	}
});

test('the unevenness of a picture is the spread of its parts over their mean', (t) => {
	t.is(
		unevenness(80, 80, () => 50),
		0,
	);
	// Parts of 25 and 75 in equal number: 25 around 50.
	t.true(Math.abs(unevenness(80, 80, (beam) => (beam < 40 ? 25 : 75)) - 0.5) < 1e-9);
});
