/** A straight line through a row of samples, and how sure its slope is. */
export interface Trend {
	mean: number;
	/** By the unit of `x`. */
	slope: number;
	/** Its 95% confidence interval. */
	low: number;
	high: number;
}

/** Neighbours in time are alike, so that single samples would pretend to know too much: their means over blocks do not. */
const blocks = 20;
/** Student's t, 97.5%, for `blocks - 2` degrees of freedom. */
const student = 2.101;

/**
 * Least squares over the means of twenty blocks of neighbouring samples.
 * @returns null for fewer than two samples a block
 */
export function trendOf(xs: readonly number[], ys: readonly number[]): Trend | null {
	if (xs.length < 2 * blocks) return null;
	const block = (values: readonly number[], at: number) =>
		meanOf(values.slice(Math.floor((at * values.length) / blocks), Math.floor(((at + 1) * values.length) / blocks)));
	const places = Array.from({ length: blocks }, (_, at) => at);
	const [x, y] = [xs, ys].map((values) => places.map((at) => block(values, at))) as [number[], number[]];
	const [meanX, meanY] = [meanOf(x), meanOf(y)];
	const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
	const slope = x.reduce((sum, value, at) => sum + (value - meanX) * (y[at]! - meanY), 0) / spread;
	const rest = y.reduce((sum, value, at) => sum + (value - meanY - slope * (x[at]! - meanX)) ** 2, 0);
	const half = student * Math.sqrt(rest / (blocks - 2) / spread);
	return { mean: meanOf(ys), slope, low: slope - half, high: slope + half };
}

function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
