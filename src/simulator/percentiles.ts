import type { Random } from './random.ts';

/** Values at the 5th, 25th, 50th, 75th and 95th percentile. */
export type Percentiles = readonly [number, number, number, number, number];

/**
 * What real groin vessels look like on screen: 284 labelled lumens in the pictures of Huang et al., Ann Transl Med 2019
 * (github.com/gscfwid/femoral_nerve_block_computer_vision). Grey 0..255; depth and area as a share of the picture.
 */
export const realVessels = {
	lumenGrey: [4, 12, 24, 38, 56],
	tissueGrey: [18, 40, 55, 75, 101],
	greyRatio: [0.17, 0.28, 0.42, 0.56, 0.75],
	axisRatio: [0.43, 0.61, 0.73, 0.83, 0.93],
	centreDepth: [0.22, 0.33, 0.43, 0.55, 0.73],
	areaShare: [0.005, 0.015, 0.027, 0.048, 0.09],
} as const satisfies Record<string, Percentiles>;

const ranks = [0.05, 0.25, 0.5, 0.75, 0.95];

/** A value drawn from the distribution that has these percentiles. */
export function draw(percentiles: Percentiles, random: Random): number {
	return valueAt(percentiles, random.next());
}

/** The value at a rank 0..1: straight between the percentiles, kept inside the outer ones. */
export function valueAt(percentiles: Percentiles, wanted: number): number {
	const rank = Math.max(0.05, Math.min(0.95, wanted));
	let i = 0;
	while (i < 3 && rank > ranks[i + 1]!) i++;
	const share = (rank - ranks[i]!) / (ranks[i + 1]! - ranks[i]!);
	return percentiles[i]! + share * (percentiles[i + 1]! - percentiles[i]!);
}

/** The five percentiles of a sample. */
export function percentilesOf(values: readonly number[]): Percentiles {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.floor(rank * sorted.length))] ?? Number.NaN;
	return [at(0.05), at(0.25), at(0.5), at(0.75), at(0.95)];
}
