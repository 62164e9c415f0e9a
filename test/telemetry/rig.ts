import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Link, type LinkOptions, type LinkState } from '../../src/telemetry/link.ts';
import { MemoryOutbox } from '../../src/telemetry/outbox/memoryOutbox.ts';
import type { Outbox } from '../../src/telemetry/outbox.ts';
import { Retained } from '../../src/telemetry/retained.ts';
import { Sender, type SenderOptions } from '../../src/telemetry/sender.ts';
import { telemetryDefaults } from '../../src/telemetry/telemetryOptions.ts';

/** The defaults with waits that suit a test. */
export const quickLink = {
	...telemetryDefaults.link,
	willDelaySeconds: 0,
	connectTimeoutMs: 2000,
	backoff: { minMs: 20, maxMs: 100 },
	stableMs: 1000,
};

/** Link, sender and an outbox in memory, as Telemetry puts them together. */
export class Rig {
	readonly outbox: Outbox;
	readonly retained = new Retained();
	readonly states: LinkState[] = [];
	readonly refusals: (string | null)[] = [];
	readonly aside: string[] = [];
	readonly link: Link;
	readonly sender: Sender;

	constructor(
		t: ExecutionContext,
		link: Partial<LinkOptions>,
		sender: Partial<SenderOptions> = {},
		random = Math.random,
		outbox: Outbox = new MemoryOutbox(),
	) {
		this.outbox = outbox;
		this.link = new Link(
			{ ...quickLink, clientId: 'box-1', ...link },
			{
				random,
				will: () => ({ topic: 'phlebox/v1/box-1/status', payload: '{"status":"lost"}' }),
				onState: (state) => {
					this.states.push(state);
					if (state.phase !== 'online') return;
					this.retained.touchAll();
					this.sender.wake(true);
				},
			},
		);
		this.sender = new Sender(
			this.outbox,
			this.link,
			this.retained,
			{ ...telemetryDefaults.sender, backoff: { minMs: 20, maxMs: 100 }, ...sender },
			{
				prefix: 'phlebox/v1/box-1',
				onRefused: (reason) => this.refusals.push(reason),
				onSetAside: (entry, reason) => this.aside.push(`${entry.id}: ${reason}`),
			},
		);
		t.teardown(() => this.stop());
	}

	async start(): Promise<void> {
		await this.outbox.open();
		this.link.start();
		this.sender.start();
	}

	async stop(): Promise<void> {
		await this.link.stop();
		await this.sender.stop();
	}

	/** Why the first connection ended. */
	lossReason(): string | undefined {
		const online = this.phases().indexOf('online');
		return this.states.slice(online + 1).find(({ phase }) => online >= 0 && phase !== 'connecting')?.reason;
	}

	phases(): string[] {
		return this.states.map((state) => state.phase);
	}

	/** Resolves when the condition holds; rejects, naming it, after a time. */
	async until(what: string, condition: (rig: this) => boolean, ms = 30_000): Promise<void> {
		for (const end = performance.now() + ms; !condition(this); await sleep(5))
			if (performance.now() > end) throw new Error(`never came: ${what}; ${this.phases().join(' ')}`);
	}
}
