/** How columns of the source become columns of the output: the same for every row, so laid down once. */
export interface ColumnWeights {
	/** Columns of the source that the ROI touches, from the one at floor(x) on. */
	readonly columns: number;
	/** Weights an output column, a multiple of 16; behind the last source column they are 0. */
	readonly taps: number;
	/** For each output column the place of its first source column, counted from floor(x). */
	readonly starts: Uint32Array;
	/** [outWidth, taps]: the share of the output column's footprint that lies in each source column; adds up to `weightUnits`. */
	readonly weights: Int16Array;
}

/** As in pixels.as.ts. */
export const weightUnits = 1 << 14;

/**
 * @param x left edge of the ROI, pixels; may be fractional
 * @param width of the ROI, pixels
 * @param outWidth columns of the output
 */
export function columnWeights(x: number, width: number, outWidth: number): ColumnWeights {
	const first = Math.floor(x);
	const edge = (column: number) => x + (column * width) / outWidth;
	let most = 0;
	for (let column = 0; column < outWidth; column++)
		most = Math.max(most, Math.ceil(edge(column + 1)) - Math.floor(edge(column)));
	const taps = Math.ceil(most / 16) * 16;
	const starts = new Uint32Array(outWidth);
	const weights = new Int16Array(outWidth * taps);
	for (let column = 0; column < outWidth; column++) {
		const left = edge(column);
		const right = edge(column + 1);
		const start = Math.floor(left);
		starts[column] = start - first;
		// What is rounded off one column is given to the next one.
		let given = 0;
		for (let at = start; at < right; at++) {
			const covered = Math.round((weightUnits * (Math.min(at + 1, right) - left)) / (right - left));
			weights[column * taps + at - start] = covered - given;
			given = covered;
		}
	}
	return { columns: Math.ceil(edge(outWidth)) - first, taps, starts, weights };
}
