import type { Desired } from '../telemetry/messages/desired.ts';
import type { DesiredState } from './desiredState.ts';

// The steps of a configuration that was asked for: pure, from one state to the next. `at` is ISO 8601.

/** Whether a document that came is newer than the last. Older ones and the same again are ignored. */
export function isNews(state: DesiredState, { version }: Pick<Desired, 'version'>): boolean {
	return version > state.asked;
}

export function refused(state: DesiredState, { version }: Desired, problems: string[], at: string): DesiredState {
	const reason = problems.length === 1 ? problems[0]! : `${problems.length} problems; the first: ${problems[0]}`;
	return { ...state, asked: version, state: 'refused', reason, problems, since: at };
}

/** It waits for the end of an examination. A newer one that comes meanwhile takes its place. */
export function waiting(state: DesiredState, { version }: Desired, at: string): DesiredState {
	return { ...state, asked: version, state: 'waiting', reason: 'an examination runs', problems: [], since: at };
}

export function trying(state: DesiredState, { version, config }: Desired, at: string): DesiredState {
	return { ...state, asked: version, trial: { version, config }, state: 'trying', reason: '', problems: [], since: at };
}

/** The box is healthy with it. */
export function applied(state: DesiredState, at: string): DesiredState {
	return { ...state, good: state.trial ?? state.good, trial: null, state: 'applied', reason: '', since: at };
}

export function rolledBack(state: DesiredState, reason: string, at: string): DesiredState {
	return { ...state, trial: null, state: 'rolled-back', reason, since: at };
}

/** At the start of the process: what was on trial when the last one ended did that process no good. */
export function atStart(state: DesiredState, at: string): DesiredState {
	if (state.trial) return rolledBack(state, 'the box ended while it was tried', at);
	// It was only waiting, and its text is at the broker: it comes again.
	if (state.state === 'waiting') return { ...state, asked: state.good.version, state: 'none', reason: '', since: at };
	return state;
}
