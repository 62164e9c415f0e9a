import { z } from 'zod';
import { alertCodeWords } from './alertCodes.ts';
import { bootField, instant, schemaField } from './fields.ts';

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const alertSchema = z.object({
	schema: schemaField,
	boot: bootField,
	code: z.enum(alertCodeWords),
	severity: z.enum(severities),
	since: instant.describe('When it was raised.'),
	text: z.string().describe('One line: what is wrong and what to do.'),
});

export type Alert = z.infer<typeof alertSchema>;

export const alertExample: Alert = {
	schema: 1,
	boot: 17,
	code: 'store-full',
	severity: 'critical',
	since: '2026-03-02T09:41:55.310Z',
	text: 'the store in /var/lib/phlebox/outbox has no room left: free space on its disk',
};
