import { begin, distrust, end } from './examination.ts';
import type { Protocol } from './protocol.ts';
import type { ExaminationEnd, Side } from './record.ts';
import { copyState, type ExamState, type ExamStep } from './state.ts';

// The operator's words and the box's own, as pure functions like `advance`: they write the following state into `next`.
// Those that break what was seen say `dont-know` until the next image.

function unseen(next: ExamState): ExamStep {
	const { step } = next;
	distrust(next);
	step.guidance = 'dont-know';
	step.site = null;
	step.expiresMs = next.timeMs + next.protocol.resultMs;
	return step;
}

/**
 * Begins an examination now, without waiting for a landmark; ends a running one first. Such an examination does not end
 * by idling before a landmark was seen in it.
 * @param side as `setSide` before; left out, the one set for the next examination
 */
export function startExamination(state: ExamState, nowMs: number, next: ExamState, side?: Side): ExamStep {
	copyState(state, next);
	next.timeMs = nowMs;
	if (next.phase === 'running') end(next, 'operator');
	if (side !== undefined) next.side = side;
	begin(next, nowMs);
	return unseen(next);
}

/** Ends the running examination; without one it changes nothing. The next one begins after the probe was lifted. */
export function endExamination(
	state: ExamState,
	nowMs: number,
	next: ExamState,
	endedBy: Extract<ExaminationEnd, 'operator' | 'cancelled' | 'shutdown'> = 'operator',
): ExamStep {
	copyState(state, next);
	if (next.phase !== 'running') return next.step;
	next.timeMs = nowMs;
	end(next, endedBy);
	return unseen(next);
}

/** The running examination was begun by mistake: ends it and says so in the record. */
export function cancelExamination(state: ExamState, nowMs: number, next: ExamState): ExamStep {
	return endExamination(state, nowMs, next, 'cancelled');
}

/** The side of the running examination (in records from now on) or, between two, of the next one. */
export function setSide(state: ExamState, side: Side, next: ExamState): ExamStep {
	copyState(state, next);
	next.side = side;
	return next.step;
}

/**
 * Other rules for the same sites, between two examinations: another model judges from now on, by thresholds of its own.
 */
export function changeRules(state: ExamState, protocol: Protocol, nowMs: number, next: ExamState): ExamStep {
	interrupt(state, nowMs, next);
	next.protocol = protocol;
	return next.step;
}

/**
 * The images were interrupted (the vision thread was restarted, the model changed): the examination goes on, the pass
 * does not.
 */
export function interrupt(state: ExamState, nowMs: number, next: ExamState): ExamStep {
	copyState(state, next);
	next.timeMs = nowMs;
	return unseen(next);
}
