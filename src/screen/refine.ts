import { type Frame, lumaLayout, type Roi } from '../capture/frame.ts';

/** Pixels looked at along one line, at most. */
const samplesALine = 256;
/** Share of a side at either end that is left out: corners are cut off or hold marks. */
const leftOut = 0.1;
/** The grey that this share of a line's pixels stays below speaks for the line: ticks of a ruler do not. */
const rank = 0.65;
/** A side has an edge where the grey changes at least so much from one line to the next. */
const leastChange = 3;

const greys = new Uint16Array(256);

/**
 * Moves the sides of a rectangle, known to a cell, to the pixel where the picture begins: the outermost line with at
 * least half of the largest change nearby. A side without an edge stays.
 * @param reach pixels to either side
 */
export function refine(bytes: Uint8Array, frame: Frame, roi: Roi, reach: number): void {
	const right = roi.x + roi.width;
	const bottom = roi.y + roi.height;
	const left = edgeOf(bytes, frame, 'column', roi.x, 1, reach, roi.y, roi.height);
	const newRight = edgeOf(bytes, frame, 'column', right, -1, reach, roi.y, roi.height);
	const top = edgeOf(bytes, frame, 'row', roi.y, 1, reach, roi.x, roi.width);
	const newBottom = edgeOf(bytes, frame, 'row', bottom, -1, reach, roi.x, roi.width);
	roi.x = left;
	roi.y = top;
	roi.width = newRight - left;
	roi.height = newBottom - top;
}

function edgeOf(
	bytes: Uint8Array,
	frame: Frame,
	line: 'row' | 'column',
	edge: number,
	inward: 1 | -1,
	reach: number,
	from: number,
	length: number,
): number {
	const limit = line === 'row' ? frame.height : frame.width;
	// Lines are pixels, edges lie between them: going inward from the edge, the first line is `edge` or `edge` - 1.
	const first = (inward > 0 ? edge : edge - 1) - inward * reach;
	let best = 0;
	let before = Number.NaN;
	for (let step = 0; step <= 2 * reach; step++) {
		const grey = greyOf(bytes, frame, line, first + inward * step, limit, from, length);
		best = Math.max(best, Math.abs(grey - before) || 0);
		before = grey;
	}
	if (best < leastChange) return edge;
	before = Number.NaN;
	for (let step = 0; step <= 2 * reach; step++) {
		const place = first + inward * step;
		const grey = greyOf(bytes, frame, line, place, limit, from, length);
		if (Math.abs(grey - before) >= best / 2) return inward > 0 ? place : place + 1;
		before = grey;
	}
	return edge;
}

/** NaN for a line outside of the frame. */
function greyOf(
	bytes: Uint8Array,
	frame: Frame,
	line: 'row' | 'column',
	place: number,
	limit: number,
	from: number,
	length: number,
): number {
	if (place < 0 || place >= limit) return Number.NaN;
	const { first, step } = lumaLayout(frame.pixelFormat);
	const along = line === 'row' ? step : frame.stride;
	const start = frame.offset + first + place * (line === 'row' ? frame.stride : step);
	const count = Math.min(samplesALine, Math.floor(length * (1 - 2 * leftOut)));
	greys.fill(0);
	for (let i = 0; i < count; i++) {
		const at = Math.floor(from + length * (leftOut + ((1 - 2 * leftOut) * i) / count));
		greys[bytes[start + at * along]!]!++;
	}
	let below = 0;
	for (let grey = 0; grey < 256; grey++) {
		below += greys[grey]!;
		if (below > rank * count) return grey;
	}
	return 255;
}
