import { randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { linkFault } from '../telemetry/link/linkFault.ts';
import { readTlsFiles, type TlsOptions } from '../telemetry/link/tlsFiles.ts';
import { Fleet } from './fleet.ts';

export interface FleetWatchOptions {
	url: string;
	root: string;
	username: string;
	password: string;
	tls: TlsOptions;
	/** Views with the same group share the stream among themselves. Empty: a group of its own, which hears everything. */
	group: string;
	silentMs: number;
}

const connectMs = 10_000;

/**
 * Hears a fleet. What is retained (status, birth, alerts) is subscribed to plainly, because a broker sends nothing retained
 * to a shared subscription (MQTT 5.0, 4.8.2); the stream of health and results is shared.
 */
export class FleetWatch {
	readonly fleet: Fleet;
	readonly #options: FleetWatchOptions;
	#client: MqttClient | null = null;
	/** Why there is no connection now; empty while there is. */
	trouble = '';

	constructor(options: FleetWatchOptions) {
		this.#options = options;
		this.fleet = new Fleet(options.root, options.silentMs);
	}

	/** @throws PhleboxError broker-unreachable | broker-refused | certificate-invalid, when the first connection cannot be made */
	async start(): Promise<void> {
		const { url, root, username, password, tls, group } = this.#options;
		const shown = new URL(url).host;
		const id = randomBytes(4).toString('hex');
		const client = mqtt.connect(url, {
			clientId: `phlebox-fleet-${id}`,
			protocolVersion: 5,
			reconnectPeriod: 2000,
			connectTimeout: connectMs,
			...(username && { username, password }),
			...(url.startsWith('mqtts:') && (await readTlsFiles(tls))),
		});
		this.#client = client;
		client.on('message', (topic, payload, { retain }) =>
			this.fleet.take(topic, payload.toString('utf8'), retain, Date.now()),
		);
		client.on('close', () => {
			this.trouble ||= `the connection to ${shown} is gone`;
		});
		client.on('connect', () => {
			this.trouble = '';
		});
		const first = new Promise<void>((resolve, reject) => {
			client.once('connect', () => resolve());
			client.on('error', (error) => {
				this.trouble = linkFault(error, shown).message;
				reject(linkFault(error, shown));
			});
			setTimeout(() => reject(linkFault(new Error('connack timeout'), shown)), connectMs + 1000).unref();
		});
		try {
			await first;
		} catch (error) {
			client.end(true);
			throw error;
		}
		const boxes = `${root}/v1/+`;
		const share = `$share/${group || `fleet-${id}`}/${boxes}`;
		const retained = ['status', 'birth', 'alert/+'].map((topic) => `${boxes}/${topic}`);
		await client.subscribeAsync([...retained, `${share}/health`, `${share}/result/#`], { qos: 1 });
	}

	stop(): void {
		this.#client?.end(true);
	}
}
