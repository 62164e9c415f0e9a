import { type Candidate, type Journal, kept, type Model, modelToRun, type Outcome, type Stage } from './journal.ts';

/** What has happened. */
export type UpdateEvent =
	/** Somebody who may say so wants this model here. */
	| { event: 'wanted'; model: Model; job?: string }
	| { event: 'download-began' }
	/** Whole and as signed. */
	| { event: 'fetched' }
	/** For now: link, server, room. The same may succeed later. */
	| { event: 'fetch-failed'; reason: string }
	/** What came is not what was signed or wanted, or is too slow here and now. Another day it may pass. */
	| { event: 'refused'; reason: string }
	| { event: 'gate-passed' }
	/** It does wrong on this device, and will again. */
	| { event: 'gate-failed'; reason: string }
	/** It may be switched to as soon as no examination goes on. */
	| { event: 'switch-allowed' }
	/** No examination goes on: now. */
	| { event: 'idle' }
	/** The box has started, and is about to load the model that it is to run. */
	| { event: 'started' }
	/** The box is stopped in order: a start that was no fault of the model on trial. */
	| { event: 'stopped' }
	/** The committed model cannot be loaded any more. */
	| { event: 'current-failed'; reason: string }
	/** The model on trial could not be loaded, crashed, was slow or said nonsense. */
	| { event: 'trial-failed'; reason: string }
	| { event: 'probation-over' };

/** Starts that a model on trial is given to come through its probation: a power cut is no fault of it, two may be. */
export const trialStarts = 2;

/**
 * The next journal. Pure: no event in any state throws, and one that does not fit changes nothing. What is to be done
 * follows from the journal alone (`modelToRun`, `nextStep`), so after a power cut the box goes on from what was written.
 * @param at when, ISO 8601
 */
export function advance(journal: Journal, what: UpdateEvent, at: string): Journal {
	const { candidate } = journal;
	if (what.event === 'wanted') return wanted(journal, what.model, what.job, at);
	if (what.event === 'current-failed') return currentFailed(journal, what.reason, at);
	if (!candidate) return journal;
	const { stage } = candidate;
	switch (what.event) {
		case 'download-began':
			return stage === 'queued' ? moved(journal, 'downloading') : journal;
		case 'fetched':
			return stage === 'downloading' ? moved(journal, 'verified') : journal;
		case 'fetch-failed':
			// It stays wanted: the next check goes on with what has come.
			return stage === 'downloading' ? moved(journal, 'queued') : journal;
		case 'refused':
			// Not quarantined: the bytes that came may not be the model that bears this hash.
			return beforeSwitch(stage) ? ended(journal, 'rejected', what.reason, at) : journal;
		case 'gate-passed':
			return stage === 'verified' ? moved(journal, 'staged') : journal;
		case 'gate-failed':
			return beforeSwitch(stage) ? quarantined(journal, 'rejected', what.reason, at) : journal;
		case 'switch-allowed':
			return stage === 'staged' ? moved(journal, 'waiting-idle') : journal;
		case 'idle':
			return stage === 'waiting-idle'
				? { ...journal, candidate: { ...candidate, stage: 'trial', starts: 0 } }
				: journal;
		case 'started':
			return stage === 'trial' ? startedOnTrial(journal, candidate, at) : journal;
		case 'stopped':
			return stage === 'trial' && candidate.starts > 0
				? { ...journal, candidate: { ...candidate, starts: candidate.starts - 1 } }
				: journal;
		case 'trial-failed':
			return stage === 'trial' ? quarantined(journal, 'rolled-back', what.reason, at) : journal;
		case 'probation-over':
			return stage === 'trial' ? committed(journal, candidate, at) : journal;
	}
}

/** What the box has to do next for its candidate; the same after a power cut as before it. */
export type Step = 'download' | 'gate' | 'allow-switch' | 'switch-when-idle' | 'watch' | 'nothing';

export function nextStep({ candidate }: Journal): Step {
	switch (candidate?.stage) {
		case 'queued':
		case 'downloading':
			return 'download';
		case 'verified':
			return 'gate';
		case 'staged':
			return 'allow-switch';
		case 'waiting-idle':
			return 'switch-when-idle';
		case 'trial':
			return 'watch';
		default:
			return 'nothing';
	}
}

const beforeSwitch = (stage: Stage) => stage === 'downloading' || stage === 'verified' || stage === 'staged';

function wanted(journal: Journal, model: Model, job: string | undefined, at: string): Journal {
	const { candidate } = journal;
	if (candidate?.sha256 === model.sha256)
		return job === undefined || candidate.job !== undefined
			? journal
			: { ...journal, candidate: { ...candidate, job } };
	if (journal.quarantined.includes(model.sha256))
		return noted(journal, model, 'rejected', 'this model is in quarantine: it has failed on this box before', at);
	// One on trial is judged first; whoever wants another asks again.
	if (candidate?.stage === 'trial') return journal;
	const free = candidate ? ended(journal, 'failed', `${model.name} ${model.version} is wanted instead`, at) : journal;
	if (modelToRun(free)?.sha256 === model.sha256) return free;
	return { ...free, candidate: { ...model, stage: 'queued', starts: 0, ...(job === undefined ? {} : { job }) } };
}

/** Back to the one before; nobody can say better which one runs. */
function currentFailed(journal: Journal, reason: string, at: string): Journal {
	const { current, previous } = journal;
	if (!current) return journal;
	const others = journal.quarantined.filter((hash) => hash !== current.sha256);
	const before = previous && previous.sha256 !== current.sha256 && !others.includes(previous.sha256) ? previous : null;
	return {
		...noted(journal, current, 'rolled-back', reason, at),
		...{ current: before, previous: null },
		quarantined: [...others, current.sha256].slice(-kept.quarantined),
	};
}

function startedOnTrial(journal: Journal, candidate: Candidate, at: string): Journal {
	if (candidate.starts >= trialStarts)
		return quarantined(journal, 'rolled-back', `${trialStarts} starts without coming through its probation`, at);
	return { ...journal, candidate: { ...candidate, starts: candidate.starts + 1 } };
}

function committed(journal: Journal, candidate: Candidate, at: string): Journal {
	const { current } = journal;
	const { name, version, sha256 } = candidate;
	return {
		...ended(journal, 'committed', 'came through its probation', at),
		previous: current,
		current: { name, version, sha256 },
	};
}

function moved(journal: Journal, stage: Candidate['stage']): Journal {
	return { ...journal, candidate: { ...journal.candidate!, stage } };
}

function ended(journal: Journal, result: Outcome['result'], reason: string, at: string): Journal {
	const { candidate } = journal;
	return { ...noted(journal, candidate!, result, reason, at, candidate!.job), candidate: null };
}

function quarantined(journal: Journal, result: Outcome['result'], reason: string, at: string): Journal {
	const { sha256 } = journal.candidate!;
	const others = journal.quarantined.filter((hash) => hash !== sha256);
	return { ...ended(journal, result, reason, at), quarantined: [...others, sha256].slice(-kept.quarantined) };
}

function noted(
	journal: Journal,
	model: Model,
	result: Outcome['result'],
	reason: string,
	at: string,
	job?: string,
): Journal {
	const { name, version, sha256 } = model;
	const outcomes = [
		...journal.outcomes,
		{ name, version, sha256, result, reason, at, ...(job === undefined ? {} : { job }) },
	];
	return { ...journal, outcomes: outcomes.slice(-kept.outcomes) };
}
