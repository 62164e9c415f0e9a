import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Inbound, InboundParts } from '../link/inbound.ts';
import { catalogue } from '../messages/catalogue.ts';
import { type Desired, desiredSchema } from '../messages/desired.ts';
import type { EventMessage } from '../messages/event.ts';
import { type Job, jobSchema } from '../messages/job.ts';
import { CommandCenter, type CommandHandlers, type Reply } from './commandCenter.ts';
import type { LogLevel } from './logPublisher.ts';
import { SeenCommands } from './seenCommands.ts';

/** What the box can be asked for. */
export interface RemoteParts {
	/** All but what telemetry does itself. */
	handlers: Omit<CommandHandlers, 'logs' | 'outbox-resend'>;
	/** A configuration that is wanted, of the right form; the same may come again. */
	desired: (desired: Desired) => void;
	/** A model that is to be installed; the same may come again. Left out: this box takes no jobs. */
	job?: (job: Job) => void;
}

interface Services {
	reply: (reply: Reply, to: Pick<Inbound, 'responseTopic' | 'correlationData'>) => void;
	event: (event: string, details: EventMessage['details']) => void;
	logs: (seconds: number, level: LogLevel) => void;
	resend: (ids: readonly string[] | null) => Promise<unknown>;
	log: Pick<Logger, 'info' | 'warn'>;
}

const largestDesired = 64 * 1024;

/** What comes from the broker to this box. */
export class Remote {
	readonly #prefix: string;
	readonly #parts: RemoteParts;
	readonly #services: Services;
	readonly #seen: SeenCommands;
	readonly #commands: CommandCenter;

	/** @param folder where it is remembered which commands were run */
	constructor(prefix: string, folder: string, parts: RemoteParts, services: Services) {
		this.#prefix = prefix;
		this.#parts = parts;
		this.#services = services;
		this.#seen = new SeenCommands(join(folder, 'commands.json'));
		this.#commands = new CommandCenter(this.#seen, {
			handlers: {
				...parts.handlers,
				logs: ({ seconds, level }) => services.logs(seconds, level),
				'outbox-resend': ({ ids }) => services.resend(ids),
			},
			reply: services.reply,
			audit: ({ id, name, outcome, reason }) => services.event('command', { id, name, outcome, reason }),
		});
	}

	get inbound(): InboundParts {
		const { command, desired, job } = catalogue;
		const heard = [command, desired, ...(this.#parts.job ? [job] : [])];
		return {
			filters: heard.map(({ topic }) => `${this.#prefix}/${topic}`),
			onMessage: (message) => this.#take(message),
			onRefused: (code) =>
				this.#services.log.warn(`the broker does not let the box hear commands (reason code ${code}): allow it there`),
		};
	}

	open(): Promise<void> {
		return this.#seen.open();
	}

	#take(message: Inbound): void {
		if (message.topic === `${this.#prefix}/${catalogue.command.topic}`) this.#commands.take(message);
		else if (message.topic === `${this.#prefix}/${catalogue.desired.topic}`) this.#desired(message.payload);
		else if (message.topic === `${this.#prefix}/${catalogue.job.topic}`) this.#job(message);
	}

	/** One that was retained would be begun again by every box that comes to the broker. */
	#job({ payload, retained }: Inbound): void {
		if (payload.length === 0) return;
		const parsed = payload.length > largestDesired ? null : jobSchema.safeParse(readJson(payload));
		if (parsed?.success && !retained) {
			this.#parts.job?.(parsed.data);
			return;
		}
		const issue = parsed?.error?.issues[0];
		const form = issue ? `${issue.path.join('.')}: ${issue.message}` : `larger than ${largestDesired} bytes`;
		const reason = parsed?.success ? 'a job must not be retained' : form;
		this.#services.log.warn({ job: reason.slice(0, 300) }, 'a job cannot be taken');
		this.#services.event('job-unreadable', { reason: reason.slice(0, 300) });
	}

	/** What has not the form is no version that could be reported on: the journal and the audit trail tell of it. */
	#desired(payload: Buffer): void {
		if (payload.length === 0) return;
		const parsed = payload.length > largestDesired ? null : desiredSchema.safeParse(readJson(payload));
		if (parsed?.success) {
			this.#parts.desired(parsed.data);
			return;
		}
		const issue = parsed?.error.issues[0];
		const reason = issue ? `${issue.path.join('.')}: ${issue.message}` : `larger than ${largestDesired} bytes`;
		this.#services.log.warn({ desired: reason.slice(0, 300) }, 'a desired configuration cannot be read');
		this.#services.event('desired-unreadable', { reason: reason.slice(0, 300) });
	}
}

function readJson(payload: Buffer): unknown {
	try {
		return JSON.parse(payload.toString('utf8'));
	} catch {
		return undefined;
	}
}
