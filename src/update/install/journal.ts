import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A model in the store, by the hash of its manifest's file. */
const model = z.strictObject({ name: z.string(), version: z.string(), sha256 });

/** How far a new model has come. Exactly one of these holds at any time, and none is left by doing nothing. */
export const stages = [
	/** Wanted, nothing done yet. */
	'queued',
	/** Its files are on their way. */
	'downloading',
	/** Whole, and what was signed. */
	'verified',
	/** It passed the gate on this very device. */
	'staged',
	/** Ready; an examination is going on, or the box has not started anew since. */
	'waiting-idle',
	/** It is the model that runs, on probation. */
	'trial',
] as const;
export type Stage = (typeof stages)[number];

const candidate = z.strictObject({
	...model.shape,
	stage: z.enum(stages),
	starts: z.int().min(0),
	/** The job that wants it; left out: the configuration does. */
	job: z.string().optional(),
});

/** How an update ended. */
const outcome = z.strictObject({
	...model.shape,
	result: z.enum(['committed', 'rolled-back', 'failed', 'rejected']),
	/** In words, for people. */
	reason: z.string(),
	at: z.string(),
	job: z.string().optional(),
});
export type Outcome = z.infer<typeof outcome>;

/** All that a box has to remember of its updates. It is written whole, at once, at every step. */
export const journalSchema = z.strictObject({
	schema: z.literal(1),
	/** The model that was committed last; null: the one that comes with the software, or the configuration's. */
	current: model.nullable(),
	/** The one before. */
	previous: model.nullable(),
	candidate: candidate.nullable(),
	/** Models that did harm, or were not what they should be: never taken again, whoever wants them. */
	quarantined: z.array(sha256).max(1000),
	/** The trail, oldest first. */
	outcomes: z.array(outcome).max(200),
});
export type Journal = z.infer<typeof journalSchema>;
export type Model = z.infer<typeof model>;
export type Candidate = z.infer<typeof candidate>;

export const emptyJournal: Journal = {
	schema: 1,
	current: null,
	previous: null,
	candidate: null,
	quarantined: [],
	outcomes: [],
};

/** Largest number of entries of the trail and of the quarantine; the oldest go. */
export const kept = { outcomes: 200, quarantined: 1000 } as const;

/** The model that the box is to run: one on trial, else the committed one; null: the configuration's. */
export function modelToRun({ candidate, current }: Journal): Model | null {
	if (candidate?.stage !== 'trial') return current;
	const { name, version, sha256 } = candidate;
	return { name, version, sha256 };
}

/** Models whose files have to stay in the store. */
export function modelsToKeep({ candidate, current, previous }: Journal): Set<string> {
	return new Set([candidate, current, previous].flatMap((each) => (each ? [each.sha256] : [])));
}
