import type { JobStatus } from '../../telemetry/messages/job.ts';
import type { Outcome, Stage } from '../install/journal.ts';

export type JobNews = Pick<JobStatus, 'job' | 'status' | 'percent' | 'step' | 'reason' | 'model'>;

const percents: Readonly<Record<Stage, number>> = {
	queued: 0,
	downloading: 10,
	verified: 50,
	staged: 60,
	'waiting-idle': 80,
	trial: 90,
};

const ends: Readonly<Record<Outcome['result'], JobStatus['status']>> = {
	committed: 'SUCCEEDED',
	'rolled-back': 'FAILED',
	failed: 'FAILED',
	rejected: 'REJECTED',
};

/** A download begins and ends at these. */
export const downloadPercents = { from: percents.downloading, to: percents.verified } as const;

/** What a job is told at a stage of its model. Pure. @param percent where the stage has a way of its own */
export function jobAtStage(job: string, model: JobNews['model'], stage: Stage, percent = percents[stage]): JobNews {
	const status = stage === 'queued' ? 'QUEUED' : 'IN_PROGRESS';
	return { job, status, percent, step: stage, reason: '', model };
}

/** What a job is told at its end. Pure. */
export function jobAtEnd(job: string, model: JobNews['model'], result: Outcome['result'], reason: string): JobNews {
	return { job, status: ends[result], percent: 100, step: result, reason, model };
}
