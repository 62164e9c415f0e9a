import type { MatchOptions } from './fingerprint.ts';

/**
 * How a lost signal is told where the receiver says nothing and goes on at full rate: by snow, by one and the same grey all
 * over the screen (a scanner's screen is neither: it has lettering at least), or by a picture that was learned.
 */
export interface LostOptions {
	/** Looks at the whole screen are so far apart, milliseconds. */
	everyMs: number;
	/** What was seen without a break for so long is a lost signal, milliseconds. */
	afterMs: number;
	/** Blank: no two pixels differ by more, grey levels. */
	blankRange: number;
	/** Snow: neighbouring steps are less alike (white noise -0.5), and a larger share of the pixels is an edge. */
	snowGrain: number;
	snowEdges: number;
	/** Fingerprints of the pictures that were learned. */
	pictures: readonly Uint8Array[];
	/** When a picture is the one that was learned. */
	same: MatchOptions;
}

export type Lost =
	| ''
	| 'nothing but one grey comes in'
	| 'nothing but noise comes in'
	| 'the picture that was learned for no signal comes in';

/** Whether the signal is lost. Begin with `createLostWatch()`. */
export interface LostWatch {
	/** Why; empty while it is not. */
	lost: Lost;
	/** What the last look saw, and since when without a break. */
	seen: Lost;
	sinceMs: number;
	/** When the last look was. */
	lookMs: number;
}

export function createLostWatch(): LostWatch {
	return { lost: '', seen: '', sinceMs: Number.NaN, lookMs: Number.NEGATIVE_INFINITY };
}

/** Whether the screen is to be looked at again: it is time, or time ran backwards. */
export function isLookDue(watch: LostWatch, frame: { readonly timestampMs: number }, options: LostOptions): boolean {
	return !(Math.abs(frame.timestampMs - watch.lookMs) < options.everyMs);
}

/** One look further, in place. The first look at a real screen ends it. */
export function stepLost(
	watch: LostWatch,
	seen: Lost,
	frame: { readonly timestampMs: number },
	options: LostOptions,
): void {
	const goesOn = seen === watch.seen && frame.timestampMs >= watch.lookMs;
	watch.lookMs = frame.timestampMs;
	watch.seen = seen;
	if (!goesOn) watch.sinceMs = frame.timestampMs;
	if (seen === '') watch.lost = '';
	else if (frame.timestampMs - watch.sinceMs >= options.afterMs) watch.lost = seen;
}
