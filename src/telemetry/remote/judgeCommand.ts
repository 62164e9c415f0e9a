import type { Inbound } from '../link/inbound.ts';
import { type Command, commandNames, commandSchema } from '../messages/command.ts';
import type { CommandReply } from '../messages/commandReply.ts';

/** A command reaches no further into the future than this: a box whose clock is wrong finds out. Milliseconds. */
const furthestMs = 3_600_000;
const largestBytes = 64 * 1024;

export type Refusal = Pick<CommandReply, 'id' | 'name' | 'reason'> & { outcome: 'refused' | 'expired' };
export type Judgement = { kind: 'run'; command: Command } | { kind: 'again'; id: string } | ({ kind: 'no' } & Refusal);

/** What to do with what came on `cmd`; never throws, whatever it is. Reads no clock. */
export function judgeCommand(
	{ payload, retained }: Pick<Inbound, 'payload' | 'retained'>,
	nowMs: number,
	seen: (id: string) => boolean,
): Judgement {
	if (payload.length > largestBytes) return no({}, `larger than ${largestBytes} bytes`);
	const read = readJson(payload);
	if (read === undefined) return no({}, 'no JSON');
	const named = namesOf(read);
	const parsed = commandSchema.safeParse(read);
	if (!parsed.success) return no(named, problem(read, parsed.error.issues[0]!));
	const command = parsed.data as unknown as Command;
	if (retained) return no(named, 'a command must not be retained');
	if (seen(command.id)) return { kind: 'again', id: command.id };
	const aheadMs = Date.parse(command.notAfter) - nowMs;
	const clock = `the clock of the box says ${new Date(nowMs).toISOString()}`;
	if (aheadMs < 0) return { ...no(named, `came after ${command.notAfter}; ${clock}`), outcome: 'expired' };
	if (aheadMs > furthestMs) return no(named, `notAfter is more than an hour ahead; ${clock}`);
	return { kind: 'run', command };
}

function no(named: { id?: string; name?: string }, reason: string): { kind: 'no' } & Refusal {
	return { kind: 'no', id: named.id ?? '', name: named.name ?? '', outcome: 'refused', reason };
}

function readJson(payload: Buffer): unknown {
	try {
		return JSON.parse(payload.toString('utf8'));
	} catch {
		return undefined;
	}
}

/** Id and name as far as they can be read, short enough to be given back. */
function namesOf(read: unknown): { id?: string; name?: string } {
	if (typeof read !== 'object' || read === null) return {};
	const { id, name } = read as { id?: unknown; name?: unknown };
	const word = (value: unknown) => (typeof value === 'string' ? value.slice(0, 64) : '');
	return { id: word(id), name: word(name) };
}

function problem(read: unknown, issue: { path: PropertyKey[]; message: string; code: string }): string {
	const name = (read as { name?: unknown } | null)?.name;
	if (issue.path.length === 1 && issue.path[0] === 'name' && !commandNames.includes(name as never))
		return `there is no such command; there are ${commandNames.join(', ')}`;
	return `${issue.path.join('.').slice(0, 100) || 'the command'}: ${issue.message.slice(0, 200)}`;
}
