import type { Roi } from '../capture/frame.ts';

/**
 * From this many rows of the source to one of the output on, every second row is read: three are left to each row of the output,
 * and half as much memory is read, which is what most of the time goes into. What that does to the network's input: 0.25 grey
 * levels of a simulated scan (root mean square), 0.5 to 0.9 of real screens with all their lettering (test/real/sourceRows.ts).
 */
const manyRows = 6;

/** What 16 bits with a sign hold of grey levels of 255, less a half each for two that are rounded. */
const largestSum = 32766 / 255;
/** Most rows that are added up at a time in pixels.as.ts: 32 whole ones, and parts of two. */
const rowsAtOnce = 34;

/** The rows of a frame that an area average reads, and where among them the ROI lies. */
export interface SourceRows {
	/** Row of the frame that the first of them is, and how many rows of the frame it is from one to the next. */
	first: number;
	apart: 1 | 2;
	/** Rows that are read, the last one perhaps in part only. */
	count: number;
	/** The ROI's upper edge and height in rows that are read, from the first one's upper edge; may be fractional. */
	top: number;
	height: number;
	/** What a row counts in the sums of pixels.as.ts: so much that those of a row of the output just fit 16 bits. */
	units: number;
}

export const createSourceRows = (): SourceRows => ({ first: 0, apart: 1, count: 0, top: 0, height: 0, units: 1 });

/**
 * Where rows are left out, each that is read stands for itself and for the half of its neighbours beside it: the middle of what is
 * read stays where the middle of the picture is.
 * @param outHeight rows of the output
 */
export function placeRows(rows: SourceRows, roi: Roi, outHeight: number): void {
	const apart = roi.height >= manyRows * outHeight ? 2 : 1;
	rows.first = Math.floor(roi.y);
	rows.apart = apart;
	const within = roi.y - rows.first;
	rows.count = Math.ceil((within + roi.height) / apart);
	rows.top = (within + (apart - 1) / 2) / apart;
	rows.height = roi.height / apart;
	rows.units = Math.floor(largestSum / Math.min(Math.max(1, rows.height / outHeight), rowsAtOnce));
}
