import type { BMode } from './bMode.ts';
import type { Geometry } from './geometry.ts';
import type { GreyMap } from './greyMap.ts';
import type { BeamGrid } from './probe.ts';

/** Mean grey levels 0..255 that a picture is to show. */
export interface GreyTarget {
	tissue: number;
	/** Grey of lumens over grey of the tissue around them. */
	ratio: number;
}

/** The samples (index into power and grey) of a picture's lumens and of the tissue around them. */
export interface Regions {
	lumen: Int32Array;
	tissue: Int32Array;
}

/**
 * However bright its tissue, a real picture is dark somewhere, and no real picture is dark all over. Of 282 pictures of the
 * groin (Huang et al., Ann Transl Med 2019) none has a darkest twentieth brighter than 28 (95th percentile 19), and the
 * medians begin at 16 (5th percentile).
 */
const brightestDark = 24;
const darkestMedian = 12;

/**
 * The femoral vessels' lumens and the tissue around them: 1.25 to 1.9 times their size. Without vessels, tissue is the
 * middle of the picture and lumen is empty.
 * @param only index of one vessel in `geometry.vessels`; without it, all of them
 */
export function regionsOf(geometry: Geometry, grid: BeamGrid, only?: number): Regions {
	const lumen: number[] = [];
	const tissue: number[] = [];
	// A lymph node beside the vein is no lumen, and brighter.
	const seen = geometry.vessels.filter((each) => each.presence > 0.5 && each.role !== 'small');
	const lumens = seen.filter((each) => each.role !== 'node' || geometry.vein === null);
	const wanted = only === undefined ? lumens : [geometry.vessels[only]!];
	const isWanted = seen.map((each) => wanted.includes(each));
	const { samples, beams, pad } = grid;
	for (let beam = 0; beam < beams; beam++)
		for (let s = 0; s < samples; s++) {
			const i = (beam + pad) * samples + s;
			let inside = wanted.length === 0 && s > samples * 0.25 && s < samples * 0.75;
			let blocked = false;
			for (let each = 0; each < seen.length; each++) {
				const vessel = seen[each]!;
				const dx = grid.x[i]! - vessel.x;
				// Far off, as most samples are from most vessels.
				if (Math.abs(dx) > 2 * vessel.a) continue;
				const dz = grid.z[i]! - vessel.z - vessel.slant * dx;
				const square = (dx / vessel.a) ** 2 + (dz / vessel.b) ** 2;
				if (square < 1.25 ** 2) blocked = true;
				if (!isWanted[each]) continue;
				if (square < 0.8 ** 2) lumen.push(beam * samples + s);
				if (square > 1.25 ** 2 && square < 1.9 ** 2) inside = true;
			}
			if (inside && !blocked) tissue.push(beam * samples + s);
		}
	return { lumen: Int32Array.from(lumen), tissue: Int32Array.from(tissue) };
}

/**
 * The gain (dB) and the factor on blood's amplitude with which a rendered picture meets its target.
 * @param mode just rendered, at rest; @param map its grey map
 */
export function meetTarget(
	mode: BMode,
	map: GreyMap,
	regions: Regions,
	target: GreyTarget,
): { gain: number; lumen: number } {
	const tissue = histogramOf(mode.power, regions.tissue);
	const picture = histogramOf(mode.power);
	const gainFor = (share: number, grey: number) => {
		const level = levelAt(picture, share);
		return solve((shift) => map.grey(level + shift) - grey, -90, 60);
	};
	const wished = solve((shift) => meanGrey(tissue, map, shift) - target.tissue, -90, 60);
	const gain = Math.min(Math.max(wished, gainFor(0.5, darkestMedian)), gainFor(0.05, brightestDark));
	if (regions.lumen.length === 0) return { gain, lumen: 1 };
	const lumen = histogramOf(mode.power, regions.lumen);
	const wanted = meanGrey(tissue, map, gain) * target.ratio;
	const shift = solve((level) => meanGrey(lumen, map, gain + level) - wanted, -40, 30);
	return { gain, lumen: 10 ** (shift / 20) };
}

/** The level, dB, under which this share of the samples lies. */
function levelAt(bins: Float64Array, share: number): number {
	let left = share * bins.reduce((sum, count) => sum + count, 0);
	let i = 0;
	while (i < bins.length - 1 && left > bins[i]!) left -= bins[i++]!;
	return i - 150;
}

/** How many samples, of all or of these, have a power of i - 150 dB. */
function histogramOf(power: Float32Array, samples?: Int32Array): Float64Array {
	const bins = new Float64Array(240);
	const count = (samples ?? power).length;
	for (let n = 0; n < count; n++) {
		const level = 10 * Math.log10(power[samples === undefined ? n : samples[n]!]! + 1e-15);
		bins[Math.max(0, Math.min(239, Math.round(level + 150)))]! += 1;
	}
	return bins;
}

function meanGrey(bins: Float64Array, map: GreyMap, gain: number): number {
	let sum = 0;
	let count = 0;
	for (let i = 0; i < bins.length; i++) {
		if (bins[i] === 0) continue;
		sum += bins[i]! * map.grey(i - 150 + gain);
		count += bins[i]!;
	}
	return sum / Math.max(1, count);
}

/** Where a rising function crosses zero. */
function solve(rising: (x: number) => number, from: number, to: number): number {
	let low = from;
	let high = to;
	for (let i = 0; i < 24; i++) {
		const middle = (low + high) / 2;
		if (rising(middle) < 0) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}
