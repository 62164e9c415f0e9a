import { leaveView, type Pass } from './pass.ts';
import type { ExaminationEnd, ExamRecord, SiteOutcome, SiteRecord } from './record.ts';
import { type ExamState, forgetSites, noRecords, type SiteState } from './state.ts';

// Beginning, evidence and ending of one examination. These functions change the state they are given: the following
// state of a step that is being made.

function record(state: ExamState, entry: ExamRecord): void {
	const { step } = state;
	step.records = step.records === noRecords ? [entry] : [...step.records, entry];
}

/** @param sinceMs its beginning: the first sight of a landmark, or the operator's word */
export function begin(state: ExamState, sinceMs: number): void {
	forgetSites(state);
	state.phase = 'running';
	state.examination++;
	state.startedMs = sinceMs;
	state.lastSeenMs = Number.NaN;
	state.completedMs = Number.NaN;
	record(state, { kind: 'examination-started', examination: state.examination, side: state.side, atMs: sinceMs });
}

/** The image judged last shows the vein closed: keeps the running closure as evidence when it is the longest so far, or when it is the one that counts. */
export function keepClosure(site: SiteState, pass: Pass, counts: boolean): void {
	const closedForMs = pass.judgedMs - pass.closedSinceMs;
	if (!counts && closedForMs <= site.closedForMs) return;
	site.openMs = pass.openMs;
	site.closedMs = pass.closedSinceMs;
	site.closedForMs = closedForMs;
	site.closedConfidence = pass.closedConfidence;
	site.closedImages = pass.closedImages;
	site.landmarkConfidence = pass.landmarkConfidence;
}

/** The site of the running pass is captured; with the last one the examination is complete. */
export function capture(state: ExamState): void {
	const { pass, timeMs } = state;
	const site = state.sites[pass.place]!;
	if (Number.isNaN(site.firstSeenMs)) site.firstSeenMs = pass.viewSinceMs;
	if (!pass.pressCounted) site.presses++;
	pass.capturedMs = timeMs;
	site.capturedMs = timeMs;
	keepClosure(site, pass, true);
	record(state, {
		kind: 'site',
		examination: state.examination,
		side: state.side,
		atMs: timeMs,
		site: siteRecord(state, pass.place),
	});
	if (state.sites.every(isCaptured)) end(state, 'complete');
}

function isCaptured(site: SiteState): boolean {
	return !Number.isNaN(site.capturedMs);
}

/** Ends the running examination and records every site of it, whatever it became. */
export function end(state: ExamState, endedBy: ExaminationEnd): void {
	record(state, {
		kind: 'examination',
		examination: state.examination,
		side: state.side,
		startedMs: state.startedMs,
		atMs: state.timeMs,
		outcome: state.sites.every(isCaptured) ? 'captured' : 'not-captured',
		endedBy,
		sites: state.sites.map((_, place) => siteRecord(state, place)),
	});
	// Nobody has said the side of the next one yet; keeping this one's would put words into the operator's mouth.
	state.side = state.protocol.side;
	state.completedMs = endedBy === 'complete' ? state.timeMs : Number.NaN;
	// With the probe still on the landmark, the next examination would begin at once.
	if (endedBy === 'idle' || Number.isNaN(state.lastSeenMs)) becomeReady(state);
	else state.phase = 'over';
}

/** The probe was lifted: the next landmark in view begins the next examination. */
export function becomeReady(state: ExamState): void {
	state.phase = 'ready';
	state.absentSinceMs = Number.NaN;
}

/** Nothing seen so far may be built upon: what follows starts a new row of images. */
export function distrust(state: ExamState): void {
	leaveView(state.pass);
	state.freshMs = Number.NaN;
	state.borneMs = Number.NaN;
	state.absentSinceMs = Number.NaN;
}

const orNull = (timeMs: number): number | null => (Number.isNaN(timeMs) ? null : timeMs);
const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);

function siteRecord(state: ExamState, place: number): SiteRecord {
	const site = state.sites[place]!;
	return {
		site: state.protocol.sites[place]!,
		outcome: closingOutcome(site),
		presses: site.presses,
		firstSeenMs: orNull(site.firstSeenMs),
		openMs: orNull(site.openMs),
		closedMs: orNull(site.closedMs),
		capturedMs: orNull(site.capturedMs),
		closedForMs: orZero(site.closedForMs),
		closedConfidence: orZero(site.closedConfidence),
		landmarkConfidence: orZero(site.landmarkConfidence),
		closedImages: site.closedImages,
	};
}

function closingOutcome(site: SiteState): SiteOutcome {
	if (isCaptured(site)) return 'captured';
	return Number.isNaN(site.firstSeenMs) ? 'not-seen' : 'not-captured';
}

/**
 * The checklist: what became of a site so far. Null while the running examination may still capture it, and before the
 * first examination; between two examinations it speaks of the last one.
 * @param place in the protocol's sites
 */
export function siteOutcome(state: ExamState, place: number): SiteOutcome | null {
	const outcome = closingOutcome(state.sites[place]!);
	if (outcome === 'captured') return outcome;
	return state.phase === 'running' || state.examination === 0 ? null : outcome;
}

/** The next site to look for: the first one not captured yet; null when there is none. Allocates nothing. */
export function nextSite(state: ExamState): string | null {
	const { sites, protocol } = state;
	// After a complete examination the next one begins with the first site.
	if (state.phase !== 'running') return protocol.sites[0]!;
	for (let place = 0; place < sites.length; place++) if (!isCaptured(sites[place]!)) return protocol.sites[place]!;
	return null;
}
