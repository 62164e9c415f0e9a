import type { Observation, VeinState } from './observation.ts';
import type { Protocol } from './protocol.ts';

/**
 * One pass: what was seen at one landmark without a break. Whatever breaks it (a fault of the signal, a scene that is
 * not live, a lost or another landmark, the vein out of view, a gap, a clock that jumps) makes all of it forgotten, so
 * that what counts can only have been seen in one piece. NaN: not (yet) in this pass.
 */
export interface Pass {
	/** Place of the landmark in the protocol's sites, -1 without one. */
	place: number;
	/** Since when the landmark is in view. Survives the vein sliding out of view; nothing else here does. */
	viewSinceMs: number;
	/** Lowest landmark probability. */
	landmarkConfidence: number;
	/** Last image on which the vein could be judged. */
	judgedMs: number;
	/** Start of the running run of open images. */
	openSinceMs: number;
	/** The vein was seen open for long enough. */
	opened: boolean;
	/** Last open image. */
	openMs: number;
	/** Start, lowest probability and images of the running run of closed images, `opened` before it. */
	closedSinceMs: number;
	closedConfidence: number;
	closedImages: number;
	/** Start of the running press: the vein closing or closed after it was open. */
	pressSinceMs: number;
	/** The running press is long enough to count, and it has been counted. */
	pressed: boolean;
	pressCounted: boolean;
	/** The last press ended without closure, and the light says so until then. */
	releaseUntilMs: number;
	/** The site was captured in this pass. */
	capturedMs: number;
}

export function createPass(): Pass {
	return {
		place: -1,
		viewSinceMs: Number.NaN,
		landmarkConfidence: Number.NaN,
		judgedMs: Number.NaN,
		openSinceMs: Number.NaN,
		opened: false,
		openMs: Number.NaN,
		closedSinceMs: Number.NaN,
		closedConfidence: Number.NaN,
		closedImages: 0,
		pressSinceMs: Number.NaN,
		pressed: false,
		pressCounted: false,
		releaseUntilMs: Number.NaN,
		capturedMs: Number.NaN,
	};
}

export function copyPass(from: Pass, to: Pass): void {
	to.place = from.place;
	to.viewSinceMs = from.viewSinceMs;
	to.landmarkConfidence = from.landmarkConfidence;
	to.judgedMs = from.judgedMs;
	to.openSinceMs = from.openSinceMs;
	to.opened = from.opened;
	to.openMs = from.openMs;
	to.closedSinceMs = from.closedSinceMs;
	to.closedConfidence = from.closedConfidence;
	to.closedImages = from.closedImages;
	to.pressSinceMs = from.pressSinceMs;
	to.pressed = from.pressed;
	to.pressCounted = from.pressCounted;
	to.releaseUntilMs = from.releaseUntilMs;
	to.capturedMs = from.capturedMs;
}

/** The landmark is gone, or nothing can be trusted: forgets everything. */
export function leaveView(pass: Pass): void {
	forget(pass);
	pass.place = -1;
	pass.viewSinceMs = Number.NaN;
}

/** A landmark comes into view at `timeMs`. */
export function enterView(pass: Pass, place: number, timeMs: number): void {
	forget(pass);
	pass.place = place;
	pass.viewSinceMs = timeMs;
}

function forget(pass: Pass): void {
	pass.landmarkConfidence = Number.NaN;
	pass.judgedMs = Number.NaN;
	pass.opened = false;
	pass.openMs = Number.NaN;
	endOpenRun(pass);
	endClosure(pass);
	endPress(pass);
	pass.releaseUntilMs = Number.NaN;
	pass.capturedMs = Number.NaN;
}

function endOpenRun(pass: Pass): void {
	pass.openSinceMs = Number.NaN;
}

function endClosure(pass: Pass): void {
	pass.closedSinceMs = Number.NaN;
	pass.closedConfidence = Number.NaN;
	pass.closedImages = 0;
}

function endPress(pass: Pass): void {
	pass.pressSinceMs = Number.NaN;
	pass.pressed = false;
	pass.pressCounted = false;
}

/** What one fresh image says of the vein: its state where it is sure, `unsure` below the threshold. */
export type VeinJudgement = VeinState | 'unsure';

function judge(observation: Observation, protocol: Protocol): VeinJudgement {
	const { vein, veinConfidence } = observation;
	if (vein === 'open') return veinConfidence >= protocol.thresholds.open ? 'open' : 'unsure';
	if (vein === 'closed') return veinConfidence >= protocol.thresholds.closed ? 'closed' : 'unsure';
	// `closing` proves nothing either way, so it needs no threshold.
	return vein;
}

/** Takes one more fresh live image with the pass's landmark in view, and says how it judged the vein. */
export function follow(pass: Pass, observation: Observation, protocol: Protocol): VeinJudgement {
	const timeMs = observation.timeMs;
	const vein = judge(observation, protocol);
	// Images on which the vein cannot be judged are no knowledge: too long a row of them is a gap.
	if (vein === 'none' || timeMs - pass.judgedMs > protocol.maxGapMs) forget(pass);
	if (!(pass.landmarkConfidence <= observation.landmarkConfidence))
		pass.landmarkConfidence = observation.landmarkConfidence;
	if (vein === 'none' || vein === 'unsure') {
		endOpenRun(pass);
		endClosure(pass);
		return vein;
	}
	pass.judgedMs = timeMs;
	if (vein === 'open') {
		endClosure(pass);
		if (pass.pressed) pass.releaseUntilMs = timeMs + protocol.releaseShowMs;
		endPress(pass);
		if (Number.isNaN(pass.openSinceMs)) pass.openSinceMs = timeMs;
		if (timeMs - pass.openSinceMs >= protocol.openMs) pass.opened = true;
		pass.openMs = timeMs;
		return vein;
	}
	endOpenRun(pass);
	if (!pass.opened) return vein;
	if (Number.isNaN(pass.pressSinceMs)) pass.pressSinceMs = timeMs;
	if (timeMs - pass.pressSinceMs >= protocol.minPressMs) pass.pressed = true;
	if (vein === 'closing') {
		endClosure(pass);
		return vein;
	}
	if (pass.closedImages === 0) pass.closedSinceMs = timeMs;
	if (!(pass.closedConfidence <= observation.veinConfidence)) pass.closedConfidence = observation.veinConfidence;
	pass.closedImages++;
	return vein;
}

/** The vein was seen open, then closed for long enough, up to the image judged last, which must be a closed one. */
export function closureCounts(pass: Pass, protocol: Protocol): boolean {
	return pass.judgedMs - pass.closedSinceMs >= protocol.closedMs && pass.closedImages >= protocol.closedImages;
}
