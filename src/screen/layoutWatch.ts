import type { Roi } from '../capture/frame.ts';

/** How a change of the screen's layout is noticed: searches go on at a low rate and are held against the area in use. */
export interface LayoutOptions {
	/** Looks at the whole screen a search takes, and the shortest time between two, milliseconds. */
	samples: number;
	sampleEveryMs: number;
	/** A side has moved that is farther off, share of the frame's longer side. */
	tolerance: number;
	/** Searches in a row that find more than the area, or less on a side, until the layout counts as changed. */
	growsAfter: number;
	shrinksAfter: number;
	/** A picture that is no ultrasound loses its area to one that overlaps it by less (intersection over union). */
	sameOverlap: number;
}

export type Comparison = 'same' | 'grown' | 'shrunk';

/** Searches in a row that disagreed with the area. */
export interface LayoutWatch {
	grown: number;
	shrunk: number;
}

/**
 * How a finding differs from the area in use. A picture that ends higher is no other one: its depth is dark, as with a
 * probe in air. A sector that ends earlier is none either: its edges are dark where no tissue is.
 * @param reach pixels within which a side counts as the same
 */
export function compareAreas(area: Roi, found: Roi, shape: 'rectangle' | 'sector', reach: number): Comparison {
	const left = area.x - found.x;
	const top = area.y - found.y;
	const right = found.x + found.width - (area.x + area.width);
	const bottom = found.y + found.height - (area.y + area.height);
	if (Math.max(left, top, right, bottom) > reach) return 'grown';
	return shape === 'rectangle' && Math.min(left, top, right) < -reach ? 'shrunk' : 'same';
}

/** Whether a finding lies beside the area, as high and as wide as it. @param reach pixels */
export function isOtherHalf(area: Roi, found: Roi, reach: number): boolean {
	const bottoms = area.y + area.height - (found.y + found.height);
	const apart = Math.abs(found.x + found.width / 2 - (area.x + area.width / 2));
	return (
		Math.abs(area.y - found.y) <= reach &&
		Math.abs(bottoms) <= reach &&
		Math.abs(area.width - found.width) <= 2 * reach &&
		Math.abs(apart - area.width) <= 3 * reach
	);
}

/** One search further, in place. Returns whether the layout has changed. */
export function stepLayout(watch: LayoutWatch, seen: Comparison, options: LayoutOptions): boolean {
	watch.grown = seen === 'grown' ? watch.grown + 1 : 0;
	watch.shrunk = seen === 'shrunk' ? watch.shrunk + 1 : 0;
	return watch.grown >= options.growsAfter || watch.shrunk >= options.shrinksAfter;
}

/** Intersection over union, 0..1. */
export function overlap(a: Roi, b: Roi): number {
	const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
	const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
	const common = Math.max(0, across) * Math.max(0, down);
	return common / (a.width * a.height + b.width * b.height - common);
}
