/** How a site of the examination ended. Not closing is never called anything else than `not-captured`. */
export const siteOutcomes = ['captured', 'not-captured', 'not-seen'] as const;
export type SiteOutcome = (typeof siteOutcomes)[number];

export const sides = ['left', 'right', 'unknown'] as const;
export type Side = (typeof sides)[number];

/**
 * Why an examination ended. `cancelled`: the operator says that it was none (begun by mistake); it is recorded all the
 * same, so that nothing is lost.
 */
export const examinationEnds = ['complete', 'operator', 'cancelled', 'idle', 'time-limit', 'shutdown'] as const;
export type ExaminationEnd = (typeof examinationEnds)[number];

/**
 * The evidence behind an outcome; times on the monotonic clock in milliseconds, null where it never happened. The fields
 * on the closure speak of the one that counted or, at a site that was not captured, of the longest one that followed an
 * open vein. They stand as they were when the site was captured.
 */
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
	/** Length of that closure, milliseconds; 0 without one. When it counted: up to the moment of capture. */
	closedForMs: number;
	/** Lowest probability of `closed` in that closure, 0..1; 0 without one. */
	closedConfidence: number;
	/** Lowest landmark probability in its pass up to then, 0..1; 0 without one. */
	landmarkConfidence: number;
	/** Fresh images (no repeats) that made up that closure. */
	closedImages: number;
}

/**
 * What the exam asks to be recorded. `examination` counts from 1 in this process. Every examination that was started
 * ends with exactly one `examination` record; a `site` record comes at once for each captured site.
 */
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
			endedBy: ExaminationEnd;
			/** One entry a site of the protocol, in its order. */
			sites: SiteRecord[];
	  };
