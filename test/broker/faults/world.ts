import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Link } from '../../../src/telemetry/link.ts';
import { LevelOutbox } from '../../../src/telemetry/outbox/levelOutbox.ts';
import { PatientOutbox } from '../../../src/telemetry/outbox/patientOutbox.ts';
import { Retained } from '../../../src/telemetry/retained.ts';
import { Sender } from '../../../src/telemetry/sender.ts';
import { telemetryDefaults } from '../../../src/telemetry/telemetryOptions.ts';
import { draft } from '../../telemetry/draft.ts';
import { Listener } from '../../telemetry/listener.ts';
import { quickLink } from '../../telemetry/rig.ts';
import { temporaryFolder } from '../../telemetry/temporaryFolder.ts';
import { Mosquitto } from '../mosquitto.ts';
import { FaultProxy } from './faultProxy.ts';

const topic = 'phlebox/v1/box-1/event';

export interface WorldOptions {
	protocolVersion?: 4 | 5;
	/** Lines of mosquitto.conf. */
	settings?: string[];
	/** Whether the broker is there when the box starts. */
	brokerFirst?: boolean;
}

/** A box with its store on disk, a line with faults, a real broker, and a consumer that hears everything. */
export class World {
	readonly broker: Mosquitto;
	readonly proxy: FaultProxy;
	/** Mutable: a row may take the room away. */
	readonly store: { folder: string; quotaBytes: number; reserveBytes: number };
	/** Ids in the order of their appends. */
	readonly appended: string[] = [];
	/** Ids that the broker acknowledged. */
	readonly acknowledged = new Set<string>();
	/** The acknowledgements that arrive do not reach the store, as when the process dies before. */
	forgetAcknowledgements = false;
	outbox!: PatientOutbox;
	link!: Link;
	sender!: Sender;
	readonly #options: WorldOptions;
	readonly #t: ExecutionContext;
	#listener: Listener | null = null;
	readonly #storing: Promise<void>[] = [];

	private constructor(t: ExecutionContext, broker: Mosquitto, proxy: FaultProxy, options: WorldOptions) {
		this.#t = t;
		this.broker = broker;
		this.proxy = proxy;
		this.#options = options;
		this.store = { folder: join(temporaryFolder(t), 'outbox'), quotaBytes: 1e9, reserveBytes: 0 };
	}

	static async make(t: ExecutionContext, options: WorldOptions = {}): Promise<World> {
		const settings = [
			'persistence true',
			'max_queued_messages 0',
			...(options.settings ?? ['max_inflight_messages 0']),
		];
		const broker = await Mosquitto.make(t, settings);
		const world = new World(t, broker, await FaultProxy.start(t, broker.port), options);
		if (options.brokerFirst !== false) await world.startBroker();
		await world.startBox();
		t.teardown(() => world.stopBox());
		return world;
	}

	/** With the consumer's subscription saved, so that it is there again whenever the broker starts. */
	async startBroker(): Promise<void> {
		if (this.#listener) return this.broker.start();
		// A box that waits already would be heard by nobody yet.
		this.proxy.refuse = true;
		await this.broker.start();
		this.#listener = await Listener.at(this.#t, this.broker.url);
		await this.broker.stop();
		await this.broker.start();
		await this.#listener.until('consumer back', (listener) => listener.connected);
		this.proxy.refuse = false;
	}

	async startBox(): Promise<void> {
		this.outbox = new PatientOutbox(new LevelOutbox(this.store, (line) => this.#t.fail(line)), {
			memoryMessages: 1000,
			retryMs: 20,
		});
		const retained = new Retained();
		const { protocolVersion = 5 } = this.#options;
		this.link = new Link(
			{
				...quickLink,
				...{ url: this.proxy.url, clientId: 'box-1', protocolVersion },
				...{ keepaliveSeconds: 2, publishTimeoutMs: 1500, connectTimeoutMs: 1500 },
			},
			{
				will: () => ({ topic: 'phlebox/v1/box-1/status', payload: '{}' }),
				onState: ({ phase }) => phase === 'online' && this.sender.wake(true),
			},
		);
		this.#watchAcknowledgements();
		this.sender = new Sender(
			this.outbox,
			this.link,
			retained,
			{ ...telemetryDefaults.sender, backoff: { minMs: 20, maxMs: 100 } },
			{ prefix: 'phlebox/v1/box-1', onRefused: () => {}, onSetAside: (entry) => this.#t.fail(`aside ${entry.id}`) },
		);
		await this.outbox.open();
		this.link.start();
		this.sender.start();
	}

	async stopBox(): Promise<void> {
		await this.link.stop();
		await this.sender.stop();
		await this.outbox.close();
	}

	/** Gives messages to the store; `settled` waits until it has them. */
	append(count: number): void {
		for (let place = 0; place < count; place += 1) {
			const id = `m${this.appended.length}`;
			this.appended.push(id);
			this.#storing.push(this.outbox.append(draft(id, { filler: 'x'.repeat(200) })).then(() => this.sender.wake()));
		}
	}

	async settled(): Promise<void> {
		await Promise.all(this.#storing.splice(0));
	}

	/** Ids as the consumer heard them, twice where they came twice. */
	heard(): string[] {
		return (this.#listener?.on(topic) ?? []).map(({ payload }) => `${payload?.id}`);
	}

	async until(what: string, condition: () => boolean, ms = 30_000): Promise<void> {
		for (const end = performance.now() + ms; !condition(); await sleep(5))
			if (performance.now() > end)
				throw new Error(
					`never came: ${what}; ${this.link.state.phase} ${this.link.state.reason}, ${this.outbox.pending()} pending, ${this.heard().length} heard`,
				);
	}

	#watchAcknowledgements(): void {
		const acknowledge = this.outbox.acknowledge.bind(this.outbox);
		this.outbox.acknowledge = async (seq) => {
			this.acknowledged.add(this.appended[seq - 1]!);
			if (!this.forgetAcknowledgements) await acknowledge(seq);
		};
	}
}
