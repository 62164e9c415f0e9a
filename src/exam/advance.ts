import { becomeReady, begin, capture, distrust, end, keepClosure, nextSite } from './examination.ts';
import type { Guidance } from './guidance.ts';
import type { Observation } from './observation.ts';
import { closureCounts, enterView, follow, leaveView, type VeinJudgement } from './pass.ts';
import { copyState, type ExamState, type ExamStep } from './state.ts';

/*
 * The exam: from a state and an observation to the following state and what to show and record. Pure: it reads no clock
 * and changes nothing but `next`; the same state and observation give the same result.
 *
 * Invariants
 * 1. A site is captured only on a fresh live image, in one pass: the vein open for openMs, then closed without a break
 *    for closedMs and closedImages, the landmark in view on every image, each at or above its threshold. Time counts
 *    between fresh images only, by their own timestamps.
 * 2. A fault of the signal, a scene that is not live, a lost or another landmark, the vein out of view, a gap above
 *    maxGapMs, a clock that does not move on: each ends the pass, and all of it is forgotten.
 * 3. `captured` (green) says: seen open, then closed, live, here, now. It is said only while the pass in which the site
 *    was captured goes on, for at most capturedShowMs. The mark on the checklist stays, the light does not.
 * 4. `press`, `hold`, `captured`, `release` and `searching` rest on a fresh live image at most resultMs old, and expire
 *    with it. Repeated images hold them that long and no longer; faults and other scenes end them at once.
 * 5. A vein that was not seen open in this pass is never `press`ed or `hold`: it may have been shut from the start, or
 *    not be there. The light says `release`: let go, so that it can be seen open.
 * 6. Every examination that begins ends once, with one entry for every site. A site not captured is `not-captured` or
 *    `not-seen`, and never anything more.
 * 7. An examination does not begin with the probe still where the last one ended.
 */

/**
 * One turn. `next` is a second state from createExam for the same protocol; the loop swaps the two. Allocates nothing
 * but records.
 *
 * A pull that gave no frame although nothing is wrong (`idle`) is an observation too: signal `ok`, `repeated`, the time
 * of now. Without such turns an expired guidance is not withdrawn here (lights expire by themselves) and an examination
 * does not end by idling.
 */
export function advance(state: ExamState, observation: Observation, next: ExamState): ExamStep {
	copyState(state, next);
	const { protocol, step } = next;
	// A time that is no number expires at once, whatever is said.
	const timeMs = Number.isFinite(observation.timeMs) ? observation.timeMs : Number.NaN;
	next.timeMs = timeMs;
	passTime(next);
	if (observation.signal !== 'ok') return blind(next, observation.signal === 'stuck' ? 'stuck' : 'no-signal');
	if (observation.scene === 'frozen' && !Number.isNaN(timeMs)) return frozen(next, state);
	next.frozenMs = Number.NaN;
	if (observation.scene !== 'live' || Number.isNaN(timeMs)) return blind(next, 'dont-know');
	if (observation.repeated) {
		if (timeMs < next.freshMs) return blind(next, 'dont-know');
		if (Number.isNaN(next.freshMs) || !(timeMs < step.expiresMs)) say(next, 'dont-know', null);
		return step;
	}
	if (!(timeMs > next.freshMs && timeMs - next.freshMs <= protocol.maxGapMs)) distrust(next);
	next.freshMs = timeMs;
	const place = protocol.sites.indexOf(observation.landmark);
	return place >= 0 && observation.landmarkConfidence >= protocol.thresholds.landmark
		? seen(next, observation, place)
		: lost(next);
}

/** What time alone brings: the ends of an examination. */
function passTime(next: ExamState): void {
	const { protocol, timeMs } = next;
	// Either way: a clock that jumped back must not keep an examination open until it has caught up.
	const idle = Math.abs(timeMs - next.lastSeenMs) > protocol.idleEndMs;
	if (next.phase === 'over' && idle) becomeReady(next);
	if (next.phase !== 'running') return;
	if (idle) end(next, 'idle');
	else if (Math.abs(timeMs - next.startedMs) > protocol.timeLimitMs) end(next, 'time-limit');
}

/** Says what rests on this very turn. */
function say(next: ExamState, guidance: Guidance, site: string | null): ExamStep {
	const { step } = next;
	step.guidance = guidance;
	step.site = site;
	step.expiresMs = next.timeMs + next.protocol.resultMs;
	return step;
}

