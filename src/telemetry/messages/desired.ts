import { z } from 'zod';
import { bootField, instant, schemaField } from './fields.ts';

export const desiredSchema = z.object({
	schema: schemaField,
	version: z.int().min(1).describe('Grows with every change. A version that is not newer than the last is ignored.'),
	config: z
		.record(z.string(), z.json())
		.describe('All that is wanted other than in the file of the box, as a configuration file has it (docs/config.md).'),
});

export type Desired = z.infer<typeof desiredSchema>;

export const desiredExample: Desired = {
	schema: 1,
	version: 12,
	config: { box: { label: 'Room 3' }, indicator: { expiryMs: 300 } },
};

export const reportedStates = ['none', 'waiting', 'trying', 'applied', 'refused', 'rolled-back'] as const;

export const reportedSchema = z.object({
	schema: schemaField,
	boot: bootField,
	since: instant,
	version: z.int().min(0).describe('In force; 0: the file of the box alone.'),
	asked: z.int().min(0).describe('The newest that was asked for.'),
	state: z
		.enum(reportedStates)
		.describe(
			'Of the version that was asked for. `waiting`: for the end of an examination. `trying`: in force, not yet found healthy. `rolled-back`: the box did not get healthy with it.',
		),
	reason: z.string().describe('One line; empty when all is well.'),
	problems: z.array(z.string()).describe('All that is wrong with a refused one, a line each.'),
	config: z.record(z.string(), z.json()).describe('What is in force other than in the file of the box.'),
});

export type Reported = z.infer<typeof reportedSchema>;

export const reportedExample: Reported = {
	schema: 1,
	boot: 17,
	since: '2026-03-02T10:02:40.007Z',
	version: 11,
	asked: 12,
	state: 'rolled-back',
	reason: 'the vision thread was not ready within 30 s',
	problems: [],
	config: { box: { label: 'Room 3' } },
};
