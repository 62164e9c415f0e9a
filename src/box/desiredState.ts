import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from '../telemetry/outbox/writeDurably.ts';

const document = z.object({ version: z.int().min(0), config: z.record(z.string(), z.json()) });
const stateSchema = z.object({
	/** In force, and the box was healthy with it. Version 0: the file of the box alone. */
	good: document,
	/** Being tried: written before it is, so that a box that dies of it does not try again. */
	trial: document.nullable(),
	/** The newest version that was asked for, whatever became of it. */
	asked: z.int().min(0),
	/** What became of it, for who asks after a restart. */
	state: z.enum(['none', 'waiting', 'trying', 'applied', 'refused', 'rolled-back']),
	reason: z.string(),
	problems: z.array(z.string()),
	since: z.string(),
});

export type DesiredDocument = z.infer<typeof document>;
export type DesiredState = z.infer<typeof stateSchema>;

export const noDesired: DesiredState = {
	good: { version: 0, config: {} },
	trial: null,
	asked: 0,
	state: 'none',
	reason: '',
	problems: [],
	since: new Date(0).toISOString(),
};

/** What is remembered of the configuration that was asked for; nothing, when the file is missing or damaged. */
export async function readDesiredState(file: string): Promise<DesiredState> {
	try {
		return stateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
	} catch {
		return noDesired;
	}
}

export function writeDesiredState(file: string, state: DesiredState): Promise<void> {
	return writeDurably(file, JSON.stringify(state));
}
