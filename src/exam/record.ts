/** How a site of the examination ended. Not closing is never called anything else than `not-captured`. */
export const siteOutcomes = ['captured', 'not-captured', 'not-seen'] as const;
export type SiteOutcome = (typeof siteOutcomes)[number];

export const sides = ['left', 'right', 'unknown'] as const;
export type Side = (typeof sides)[number];

/** The evidence behind an outcome; times on the monotonic clock in milliseconds, null where it never happened. */
export interface SiteRecord {
	site: string;
	outcome: SiteOutcome;
	/** Presses seen at this site, the captured one included. */
	presses: number;
	firstSeenMs: number | null;
	/** The vein last seen open before it closed. */
	openMs: number | null;
	/** Start of the unbroken closure. */
	closedMs: number | null;
	/** When the site was captured. */
	capturedMs: number | null;
	/** Longest unbroken closure in the pass that counted, milliseconds. */
	closedForMs: number;
	/** Lowest probability of `closed` in the closure that counted, 0..1; 0 without one. */
	closedConfidence: number;
	/** Lowest landmark probability in the pass that counted, 0..1; 0 without one. */
	landmarkConfidence: number;
	/** Fresh images (no repeats) that made up the closure that counted. */
	closedImages: number;
}

/** What the exam asks to be recorded. `examination` counts from 1 in this process. */
export type ExamRecord =
	| { kind: 'examination-started'; examination: number; side: Side; atMs: number }
	| { kind: 'site'; examination: number; side: Side; atMs: number; site: SiteRecord }
	| {
			kind: 'examination';
			examination: number;
			side: Side;
			startedMs: number;
			atMs: number;
			/** `captured` when every site of the protocol was, else `not-captured`. */
			outcome: 'captured' | 'not-captured';
			/** Why it ended. */
			endedBy: 'complete' | 'operator' | 'idle' | 'time-limit' | 'shutdown';
			/** One entry a site of the protocol, in its order. */
			sites: SiteRecord[];
	  };
