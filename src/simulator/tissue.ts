import { smoothNoise } from './smoothNoise.ts';

/** Echo of one spot: amplitude of its scatterers, and of the smooth surfaces that reflect as one. Overwritten by the next. */
export interface Echo {
	scatter: number;
	surface: number;
}

/**
 * Fat under the skin: dark lobules between thin, wavy, interrupted septa, denser and brighter towards the fascia. The
 * septa are the level lines of smooth noise: they branch, thicken and thin out as real ones do.
 * @param x, depth millimetres, already warped; @param towardsFascia 0 at the skin .. 1 at the fascia
 */
export function subcutis(x: number, depth: number, towardsFascia: number, density: number, layer: number, out: Echo) {
	const lobule = smoothNoise((x + 0.5 * depth) / 3.2, (depth - 0.15 * x) / 1.5, layer + 2);
	const broken = smoothNoise(x / 2.8, depth / 0.8, layer + 10);
	const long = ridge(smoothNoise(x / 10, depth / (1.05 - 0.3 * towardsFascia), layer + 5), 9);
	const short = ridge(smoothNoise(x / 5, depth / 0.55, layer + 6), 6);
	const trend = 0.7 + 2.1 * Math.sqrt(towardsFascia) * towardsFascia;
	const shown = Math.max(0, Math.min(1, 2.6 * broken - 0.55));
	out.scatter = trend * (0.13 + 0.42 * lobule * lobule + density * 0.45 * long * shown);
	out.surface = trend * density * shown * (2 * long + 1.5 * short * Math.max(0, broken + towardsFascia - 0.75));
}

/** Loose fat and connective tissue around the vessels: bright, without lines, with short dashes in all places. */
export function vesselBed(x: number, depth: number, layer: number, out: Echo) {
	// Two lattices at angles to the picture's edges: one alone would show as squares.
	const one = smoothNoise((x + 0.7 * depth) / 2.6, (depth - 0.5 * x) / 2, layer + 12);
	const other = smoothNoise((x - 0.6 * depth) / 2.1, (depth + 0.4 * x) / 1.5, layer + 17);
	const cloud = Math.max(0, Math.min(1, 0.8 * (one + other) - 0.3));
	const dash = Math.max(0, smoothNoise(x / 1.5, depth / 0.42, layer + 13) - 0.58) * 3;
	const line = ridge(smoothNoise(x / 4, depth / 1.3, layer + 14), 7);
	out.scatter = 0.2 + 0.95 * cloud * cloud + 0.25 * line;
	out.surface = dash * (0.4 + cloud) + 0.5 * line * Math.max(0, cloud - 0.35);
}

/**
 * A muscle cut across: an even dark belly with short bright dashes scattered in it, and hardly a longer line.
 * @param slope of the fibres; @param echo brightness of the belly, 1 that of fat; @param dashes how many there are, 0..1
 */
export function muscle(
	x: number,
	depth: number,
	slope: number,
	echo: number,
	dashes: number,
	layer: number,
	out: Echo,
) {
	const along = depth + slope * x;
	const cloud = smoothNoise((x + 0.5 * depth) / 6, (along - 0.3 * x) / 4, layer + 7);
	const strewn = Math.max(0, Math.min(1, 4 * (smoothNoise(x / 4.5, along / 2.6, layer + 8) - 0.62 + 0.36 * dashes)));
	const dash =
		strewn > 0 ? strewn * Math.max(0, smoothNoise((x - slope * depth) / 1.5, along / 0.4, layer + 9) - 0.66) * 4.5 : 0;
	const sheet = ridge(smoothNoise(x / 9, along / 2.4, layer + 11), 16) * Math.max(0, cloud - 0.5);
	out.scatter = echo * (0.3 + 0.55 * cloud) + 0.3 * dash;
	out.surface = (0.45 + echo) * (dash + 0.7 * sheet);
}

/** 1 on the level line 0.5 of a noise, falling to 0 beside it. */
function ridge(noise: number, sharpness: number): number {
	return Math.max(0, 1 - Math.abs(noise - 0.5) * sharpness);
}
