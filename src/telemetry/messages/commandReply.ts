import { z } from 'zod';
import { bootField, instant, schemaField } from './fields.ts';

export const commandOutcomes = ['done', 'refused', 'expired', 'failed'] as const;

export const commandReplySchema = z.object({
	schema: schemaField,
	boot: bootField,
	id: z.string().describe('Of the command; empty when it could not be read.'),
	name: z.string().describe('Of the command; empty when it could not be read.'),
	outcome: z.enum(commandOutcomes).describe('`refused`: not run, see `reason`. `expired`: came after its `notAfter`.'),
	reason: z.string().describe('One line; empty when all is well.'),
	at: instant,
	result: z.json().describe('Depends on the command; null for none.'),
});

export type CommandReply = z.infer<typeof commandReplySchema>;

export const commandReplyExample: CommandReply = {
	schema: 1,
	boot: 17,
	id: 'console-4711',
	name: 'logs',
	outcome: 'done',
	reason: '',
	at: '2026-03-02T10:04:12.310Z',
	result: null,
};
