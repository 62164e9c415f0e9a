/** Middle, tail and worst of a row of times, in milliseconds. */
export interface Summary {
	p50Ms: number;
	p99Ms: number;
	maxMs: number;
}

/** @param times milliseconds, any order; empty gives NaN */
export function summarise(times: Float64Array): Summary {
	const sorted = times.toSorted();
	// Nearest rank: the smallest time that so many percent of all do not exceed.
	const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
	return { p50Ms: rank(0.5), p99Ms: rank(0.99), maxMs: rank(1) };
}
