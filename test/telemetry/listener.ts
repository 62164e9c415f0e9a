import type { ExecutionContext } from 'ava';
import { connect, type MqttClient } from 'mqtt';

export interface Heard {
	topic: string;
	/** Parsed; null for an empty payload. */
	payload: Record<string, unknown> | null;
	retain: boolean;
	qos: number;
	/** Of MQTT 5. */
	properties: Record<string, unknown>;
}

/** A consumer that hears everything and comes back by itself when the broker does. */
export class Listener {
	readonly heard: Heard[] = [];
	readonly #client: MqttClient;
	#look: () => void = () => {};

	private constructor(client: MqttClient) {
		this.#client = client;
		client.on('error', () => {});
		client.on('connect', () => this.#look());
		client.on('message', (topic, payload, packet) => {
			const text = payload.toString();
			const { retain, qos, properties } = packet;
			const parsed = text === '' ? null : JSON.parse(text);
			this.heard.push({ topic, payload: parsed, retain, qos, properties: { ...properties } });
			this.#look();
		});
	}

	/** Resolves when it is subscribed. */
	static async at(t: ExecutionContext, url: string, options: { clientId?: string; protocolVersion?: 4 | 5 } = {}) {
		const { clientId = 'listener', protocolVersion = 5 } = options;
		const client = connect(url, {
			clientId,
			clean: false,
			protocolVersion,
			reconnectPeriod: 20,
			properties: protocolVersion === 5 ? { sessionExpiryInterval: 600 } : undefined,
		});
		const listener = new Listener(client);
		t.teardown(() => client.end(true));
		await client.subscribeAsync('#', { qos: 1 });
		return listener;
	}

	#heardLately(): string {
		return this.heard
			.slice(-20)
			.map(({ topic, payload }) => `${topic} ${JSON.stringify(payload)?.slice(0, 60)}`)
			.join('; ');
	}

	get connected(): boolean {
		return this.#client.connected;
	}

	/** Sends without waiting: what falls into an outage may be lost. */
	publish(topic: string, payload: string): void {
		this.#client.publish(topic, payload, { qos: 0 });
	}

	on(topic: string): Heard[] {
		return this.heard.filter((one) => one.topic === topic);
	}

	/** Resolves when the condition holds; rejects, naming it, after a minute. */
	async until(what: string, condition: (listener: this) => boolean): Promise<void> {
		if (condition(this)) return;
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(`never heard: ${what}; heard ${this.#heardLately()}`)), 60_000);
			this.#look = () => {
				if (!condition(this)) return;
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
