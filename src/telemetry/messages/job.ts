import { z } from 'zod';
import { instant, schemaField, storedFields } from './fields.ts';

const jobId = z
	.string()
	.regex(/^[A-Za-z0-9_-]{1,64}$/)
	.describe('Chosen by the sender. A job whose id was seen before is not begun again; its last state is told anew.');

const wanted = z.strictObject({
	name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
	version: z.string().max(64),
	sha256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.optional()
		.describe('Of the manifest’s file, where the sender knows it: another one is not taken.'),
});

export const jobSchema = z.object({
	schema: schemaField,
	id: jobId,
	operation: z.literal('install-model').describe('All that a job can be so far.'),
	model: wanted.describe('It has to be on the signed list of the box’s own repository (`update.source`).'),
	notAfter: instant.describe('After this it is not begun.'),
});

export type Job = z.infer<typeof jobSchema>;

export const jobExample: Job = {
	schema: 1,
	id: 'spring-ring1-0007',
	operation: 'install-model',
	model: { name: 'phlebox-dual', version: '0.4.0' },
	notAfter: '2026-03-09T00:00:00.000Z',
};

/** The words of AWS IoT Jobs, so that their tools can be used. */
export const jobStates = ['QUEUED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED', 'TIMED_OUT'] as const;

export const jobStatusSchema = z.object({
	...storedFields,
	job: jobId,
	status: z
		.enum(jobStates)
		.describe(
			'`REJECTED`: not begun, or refused before anything was switched. `FAILED`: it was switched to and taken back, or another was wanted. `TIMED_OUT`: it came after `notAfter`.',
		),
	percent: z.int().min(0).max(100).describe('How far it has come: by its steps, and by the bytes of a download.'),
	step: z.string().describe('`queued`, `downloading`, `verified`, `staged`, `waiting-idle`, `trial` or how it ended.'),
	reason: z.string().describe('One line; empty when all is well.'),
	model: z.object({ name: z.string(), version: z.string() }),
});

export type JobStatus = z.infer<typeof jobStatusSchema>;

export const jobStatusExample: JobStatus = {
	schema: 1,
	id: '01JNAYF3Q8M2V6T0K4R7W9XZBD',
	seq: 4121,
	boot: 17,
	measuredAt: '2026-03-02T10:04:19.220Z',
	historical: false,
	job: 'spring-ring1-0007',
	status: 'IN_PROGRESS',
	percent: 80,
	step: 'waiting-idle',
	reason: '',
	model: { name: 'phlebox-dual', version: '0.4.0' },
};
