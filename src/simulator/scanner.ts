import type { PulseShape } from './pointSpread.ts';
import type { Probe } from './probe.ts';
import { Random } from './random.ts';

/** The settings of a scanner. */
export interface Scanner {
	/** Images a second, 13..54. */
	hz: number;
	pulse: PulseShape;
	/** Compounded looks, 1..3. */
	looks: number;
	/** Dynamic range of the picture, dB. */
	dynamicRange: number;
	/** Grey = share of the dynamic range to this power. */
	gamma: number;
	/** S-shape of the grey map. */
	bend: number;
	/** Share of the image before that stays in the next, 0..0.6. */
	persistence: number;
	/** Error of the time gain compensation at six depths, dB. */
	gainCurve: readonly number[];
	/** Unevenness of the gain across the probe, dB. */
	uneven: number;
	/** Deviation of the electronic noise in grey levels, at the top and at the bottom. */
	noise: readonly [number, number];
	/** Clutter under the probe's face: amplitude, and millimetres that it reaches down. */
	nearField: { strength: number; reachMm: number };
	/** Whether the clutter in lumens streams with the blood. */
	streaming: boolean;
}

export function chooseScanner(seed: number, probe: Probe): Scanner {
	const random = new Random(seed, 21);
	const fine = probe.kind === 'linear' ? 1 : 1.7;
	const swing = random.between(0, 4);
	const tilt = random.between(-4, 4);
	return {
		hz: random.pick([13, 15, 18, 20, 22, 25, 28, 32, 38, 45, 54]),
		pulse: {
			axialMm: random.between(0.06, 0.14) * fine,
			lateralMm: random.between(0.11, 0.25) * fine,
			widening: random.between(0.004, 0.016) * fine,
			focusMm: probe.depth * random.between(0.3, 0.6),
		},
		looks: random.chance(0.7) ? 3 : 2,
		dynamicRange: random.between(58, 78),
		gamma: random.between(1.1, 2),
		bend: random.between(-0.35, 0.35),
		persistence: random.chance(0.6) ? random.between(0.1, 0.6) : 0,
		gainCurve: Array.from({ length: 6 }, (_, i) => random.between(-swing, swing) + tilt * (i / 2.5 - 1)),
		uneven: random.between(0, 5),
		noise: [random.between(0.4, 1.3), random.between(0.6, 2.8)],
		nearField: { strength: random.between(0, 0.4) * random.next(), reachMm: random.between(0.8, 3) },
		streaming: random.chance(0.6),
	};
}
