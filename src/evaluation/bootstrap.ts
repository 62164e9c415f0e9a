import { Random } from '../simulator/random.ts';
import type { Interval } from './interval.ts';

export interface BootstrapOptions {
	/** How many sets are drawn. */
	resamples: number;
	/** Same seed, same intervals. */
	seed: number;
}

export const bootstrapDefaults: BootstrapOptions = { resamples: 2000, seed: 1 };

/**
 * 95% percentile intervals of figures that are worked out of summed counts: sets of as many units are drawn with
 * replacement, and the figures of each are sorted. (B. Efron 1979, "Bootstrap methods: another look at the jackknife".)
 * Frames of a recording are far from independent, so the unit is a recording, or all recordings of a person.
 * @param units counts of each unit, all of one length
 * @param figures of summed counts, always as many; NaN where a figure does not exist
 * @returns one a figure; null with fewer than two units, which say nothing about spread, or where it never exists
 */
export function bootstrap(
	units: readonly Float64Array[],
	figures: (sum: Float64Array) => readonly number[],
	{ resamples, seed }: BootstrapOptions = bootstrapDefaults,
): (Interval | null)[] {
	const length = units[0]?.length ?? 0;
	const drawn: number[][] = figures(new Float64Array(length)).map(() => []);
	if (units.length < 2) return drawn.map(() => null);
	const random = new Random(seed, units.length);
	const sum = new Float64Array(length);
	for (let i = 0; i < resamples; i++) {
		sum.fill(0);
		for (let unit = 0; unit < units.length; unit++) add(sum, random.pick(units));
		for (const [place, figure] of figures(sum).entries()) if (!Number.isNaN(figure)) drawn[place]!.push(figure);
	}
	return drawn.map(middle95);
}

export function add(sum: Float64Array, counts: Float64Array): void {
	for (let i = 0; i < sum.length; i++) sum[i]! += counts[i]!;
}

/** Nearest ranks of 2.5% and 97.5%. */
function middle95(values: readonly number[]): Interval | null {
	if (values.length === 0) return null;
	const sorted = Float64Array.from(values).sort();
	const rank = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
	return [rank(0.025), rank(0.975)];
}
