import type { GreyMap } from './greyMap.ts';

/**
 * No real picture is equally bright all over. Of 282 pictures of the groin (Huang et al., Ann Transl Med 2019), each
 * divided into 8 x 8 parts, the parts' mean greys spread by 0.315 of their mean in the evenest (5th percentile 0.37).
 */
export const leastUnevenness = 0.3;

/** Parts along each side. */
const parts = 8;
/** One sample of so many along a beam speaks for them all. */
const stride = 4;
/** How far the gain is tilted at most over the whole depth, and in which steps, dB. */
const steepest = 30;
const stepDb = 2;

/** Spread of the mean greys of 8 x 8 parts of a picture over their mean. @param grey of sample s of beam b */
export function unevenness(beams: number, samples: number, grey: (beam: number, sample: number) => number): number {
	const sums = new Float64Array(parts * parts);
	const counts = new Float64Array(parts * parts);
	for (let beam = 0; beam < beams; beam++)
		for (let s = 0; s < samples; s += stride) {
			const part = Math.floor((beam * parts) / beams) * parts + Math.floor((s * parts) / samples);
			sums[part]! += grey(beam, s);
			counts[part]!++;
		}
	const means = sums.map((sum, part) => sum / counts[part]!);
	const mean = means.reduce((sum, each) => sum + each, 0) / means.length;
	const square = means.reduce((sum, each) => sum + each * each, 0) / means.length;
	return mean > 0 ? Math.sqrt(Math.max(0, square - mean * mean)) / mean : 0;
}

/**
 * The smallest tilt of the gain over the depth that makes a picture uneven enough, as an operator's time gain compensation
 * does that is not quite right. 0 for a picture that is uneven already.
 * @param power of every sample, [beams, samples]; @param gain dB on all of them
 * @returns dB from the top to the bottom, about the middle
 */
export function tiltFor(power: Float32Array, beams: number, samples: number, map: GreyMap, gain: number): number {
	const across = samples / stride;
	const levels = new Float32Array(beams * across);
	for (let i = 0; i < levels.length; i++) levels[i] = 10 * Math.log10(power[i * stride]! + 1e-15) + gain;
	const tilted = (tilt: number) =>
		unevenness(beams, samples, (beam, s) => map.grey(levels[beam * across + s / stride]! + tilt * (s / samples - 0.5)));
	if (tilted(0) >= leastUnevenness) return 0;
	for (let tilt = stepDb; tilt <= steepest; tilt += stepDb) {
		// Darker with depth first: that is how most real ones are.
		if (tilted(-tilt) >= leastUnevenness) return -tilt;
		if (tilted(tilt) >= leastUnevenness) return tilt;
	}
	return -steepest;
}
