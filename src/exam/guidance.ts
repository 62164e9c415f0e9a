/**
 * What the light says.
 * - `starting` not ready yet; `no-signal` no picture; `stuck` the capture device gives no new frames; `frozen` the operator
 *   has frozen the scan; `dont-know` a picture that cannot be judged, or an expired result;
 *   `searching` live, no site in view that is left to capture; `press` landmark found, vein not closed; `hold` closed, not
 *   yet long enough; `captured` the site was seen open, then closed, here and now; `release` let go and press again: the
 *   press ended (or went on for too long) without closure, or the vein was not seen open before; `exam-done` every site
 *   is captured; `fault` the box is broken.
 * The exam itself says all but `starting` (after its first turn) and `fault`.
 */
export const guidances = [
	'starting',
	'no-signal',
	'stuck',
	'frozen',
	'dont-know',
	'searching',
	'press',
	'hold',
	'captured',
	'release',
	'exam-done',
	'fault',
] as const;
export type Guidance = (typeof guidances)[number];