/** The scan stands; how long it has decides whether that is said. */
function frozen(next: ExamState, before: ExamState): ExamStep {
	const { timeMs, protocol } = next;
	const goesOn = !Number.isNaN(next.frozenMs) && timeMs >= before.timeMs;
	const since = goesOn ? next.frozenMs : timeMs;
	blind(next, timeMs - since >= protocol.frozenSayMs ? 'frozen' : 'dont-know');
	next.frozenMs = since;
	return next.step;
}

/** There is no picture, or none that can be judged. */
function blind(next: ExamState, guidance: Guidance): ExamStep {
	distrust(next);
	next.frozenMs = Number.NaN;
	return say(next, guidance, null);
}

/** A live image without a landmark of the protocol. */
function lost(next: ExamState): ExamStep {
	const { protocol, timeMs } = next;
	leaveView(next.pass);
	if (Number.isNaN(next.absentSinceMs)) next.absentSinceMs = timeMs;
	if (next.phase === 'over' && timeMs - next.absentSinceMs >= protocol.liftMs) becomeReady(next);
	if (Math.abs(timeMs - next.completedMs) < protocol.examDoneShowMs) return say(next, 'exam-done', null);
	return flickers(next) ? next.step : say(next, 'searching', nextSite(next));
}

/** `press` and `release` stay, with the expiry they had, over a few images that are not sure. */
function flickers(next: ExamState): boolean {
	const { step, protocol, timeMs } = next;
	return (
		(step.guidance === 'press' || step.guidance === 'release') &&
		timeMs - next.borneMs <= protocol.steadyMs &&
		timeMs < step.expiresMs
	);
}

/** A live image with a landmark of the protocol in view. */
function seen(next: ExamState, observation: Observation, place: number): ExamStep {
	const { pass, protocol, timeMs } = next;
	const site = next.sites[place]!;
	next.absentSinceMs = Number.NaN;
	if (pass.place !== place) enterView(pass, place, timeMs);
	const vein = follow(pass, observation, protocol);
	const inSight = timeMs - pass.viewSinceMs >= protocol.sightMs;
	const counts = vein === 'closed' && closureCounts(pass, protocol);

	if (next.phase === 'ready' && (inSight || counts)) begin(next, pass.viewSinceMs);
	if (next.phase !== 'ready') next.lastSeenMs = timeMs;
	if (next.phase === 'running') {
		if (inSight && Number.isNaN(site.firstSeenMs)) site.firstSeenMs = pass.viewSinceMs;
		if (Number.isNaN(site.capturedMs)) {
			if (counts) capture(next);
			else if (inSight) keepEvidence(next, vein);
		}
	}

	const name = protocol.sites[place]!;
	if (timeMs - pass.capturedMs < protocol.capturedShowMs) return say(next, 'captured', name);
	if (next.phase === 'over') {
		// After an end that completed nothing, saying `exam-done` would promise too much.
		return Number.isNaN(next.completedMs) ? say(next, 'dont-know', null) : say(next, 'exam-done', null);
	}
	if (next.phase === 'running' && !Number.isNaN(site.capturedMs)) return say(next, 'searching', nextSite(next));
	return guide(next, vein, name);
}

function keepEvidence(next: ExamState, vein: VeinJudgement): void {
	const { pass } = next;
	const site = next.sites[pass.place]!;
	if (pass.pressed && !pass.pressCounted) {
		pass.pressCounted = true;
		site.presses++;
	}
	if (vein === 'closed' && pass.opened) keepClosure(site, pass, false);
}

/** What to do at a site that is not captured yet. */
function guide(next: ExamState, vein: VeinJudgement, site: string): ExamStep {
	const { pass, protocol, timeMs } = next;
	if (vein === 'none' || vein === 'unsure')
		return flickers(next) && next.step.site === site ? next.step : say(next, 'dont-know', null);
	next.borneMs = timeMs;
	let guidance: Guidance = 'release';
	if (vein === 'open' && !(timeMs < pass.releaseUntilMs)) guidance = 'press';
	else if (vein === 'closing' && pass.opened && timeMs - pass.pressSinceMs <= protocol.pressLimitMs) guidance = 'press';
	else if (vein === 'closed' && pass.opened) guidance = 'hold';
	return say(next, guidance, site);
}
