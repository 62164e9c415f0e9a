import type { Indication, Moment } from './light.ts';
import type { Shown } from './shown.ts';

/** What a light has to show now: the guidance while it holds, `dont-know` from its expiry on, whatever was shown last. */
export function whatToShow(indication: Indication, { nowMs }: Moment): Shown {
	// A time that is no number compares as false: expired.
	return nowMs < indication.expiresMs ? indication.guidance : 'dont-know';
}
