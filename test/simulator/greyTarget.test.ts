import test from 'ava';
import { BMode } from '../../src/simulator/bMode.ts';
import { chooseProbe } from '../../src/simulator/probe.ts';
import { inAir } from '../../src/simulator/probeState.ts';
import { Random } from '../../src/simulator/random.ts';
import { chooseScanner } from '../../src/simulator/scanner.ts';
import { Subject } from '../../src/simulator/subject.ts';

const quality = { beams: 96, samples: 256 };
const start = { ...inAir, contact: 1 };

/** The 5th and the 50th percentile of a patient's picture, grey levels. */
function shades(seed: number): [dark: number, middle: number] {
	const probe = chooseProbe(new Random(seed), 'any');
	const scanner = chooseScanner(seed, probe);
	const subject = new Subject({ seed, content: 'femoral', probe }, scanner, quality, start, false).finish();
	const mode = new BMode(scanner, probe, seed, quality);
	subject.adjust(mode);
	subject.geometry.update(start, 0);
	mode.render(subject.geometry, subject.maps, start, subject.lumen, 0);
	const grey = Uint8Array.from(mode.grey).sort();
	return [grey[Math.floor(0.05 * grey.length)]!, grey[Math.floor(0.5 * grey.length)]!];
}

test('a picture is neither bright all over nor dark all over', (t) => {
	// Among these are the brightest and the darkest of the first hundred.
	for (const seed of [1, 2, 3, 42, 52, 63, 75, 92, 105]) {
		const [dark, middle] = shades(seed);
		t.true(dark <= 32, `seed ${seed}: the darkest twentieth reaches up to ${dark}`);
		t.true(middle >= 6, `seed ${seed}: half of the picture is darker than ${middle}`);
	}
});
