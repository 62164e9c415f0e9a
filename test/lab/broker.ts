import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { until } from './check.ts';

export interface Message {
	topic: string;
	/** The level below the box: status, birth, health ... */
	kind: string;
	// biome-ignore lint/suspicious/noExplicitAny: what is in it is what the tests ask about
	body: any;
	retained: boolean;
}

/** A real broker (mosquitto), and a client that keeps everything published below `phlebox/v1/BOX`. */
export class Broker {
	readonly url: string;
	readonly messages: Message[] = [];
	readonly #port: number;
	#process: ChildProcess | undefined;
	#client: MqttClient | undefined;

	constructor(port = 1883) {
		this.#port = port;
		this.url = `mqtt://127.0.0.1:${port}`;
	}

	async start(): Promise<void> {
		const file = join(mkdtempSync(join(tmpdir(), 'broker-')), 'mosquitto.conf');
		writeFileSync(file, `listener ${this.#port} 127.0.0.1\nallow_anonymous true\nuser root\nlog_type error\n`);
		this.#process = spawn('/usr/sbin/mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
		this.#client = await until('broker', 30, () =>
			connectAsync(this.url, { protocolVersion: 5, reconnectPeriod: 200, connectTimeout: 20_000 }, false).catch(
				() => null,
			),
		);
		this.#client.on('message', (topic, payload, packet) => {
			const text = payload.toString();
			let body: unknown = text;
			try {
				body = JSON.parse(text);
			} catch {}
			this.messages.push({ topic, kind: topic.split('/')[3] ?? '', body, retained: packet.retain });
		});
		await this.#client.subscribeAsync('phlebox/v1/#', { qos: 1 });
	}

	/** The newest message of a kind. */
	last(kind: string): Message | undefined {
		return this.messages.findLast((message) => message.kind === kind);
	}

	/** Waits for a message of a kind that fits and comes after this call. */
	async next(kind: string, seconds: number, fits: (body: Message['body']) => boolean = () => true): Promise<Message> {
		const from = this.messages.length;
		return until(
			`fitting ${kind} message`,
			seconds,
			() => this.messages.slice(from).find((message) => message.kind === kind && fits(message.body)),
			() =>
				this.messages
					.slice(from)
					.filter((message) => message.kind === kind)
					.slice(-1),
		);
	}

	async stop(): Promise<void> {
		await this.#client?.endAsync(true);
		this.#process?.kill();
	}
}
