import { z } from 'zod';
import { bootField, instant, schemaField } from './fields.ts';

export const statusWords = ['starting', 'online', 'degraded', 'updating', 'stopping', 'offline', 'lost'] as const;

export const statusSchema = z.object({
	schema: schemaField,
	boot: bootField,
	status: z
		.enum(statusWords)
		.describe('`degraded` works with a fault named in `reason`; `offline` ended in order; `lost` is the last will.'),
	since: instant.describe('Since when. In `lost`: when the connection that broke was made.'),
	reason: z.string().describe('One line, empty when there is nothing to say.'),
});

export type Status = z.infer<typeof statusSchema>;
/** What the box says of itself; `lost` only the broker says, as the last will. */
export type StatusWord = Exclude<Status['status'], 'lost'>;

export const statusExample: Status = {
	schema: 1,
	boot: 17,
	status: 'degraded',
	since: '2026-03-02T08:14:07.120Z',
	reason: 'no light could be opened; the display page shows the guidance',
};
