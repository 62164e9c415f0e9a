import type { Guidance } from './guidance.ts';
import { copyPass, createPass, type Pass } from './pass.ts';
import { checkProtocol, type Protocol } from './protocol.ts';
import type { ExamRecord, Side } from './record.ts';

/**
 * What one turn says. It belongs to the state it was written into and is valid until that state is written again.
 * It has the shape of an indication: a light can show it as it is.
 */
export interface ExamStep {
	guidance: Guidance;
	/** The site the guidance speaks of: the one in view or, for `searching`, the next to look for; null without one. */
	site: string | null;
	/** Until when the guidance holds, on the clock of the frames: it rests on an image from resultMs before. */
	expiresMs: number;
	/** To be recorded, in this order. Nearly always the same empty array. */
	records: readonly ExamRecord[];
}

/** What is known of one site in the running examination. NaN: never. */
export interface SiteState {
	presses: number;
	firstSeenMs: number;
	/** Evidence of the closure that counted or, until one does, of the longest one. */
	openMs: number;
	closedMs: number;
	closedForMs: number;
	closedConfidence: number;
	closedImages: number;
	landmarkConfidence: number;
	capturedMs: number;
}

/**
 * - `ready` no examination; a landmark in view begins one. `running`.
 * - `over` the last one has ended and the probe has not been lifted yet.
 */
export type Phase = 'ready' | 'running' | 'over';

/**
 * Everything the exam knows: plain data, so that it can be posted to another thread and go on there after a restart
 * (see `interrupt`). Times in milliseconds on the clock of the frames; NaN: never.
 */
export interface ExamState {
	protocol: Protocol;
	phase: Phase;
	/** Time of the last turn or command. */
	timeMs: number;
	/** The running examination or, between two, the last one; counts from 1. */
	examination: number;
	/** Of the running examination or, between two, of the next one. */
	side: Side;
	/** Beginning of the running examination. */
	startedMs: number;
	/** Last image with a landmark in this examination. */
	lastSeenMs: number;
	/** Since when live images show no landmark. */
	absentSinceMs: number;
	/** When the last examination was completed; NaN when it was not. */
	completedMs: number;
	/** Last fresh live image of an unbroken row. */
	freshMs: number;
	/** Last image that bears out the guidance, for `press` and `release`. */
	borneMs: number;
	/** Since when the scan has been frozen without a break; NaN while it is not. */
	frozenMs: number;
	/** In the order of the protocol. */
	sites: SiteState[];
	pass: Pass;
	step: ExamStep;
}

export const noRecords: readonly ExamRecord[] = Object.freeze([]);

function createSite(): SiteState {
	return {
		presses: 0,
		firstSeenMs: Number.NaN,
		openMs: Number.NaN,
		closedMs: Number.NaN,
		closedForMs: Number.NaN,
		closedConfidence: Number.NaN,
		closedImages: 0,
		landmarkConfidence: Number.NaN,
		capturedMs: Number.NaN,
	};
}

/**
 * An exam before its first image. The loop needs two: the one it has, and the one `advance` writes into.
 * @param examinations how many this process has begun before
 * @throws PhleboxError config-invalid
 */
export function createExam(protocol: Protocol, examinations = 0): ExamState {
	checkProtocol(protocol);
	return {
		protocol,
		phase: 'ready',
		timeMs: Number.NaN,
		examination: examinations,
		side: protocol.side,
		startedMs: Number.NaN,
		lastSeenMs: Number.NaN,
		absentSinceMs: Number.NaN,
		completedMs: Number.NaN,
		freshMs: Number.NaN,
		borneMs: Number.NaN,
		frozenMs: Number.NaN,
		sites: protocol.sites.map(createSite),
		pass: createPass(),
		step: { guidance: 'starting', site: null, expiresMs: Number.NaN, records: noRecords },
	};
}

const untouched = createSite();

/** A new examination knows nothing of its sites. */
export function forgetSites(state: ExamState): void {
	for (const site of state.sites) copySite(untouched, site);
}

function copySite(from: SiteState, to: SiteState): void {
	to.presses = from.presses;
	to.firstSeenMs = from.firstSeenMs;
	to.openMs = from.openMs;
	to.closedMs = from.closedMs;
	to.closedForMs = from.closedForMs;
	to.closedConfidence = from.closedConfidence;
	to.closedImages = from.closedImages;
	to.landmarkConfidence = from.landmarkConfidence;
	to.capturedMs = from.capturedMs;
}

/** Writes `from` into `to`, with no records yet. Allocates nothing. */
export function copyState(from: ExamState, to: ExamState): void {
	if (from === to || from.sites.length !== to.sites.length)
		throw new TypeError('the next state must be a second one, made with createExam for the same protocol');
	to.protocol = from.protocol;
	to.phase = from.phase;
	to.timeMs = from.timeMs;
	to.examination = from.examination;
	to.side = from.side;
	to.startedMs = from.startedMs;
	to.lastSeenMs = from.lastSeenMs;
	to.absentSinceMs = from.absentSinceMs;
	to.completedMs = from.completedMs;
	to.freshMs = from.freshMs;
	to.borneMs = from.borneMs;
	to.frozenMs = from.frozenMs;
	for (let place = 0; place < to.sites.length; place++) copySite(from.sites[place]!, to.sites[place]!);
	copyPass(from.pass, to.pass);
	to.step.guidance = from.step.guidance;
	to.step.site = from.step.site;
	to.step.expiresMs = from.step.expiresMs;
	to.step.records = noRecords;
}
