/**
 * What the light says.
 * - `starting` not ready yet; `no-signal` no picture; `dont-know` a picture that cannot be judged, or an expired result;
 *   `searching` live, no landmark; `press` landmark found, vein open; `hold` closed, not yet long enough; `captured` the
 *   site was seen open, then closed; `release` the press ended without closure; `exam-done`; `fault` the box is broken.
 */
export const guidances = [
	'starting',
	'no-signal',
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
