import { z } from 'zod';
import { storedFields } from './fields.ts';

export const eventSchema = z.object({
	...storedFields,
	event: z
		.string()
		.regex(/^[a-z][a-z0-9-]*$/)
		.describe('What happened, such as `examination-started`.'),
	details: z.record(z.string(), z.json()).describe('Depends on the event.'),
});

export type EventMessage = z.infer<typeof eventSchema>;

export const eventExample: EventMessage = {
	schema: 1,
	id: '01JNAYF3Q8M2V6T0K4R7W9XZBC',
	seq: 4120,
	boot: 17,
	measuredAt: '2026-03-02T09:58:11.402Z',
	historical: false,
	event: 'examination-started',
	details: { examination: '01JNAYF3Q7C5D8E1G3H6J9KMNP', side: 'left' },
};
