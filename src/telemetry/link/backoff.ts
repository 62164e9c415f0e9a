export interface BackoffOptions {
	/** Longest wait before the first try again, milliseconds. */
	minMs: number;
	/** Longest wait before any try, milliseconds. */
	maxMs: number;
}

/**
 * Wait before the next try: full jitter, uniform between nothing and twice as much as the time before, so that a fleet
 * whose broker comes back does not fall on it at once (Brooker, "Exponential Backoff And Jitter", AWS 2015).
 * @param failures tries that failed in a row, from 1
 * @param random 0..1
 */
export function backoffMs(failures: number, options: BackoffOptions, random: number): number {
	return random * Math.min(options.maxMs, options.minMs * 2 ** (failures - 1));
}

/** Wait after a refusal that only a person can mend: between half of the longest wait and all of it. */
export function refusedBackoffMs(options: BackoffOptions, random: number): number {
	return options.maxMs * (0.5 + random / 2);
}
