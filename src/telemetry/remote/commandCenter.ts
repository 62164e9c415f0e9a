import { messageOf } from '../../errors.ts';
import type { Inbound } from '../link/inbound.ts';
import type { Command, CommandArgs, CommandName } from '../messages/command.ts';
import type { CommandReply } from '../messages/commandReply.ts';
import { judgeCommand } from './judgeCommand.ts';
import type { SeenCommands } from './seenCommands.ts';

/** What does the work; what it gives back is the result. */
export type CommandHandlers = {
	[Name in CommandName]: (args: CommandArgs<Name>) => unknown;
};

/** Given back by a handler: not now, and why. */
export class Refused {
	readonly reason: string;

	constructor(reason: string) {
		this.reason = reason;
	}
}

export type Reply = Pick<CommandReply, 'id' | 'name' | 'outcome' | 'reason' | 'result'>;

export interface CommandParts {
	handlers: CommandHandlers;
	/** Brings a reply to the broker; what it cannot bring is lost. */
	reply: (reply: Reply, to: Pick<Inbound, 'responseTopic' | 'correlationData'>) => void;
	/** For the audit trail: what was asked and what came of it. */
	audit: (reply: Reply) => void;
	now?: () => number;
}

/** Commands that wait while one runs; more are refused. */
const mostWaiting = 16;
/** What a command may take, milliseconds. */
const deadlineMs = 60_000;
const mostReplies = 64;

/** Takes commands one after the other, each once. Nothing that comes in makes it throw. */
export class CommandCenter {
	readonly #seen: SeenCommands;
	readonly #parts: CommandParts;
	readonly #replies = new Map<string, Reply>();
	#waiting = 0;
	#turns: Promise<void> = Promise.resolve();

	constructor(seen: SeenCommands, parts: CommandParts) {
		this.#seen = seen;
		this.#parts = parts;
	}

	/** Resolves when what came so far is done. */
	get idle(): Promise<void> {
		return this.#turns;
	}

	take(message: Inbound): void {
		const nowMs = (this.#parts.now ?? Date.now)();
		const judged = judgeCommand(message, nowMs, (id) => this.#seen.has(id));
		if (judged.kind === 'no') this.#parts.reply({ ...judged, result: null }, message);
		else if (judged.kind === 'again') this.#again(judged.id, message);
		else this.#enqueue(judged.command, message);
	}

	#again(id: string, message: Inbound): void {
		const unknown = { id, name: '', outcome: 'refused' as const, reason: 'this id was seen before', result: null };
		this.#parts.reply(this.#replies.get(id) ?? unknown, message);
	}

	#enqueue(command: Command, message: Inbound): void {
		const { id, name } = command;
		if (this.#waiting >= mostWaiting) {
			const reason = `${mostWaiting} commands wait already`;
			this.#parts.reply({ id, name, outcome: 'refused', reason, result: null }, message);
			return;
		}
		this.#waiting += 1;
		// At once, not at its turn: the same command may come again before.
		const remembered = this.#seen.add(id, Date.parse(command.notAfter)).then(
			() => null,
			(error: unknown) => messageOf(error),
		);
		this.#turns = this.#turns.then(async () => {
			const reply = await this.#run(command, await remembered);
			this.#waiting -= 1;
			this.#remember(reply);
			this.#parts.reply(reply, message);
			this.#parts.audit(reply);
		});
	}

	async #run(command: Command, forgotten: string | null): Promise<Reply> {
		const { id, name } = command;
		const reply = (outcome: Reply['outcome'], reason: string, result: unknown = null): Reply => ({
			...{ id, name, outcome, reason },
			result: (result ?? null) as Reply['result'],
		});
		if (forgotten !== null && name === 'restart')
			return reply('refused', `it could not be remembered that this was asked for: ${forgotten}`);
		let timer: NodeJS.Timeout | undefined;
		try {
			const late = new Promise((_, reject) => {
				timer = setTimeout(() => reject(new Error(`took longer than ${deadlineMs / 1000} s`)), deadlineMs);
			});
			const handler = this.#parts.handlers[name] as (args: unknown) => unknown;
			const result = await Promise.race([(async () => handler(command.args))(), late]);
			return result instanceof Refused ? reply('refused', result.reason) : reply('done', '', result);
		} catch (error) {
			return reply('failed', messageOf(error));
		} finally {
			clearTimeout(timer);
		}
	}

	#remember(reply: Reply): void {
		// Large results are not kept for a second time.
		this.#replies.set(reply.id, reply.result === null ? reply : { ...reply, result: null });
		if (this.#replies.size > mostReplies) this.#replies.delete(this.#replies.keys().next().value!);
	}
}
