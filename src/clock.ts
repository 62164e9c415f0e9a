/**
 * The one monotonic clock of the box. It reads CLOCK_MONOTONIC, which is also the clock of V4L2 timestamps and the same
 * in every thread and process of the machine; setting the wall clock does not move it.
 */
const origin = Math.max(...Array.from({ length: 16 }, originNow));

/** Too small by whatever time passes between its two readings, such as a pause that the scheduler makes there. */
function originNow(): number {
	return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}

/** Milliseconds on CLOCK_MONOTONIC, fractional. Allocates its result on Node 20 and 22: the vision loop has `readClock`. */
export function monotonicMs(): number {
	return performance.now() + origin;
}

/** The wall-clock time (ISO 8601, UTC) of a moment on the monotonic clock, as the wall clock stands now. */
export function wallClockOf(momentMs: number): string {
	return new Date(Date.now() - (monotonicMs() - momentMs)).toISOString();
}
