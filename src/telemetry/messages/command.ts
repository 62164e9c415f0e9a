import { z } from 'zod';
import { sides } from '../../exam/record.ts';
import { instant, schemaField } from './fields.ts';

const none = z.strictObject({});

/** Every command, with what it takes and what it does. Arguments that are not known are refused. */
export const commands = {
	identify: {
		args: z.strictObject({ seconds: z.int().min(1).max(60).describe('For how long.') }),
		content: 'Shows on the display page and the lights which box this is. Refused during an examination.',
	},
	restart: { args: none, content: 'Ends the examination and starts the box anew.' },
	'examination-start': {
		args: z.strictObject({ side: z.enum(sides).optional().describe('Of the patient.') }),
		content: 'Starts an examination; one that runs is ended.',
	},
	'examination-end': { args: none, content: 'Ends the examination.' },
	'examination-cancel': { args: none, content: 'Ends the examination as none.' },
	side: { args: z.strictObject({ side: z.enum(sides).describe('Of the patient.') }), content: 'Sets the side.' },
	logs: {
		args: z.strictObject({
			seconds: z.int().min(1).max(900).describe('For how long; 0 is not possible, a new request replaces the last.'),
			level: z.enum(['error', 'warn', 'info', 'debug']).describe('Least severe level.'),
		}),
		content: 'Publishes the lines of the log on `log` for a time.',
	},
	doctor: { args: none, content: 'Checks the box; the findings are in the reply.' },
	snapshot: {
		args: none,
		content:
			'A reduced grey picture of the scan area (PNG, base64) in the reply. Refused unless `mqtt.snapshots` allows it on the box.',
	},
	'outbox-resend': {
		args: z.strictObject({ ids: z.array(z.string()).max(1000).nullable().describe('Messages; null for all.') }),
		content: 'Sends messages again that were set aside.',
	},
} as const;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as [CommandName, ...CommandName[]];
export type CommandArgs<Name extends CommandName> = z.infer<(typeof commands)[Name]['args']>;

const envelope = {
	schema: schemaField,
	id: z
		.string()
		.regex(/^[A-Za-z0-9_-]{1,64}$/)
		.describe('Chosen by the sender. A command whose id was seen before is not run again.'),
	notAfter: instant.describe('After this it is not run. At most an hour ahead.'),
};

/** What every command looks like; for the docs. */
export const commandEnvelope = z.object({
	...envelope,
	name: z.enum(commandNames),
	args: z.record(z.string(), z.json()).describe('See below; empty where the command takes none.'),
});

const [first, ...others] = commandNames.map((name) =>
	z.object({ ...envelope, name: z.literal(name), args: commands[name].args }),
);

export const commandSchema = z.discriminatedUnion('name', [first!, ...others]);

export type Command = { [Name in CommandName]: { name: Name; args: CommandArgs<Name> } }[CommandName] & {
	id: string;
	notAfter: string;
};

export const commandExample = {
	schema: 1,
	id: 'console-4711',
	name: 'logs',
	args: { seconds: 120, level: 'info' },
	notAfter: '2026-03-02T10:05:00.000Z',
};
