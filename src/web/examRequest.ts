import { z } from 'zod';
import { sides } from '../exam/record.ts';
import type { ExamCommand } from '../vision/messages.ts';

const side = z.enum(sides, `side has to be one of ${sides.join(', ')}`);
const bodies = {
	start: z.strictObject({ side: side.optional() }),
	end: z.strictObject({}),
	cancel: z.strictObject({}),
	side: z.strictObject({ side }),
};

/** @returns the command, or one line that says what is wrong */
export function examCommand(name: string, body: unknown): ExamCommand | string {
	if (!Object.hasOwn(bodies, name)) return `there is no command ${name}; there are ${Object.keys(bodies).join(', ')}`;
	const parsed = bodies[name as keyof typeof bodies].safeParse(body ?? {});
	if (!parsed.success) return `${name}: ${parsed.error.issues[0]!.message}`;
	return { name, ...parsed.data } as ExamCommand;
}
