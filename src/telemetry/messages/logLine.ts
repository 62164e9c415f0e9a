import { z } from 'zod';
import { bootField, instant, schemaField } from './fields.ts';

export const logLineSchema = z.object({
	schema: schemaField,
	boot: bootField,
	at: instant,
	level: z.string(),
	text: z.string(),
	fields: z.record(z.string(), z.json()).describe('What belongs to the line.'),
	missing: z.int().min(0).describe('Lines before this one that were left out because they came too fast.'),
});

export type LogLine = z.infer<typeof logLineSchema>;

export const logLineExample: LogLine = {
	schema: 1,
	boot: 17,
	at: '2026-03-02T10:04:13.001Z',
	level: 'info',
	text: 'scene',
	fields: { scene: 'live', reason: '' },
	missing: 0,
};
