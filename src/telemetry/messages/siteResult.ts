import { z } from 'zod';
import { sides } from '../../exam/record.ts';
import { resultFields, siteEvidence, storedFields } from './fields.ts';

export const siteResultSchema = z.object({
	...storedFields,
	...resultFields,
	side: z.enum(sides),
	...siteEvidence.shape,
});

export type SiteResult = z.infer<typeof siteResultSchema>;

export const siteResultExample: SiteResult = {
	schema: 1,
	id: '01JNAYGQ5T8B1N4F7H0K3M6PRS',
	seq: 4121,
	boot: 17,
	measuredAt: '2026-03-02T09:58:31.870Z',
	historical: false,
	examination: { id: '01JNAYF3Q7C5D8E1G3H6J9KMNP', number: 3 },
	input: 'camera',
	model: {
		name: 'phlebox-dual',
		version: '1.0.0',
		sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
	},
	software: '0.1.0',
	latency: { frames: 1210, p50Ms: 9.1, p99Ms: 14.3, maxMs: 16.6, beyond: 0 },
	side: 'left',
	site: 'sfj',
	outcome: 'captured',
	presses: 1,
	firstSeenAt: '2026-03-02T09:58:29.004Z',
	openAt: '2026-03-02T09:58:31.512Z',
	closedAt: '2026-03-02T09:58:31.670Z',
	capturedAt: '2026-03-02T09:58:31.870Z',
	closedForMs: 200,
	closedImages: 12,
	closedConfidence: 0.94,
	landmarkConfidence: 0.91,
};
