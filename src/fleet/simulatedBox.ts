import { ulid } from 'ulid';
import { Link } from '../telemetry/link.ts';
import { birthExample } from '../telemetry/messages/birth.ts';
import { examinationResultExample } from '../telemetry/messages/examinationResult.ts';
import { healthExample } from '../telemetry/messages/health.ts';
import { MemoryOutbox } from '../telemetry/outbox/memoryOutbox.ts';
import { Retained } from '../telemetry/retained.ts';
import { Sender } from '../telemetry/sender.ts';
import { telemetryDefaults } from '../telemetry/telemetryOptions.ts';

export interface SimulatedBoxOptions {
	url: string;
	root: string;
	id: string;
	/** Between two health messages, and on average between two results. Milliseconds. */
	healthMs: number;
	resultMs: number;
}

/** A box of a simulated fleet: the telemetry of a real one (link, sender, messages) without vision and without a disk. */
export class SimulatedBox {
	readonly #options: SimulatedBoxOptions;
	readonly #prefix: string;
	readonly #outbox = new MemoryOutbox();
	readonly #retained = new Retained();
	readonly #link: Link;
	readonly #sender: Sender;
	readonly #timers: NodeJS.Timeout[] = [];
	#seq = 0;

	constructor(options: SimulatedBoxOptions) {
		const { url, root, id } = options;
		this.#options = options;
		this.#prefix = `${root}/v1/${id}`;
		const { link, sender } = telemetryDefaults;
		this.#link = new Link(
			{ ...link, url, clientId: id, keepaliveSeconds: 60, willDelaySeconds: 1, sessionExpirySeconds: 60 },
			{
				will: () => ({ topic: `${this.#prefix}/status`, payload: this.#status('lost') }),
				onState: ({ phase }) => {
					if (phase !== 'online') return;
					this.#retained.touchAll();
					this.#sender.wake(true);
				},
			},
		);
		this.#sender = new Sender(this.#outbox, this.#link, this.#retained, sender, {
			prefix: this.#prefix,
			onRefused: () => {},
			onSetAside: () => {},
		});
	}

	async start(): Promise<void> {
		const { id, healthMs, resultMs } = this.#options;
		await this.#outbox.open();
		this.#retained.set('status', JSON.parse(this.#status('online')));
		this.#retained.set('birth', { ...birthExample, boot: 1, input: 'simulator', label: id });
		this.#link.start();
		this.#sender.start();
		// Spread over the interval, so that a fleet is no drum.
		this.#timers.push(
			setTimeout(() => {
				this.#timers.push(setInterval(() => this.#health(), healthMs));
			}, Math.random() * healthMs),
			setInterval(() => Math.random() < 0.1 && this.#result(), resultMs / 10),
		);
	}

	async stop(): Promise<void> {
		for (const timer of this.#timers) clearTimeout(timer);
		this.#retained.set('status', JSON.parse(this.#status('offline')));
		await this.#sender.drain(1000);
		await this.#link.stop();
		await this.#sender.stop();
	}

	#status(status: string): string {
		return JSON.stringify({ schema: 1, boot: 1, status, since: new Date().toISOString(), reason: '' });
	}

	#health(): void {
		if (this.#link.state.phase !== 'online') return;
		this.#seq += 1;
		const queue = { ...healthExample.queue, pending: this.#outbox.pending() };
		const health = { ...healthExample, boot: 1, seq: this.#seq, measuredAt: new Date().toISOString(), queue };
		void this.#link
			.publish({ topic: `${this.#prefix}/health`, payload: JSON.stringify(health), qos: 0, retain: false })
			.catch(() => {});
	}

	#result(): void {
		const id = ulid();
		const createdAt = new Date().toISOString();
		const { seq: _, boot: __, historical: ___, ...example } = examinationResultExample;
		const payload = {
			...example,
			id,
			measuredAt: createdAt,
			input: 'simulator',
			examination: { id: ulid(), number: 1 },
		};
		void this.#outbox
			.append({ id, topic: 'result/examination', qos: 1, payload, createdAt })
			.then(() => this.#sender.wake());
	}
}
