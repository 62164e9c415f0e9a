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
	/** Share of the image before that stays in the next, 0..0.6. */
	persistence: number;
	/** Error of the time gain compensation at six depths, dB. */
	gainCurve: readonly number[];
	/** Unevenness of the gain across the probe, dB. */
	uneven: number;
	/** Deviation of the electronic noise in grey levels, at the top and at the bottom. */
	noise: readonly [number, number];
	/** Amplitude of the clutter that fills lumens, and how much of it streams with the blood. */
	streaming: boolean;
}

export function chooseScanner(seed: number, probe: Probe): Scanner {
	const random = new Random(seed, 21);
	const fine = probe.kind === 'linear' ? 1 : 1.7;
	const swing = random.between(0, 4);
	return {
		hz: random.pick([13, 15, 18, 20, 22, 25, 28, 32, 38, 45, 54]),
		pulse: {
			axialMm: random.between(0.1, 0.19) * fine,
			lateralMm: random.between(0.16, 0.32) * fine,
			widening: random.between(0.004, 0.016) * fine,
			focusMm: probe.depth * random.between(0.3, 0.6),
		},
		looks: random.chance(0.7) ? 3 : 2,
		dynamicRange: random.between(45, 65),
		gamma: random.between(0.8, 1.5),
		persistence: random.chance(0.5) ? random.between(0.15, 0.5) : 0,
		gainCurve: Array.from({ length: 6 }, () => random.between(-swing, swing)),
		uneven: random.between(0, 5),
		noise: [random.between(0.6, 1.6), random.between(1, 3.5)],
		streaming: random.chance(0.6),
	};
}
