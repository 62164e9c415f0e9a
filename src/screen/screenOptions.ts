import type { ColourOptions } from './colour.ts';
import type { DualOptions } from './dual.ts';
import type { FreezeOptions } from './freeze.ts';
import type { FreshOptions } from './freshImage.ts';
import type { LayoutOptions } from './layoutWatch.ts';
import type { LostOptions } from './lostSignal.ts';
import type { JudgeOptions } from './ultrasound.ts';

/**
 * How the scan area is searched for. Grey levels run from 0 to 255; a cell is 1/224 of the frame's longer side, about 9
 * pixels at 1920x1080. The figures were found on screens of Philips, Aloka, BK, Ultrasonix and Clarius machines.
 */
export interface SearchOptions {
	/** Looks at the whole screen that one search takes. */
	samples: number;
	/**
	 * A running screen is judged before that, after so many looks and again after each `earlyEvery` more. An area that two
	 * judgements in a row agree on (intersection over union) is used, and the search goes on to confirm it.
	 */
	earlySamples: number;
	earlyEvery: number;
	earlyOverlap: number;
	/** Shortest time between two of them, milliseconds. */
	sampleEveryMs: number;
	/** A picture on which nothing moves is judged by its structure alone, but not before this time, milliseconds. */
	stillAfterMs: number;
	/** Pixels read at full resolution in one turn. */
	pixelsPerTurn: number;
	/** A cell is lit that is so much brighter than the screen's background, grey levels. */
	litAbove: number;
	/** A cell is active whose grey changes so much from look to look in the mean, grey levels. */
	activeAbove: number;
	/** A screen is running where this share of its cells is active. */
	runningShare: number;
	/** A cell is hard where two neighbouring pixels differ by more: lettering, rulers, icons. */
	hardStep: number;
	/** A cell is flat where no two neighbouring pixels differ by more and it is brighter than the background by `flatAbove`. */
	flatStep: number;
	flatAbove: number;
	/** A row or column belongs to a header, footer or side panel where this share of it is flat. */
	panelShare: number;
	/** Smallest part that can be a scan, share of all cells. */
	smallestPart: number;
	/** A part is lettering where more of it is hard. */
	hardShare: number;
	/** On a running screen a part belongs to the scan where this share of it is active. */
	activeShare: number;
	/** Shortest side of a scan area, share of the frame's shorter side. */
	shortestSide: number;
	/** Largest ratio of width to height: flatter is the near field of a probe in air. */
	flattest: number;
	/** Rows and columns count where they hold this share of what the fullest one holds. */
	sideShare: number;
	/** Least slope of both sides of a sector, cells sideways a cell of depth. */
	sectorSlope: number;
	/** Share of the rows that must lie on a sector's side. */
	sectorSupport: number;
}

export interface ScreenOptions {
	/** The scan area [x, y, width, height] in pixels of the frame, or null: it is searched for. */
	area: readonly [number, number, number, number] | null;
	search: SearchOptions;
	fresh: FreshOptions;
	freeze: FreezeOptions;
	judge: JudgeOptions;
	colour: ColourOptions;
	dual: DualOptions;
	lost: LostOptions;
	layout: LayoutOptions;
}

export const screenDefaults: ScreenOptions = {
	area: null,
	search: {
		samples: 20,
		earlySamples: 6,
		earlyEvery: 2,
		earlyOverlap: 0.95,
		sampleEveryMs: 45,
		stillAfterMs: 2000,
		pixelsPerTurn: 150_000,
		litAbove: 3,
		activeAbove: 1.2,
		runningShare: 0.01,
		hardStep: 60,
		flatStep: 1,
		flatAbove: 12,
		panelShare: 0.6,
		smallestPart: 0.012,
		hardShare: 0.5,
		activeShare: 0.3,
		shortestSide: 0.15,
		flattest: 3.3,
		sideShare: 0.06,
		sectorSlope: 0.12,
		sectorSupport: 0.15,
	},
	fresh: { blockChange: 1.2, exactBlockChange: 0.1, exactForMs: 5000, blockShare: 0.04 },
	freeze: { frozenAfterMs: 700, liveAfterImages: 3 },
	judge: {
		goodAfter: 5,
		leastContrast: 5,
		brightestMedian: 95,
		brightestShadow: 40,
		colourDistance: 20,
		colourShare: 0.25,
		leastGrain: -0.08,
		flatShare: 0.1,
		flatContrast: 0.03,
		drawnShare: 0.35,
		hardShare: 0.4,
		edgeShare: 0.02,
		strangest: 1.2,
		leastUnevenness: 0.18,
	},
	colour: { distance: 36, share: 0.006, holdMs: 1500 },
	dual: { afterMs: 1000, images: 8, runningShare: 0.25, leastSpread: 6 },
	lost: {
		...{ everyMs: 60, afterMs: 300, blankRange: 6, snowGrain: -0.3, snowEdges: 0.5 },
		pictures: [],
		same: { mean: 2, step: 8, share: 0.02 },
	},
	layout: { sampleEveryMs: 200, samples: 12, tolerance: 0.05, growsAfter: 2, shrinksAfter: 3, sameOverlap: 0.7 },
};
