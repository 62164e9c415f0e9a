import { z } from 'zod';
import { examinationEnds, sides } from '../../exam/record.ts';
import { instant, milliseconds, resultFields, siteEvidence, storedFields } from './fields.ts';
import { siteResultExample } from './siteResult.ts';

export const examinationResultSchema = z.object({
	...storedFields,
	...resultFields,
	side: z.enum(sides),
	outcome: z.enum(['captured', 'not-captured']).describe('`captured` when every site of the protocol was.'),
	endedBy: z.enum(examinationEnds).describe('Why it ended. `cancelled`: the operator says that it was none.'),
	startedAt: instant,
	endedAt: instant,
	durationMs: milliseconds.describe('By the monotonic clock.'),
	sites: z.array(siteEvidence).describe('One entry a site of the protocol, in its order.'),
});

export type ExaminationResult = z.infer<typeof examinationResultSchema>;

const { examination, input, model, software, latency } = siteResultExample;

export const examinationResultExample: ExaminationResult = {
	schema: 1,
	id: '01JNAYJZ0C2E4G6J8M0P2R4T6V',
	seq: 4122,
	boot: 17,
	measuredAt: '2026-03-02T09:59:40.115Z',
	historical: false,
	examination,
	input,
	model,
	software,
	latency,
	side: 'left',
	outcome: 'not-captured',
	endedBy: 'operator',
	startedAt: '2026-03-02T09:58:11.402Z',
	endedAt: '2026-03-02T09:59:40.115Z',
	durationMs: 88_713,
	sites: [
		siteEvidence.parse(siteResultExample),
		{
			site: 'fv',
			outcome: 'not-seen',
			presses: 0,
			firstSeenAt: null,
			openAt: null,
			closedAt: null,
			capturedAt: null,
			closedForMs: 0,
			closedImages: 0,
			closedConfidence: 0,
			landmarkConfidence: 0,
		},
	],
};
