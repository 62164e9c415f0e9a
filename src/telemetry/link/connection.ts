import type { IClientOptions, MqttClient } from 'mqtt';
import { PhleboxError } from '../../errors.ts';
import type { BrokerAddress } from './brokerAddress.ts';
import { type Inbound, type InboundParts, inboundWindow, largestInbound } from './inbound.ts';
import { linkFault } from './linkFault.ts';
import { BrokerRefusal } from './reasonCodes.ts';
import { readTlsFiles, type TlsOptions } from './tlsFiles.ts';

export interface ConnectionOptions {
	address: BrokerAddress;
	clientId: string;
	username: string;
	password: string;
	protocolVersion: 4 | 5;
	keepaliveSeconds: number;
	/** How long the broker keeps the session of a box that is gone (MQTT 5). */
	sessionExpirySeconds: number;
	/** A box that is back within this time is never shown as lost (MQTT 5). */
	willDelaySeconds: number;
	/** For TCP, TLS and CONNACK together. */
	connectTimeoutMs: number;
	/** A message that is not acknowledged by then shows that the connection is dead. */
	publishTimeoutMs: number;
	tls: TlsOptions;
	will: { topic: string; payload: string };
	/** Null when nothing is listened to. */
	inbound: InboundParts | null;
}

export interface Message {
	topic: string;
	/** JSON, or empty to clear what is retained. */
	payload: string;
	qos: 0 | 1;
	retain: boolean;
	/** When the broker may throw it away, seconds (MQTT 5). */
	expirySeconds?: number;
	/** The request that this answers (MQTT 5). */
	correlationData?: Buffer;
}

/**
 * One network connection to a broker; a new one is made for each try, so that mqtt.js never resends by itself: what was
 * not acknowledged is still in the outbox. mqtt.js neither fails the publishes of a connection that breaks
 * (`clean: false`) nor keeps the broker's Receive Maximum; both are done here and by the sender.
 */
export class Connection {
	readonly #client: MqttClient;
	readonly #options: ConnectionOptions;
	readonly #fail: (error: unknown) => void;
	/** Ends of the publications that are under way. */
	readonly #underWay = new Set<(fault: PhleboxError) => void>();
	/** Why the connection is gone; null while it is there. */
	#fault: PhleboxError | null = null;
	/** Resolves when the connection is gone, with the reason. Never rejects. */
	readonly closed: Promise<PhleboxError>;
	/** Messages of QoS 1 that the broker takes unacknowledged. */
	receiveMaximum = 65_535;
	/** This side said goodbye. */
	ended = false;
	/** Bytes of the largest packet that the broker takes. */
	maximumPacketSize = 268_435_455;

	private constructor(client: MqttClient, options: ConnectionOptions) {
		this.#client = client;
		this.#options = options;
		const broker = options.address.shown;
		const { promise, resolve } = withResolvers<PhleboxError>();
		this.closed = promise;
		this.#fail = (error) => {
			this.#fault ??= linkFault(error, broker);
			resolve(this.#fault);
			for (const end of this.#underWay) end(this.#fault);
			client.end(true);
			// A goodbye that hangs keeps `end` from breaking off.
			client.stream.destroy();
		};
		client.on('error', this.#fail);
		client.on('disconnect', (packet) => {
			if (packet.reasonCode) this.#fail(new BrokerRefusal(broker, 'to go on', packet.reasonCode));
		});
		client.on('close', () => this.#fail(new Error('')));
		// Before there is a connection: what waits in the session comes right behind its acceptance.
		if (options.inbound) listen(client, options.inbound);
	}

	/**
	 * Resolves when the broker has accepted.
	 * @throws PhleboxError broker-unreachable | broker-refused (a BrokerRefusal) | certificate-invalid (a CertificateFault)
	 */
	static async open(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
		const settings = await clientOptions(options);
		// Here and not above: a fifth of all the code of the box, and the light does not need it.
		const { connect } = await import('mqtt');
		if (signal.aborted) throw stopped(options);
		const connection = new Connection(connect(settings), options);
		const client = connection.#client;
		// mqtt.js has the same limit, but not for a stream that hangs in its own making.
		const timer = setTimeout(() => connection.#fail(new Error('connack timeout')), options.connectTimeoutMs + 1000);
		const abort = () => connection.#fail(stopped(options));
		signal.addEventListener('abort', abort);
		const accepted = new Promise<null>((resolve) => {
			client.once('connect', (packet) => {
				connection.receiveMaximum = packet.properties?.receiveMaximum ?? connection.receiveMaximum;
				connection.maximumPacketSize = packet.properties?.maximumPacketSize ?? connection.maximumPacketSize;
				resolve(null);
			});
		});
		const fault = await Promise.race([accepted, connection.closed]);
		clearTimeout(timer);
		signal.removeEventListener('abort', abort);
		if (fault) throw fault;
		if (options.inbound) connection.#subscribe(options.inbound.filters);
		return connection;
	}

	/** Not waited for: a broker that refuses a filter is told of, and results go on. */
	#subscribe(filters: readonly string[]): void {
		const map = Object.fromEntries(filters.map((filter) => [filter, { qos: 1 as const }]));
		this.#client.subscribe(map, (error, _granted, packet) => {
			const refused = (packet as { granted?: number[] } | undefined)?.granted?.find((code) => code >= 128);
			if (error || refused !== undefined) this.#options.inbound?.onRefused?.(refused ?? 128);
		});
	}

	/**
	 * Resolves with the broker's acknowledgement (QoS 1) or when the message has left (QoS 0). Calls keep their order.
	 * @throws PhleboxError broker-unreachable, when the connection ends first; broker-refused (a BrokerRefusal)
	 */
	async publish(message: Message): Promise<void> {
		const { address, publishTimeoutMs } = this.#options;
		const size = Buffer.byteLength(message.payload) + Buffer.byteLength(message.topic) + packetOverhead;
		if (size > this.maximumPacketSize) throw new BrokerRefusal(address.shown, `a message on ${message.topic}`, 149);
		const timer = setTimeout(
			() => this.#fail(new Error(`it did not acknowledge a message in ${publishTimeoutMs} ms`)),
			publishTimeoutMs,
		);
		const { topic, payload, qos, retain, expirySeconds, correlationData } = message;
		const properties =
			payload === ''
				? {}
				: {
						payloadFormatIndicator: true,
						contentType: 'application/json',
						...(expirySeconds && { messageExpiryInterval: Math.ceil(expirySeconds) }),
						...(correlationData && { correlationData }),
					};
		// Not a race against `closed`: a promise keeps what every race has laid upon it for as long as the connection lasts.
		let end: (fault: PhleboxError) => void = () => {};
		try {
			await new Promise<void>((resolve, reject) => {
				end = reject;
				this.#underWay.add(end);
				if (this.#fault) reject(this.#fault);
				else
					this.#client.publish(topic, payload, { qos, retain, properties }, (error) =>
						error ? reject(error) : resolve(),
					);
			});
		} catch (error) {
			const { code } = error as { code?: unknown };
			throw typeof code === 'number'
				? new BrokerRefusal(address.shown, `a message on ${message.topic}`, code)
				: linkFault(error, address.shown);
		} finally {
			clearTimeout(timer);
			this.#underWay.delete(end);
		}
	}

	/** Says goodbye, so that the broker does not publish the last will; breaks off after `deadlineMs`. */
	async end(deadlineMs: number): Promise<void> {
		this.ended = true;
		const timer = setTimeout(() => this.#fail(stopped(this.#options)), deadlineMs);
		this.#client.end(false, () => this.#fail(stopped(this.#options)));
		await this.closed;
		clearTimeout(timer);
	}
}

/** Bytes of a PUBLISH besides topic and payload: header, packet id and properties, rounded up. */
const packetOverhead = 64;

async function clientOptions(options: ConnectionOptions): Promise<IClientOptions> {
	const { address, will, protocolVersion } = options;
	const five = protocolVersion === 5;
	return {
		protocol: address.protocol,
		host: address.host,
		port: address.port,
		clientId: options.clientId,
		username: options.username || undefined,
		password: options.password || undefined,
		protocolVersion,
		clean: false,
		keepalive: options.keepaliveSeconds,
		connectTimeout: options.connectTimeoutMs,
		reconnectPeriod: 0,
		queueQoSZero: false,
		// Or every number up to 65,535 is kept as a buffer of its own: 7 MB.
		writeCache: false,
		properties: five
			? {
					sessionExpiryInterval: options.sessionExpirySeconds,
					maximumPacketSize: largestInbound,
					receiveMaximum: inboundWindow,
				}
			: undefined,
		will: {
			topic: will.topic,
			payload: Buffer.from(will.payload),
			qos: 1,
			retain: true,
			...(five && { properties: { willDelayInterval: options.willDelaySeconds, contentType: 'application/json' } }),
		},
		...(address.protocol === 'mqtts' && { ...(await readTlsFiles(options.tls)), minVersion: 'TLSv1.2' }),
	};
}

function listen(client: MqttClient, { onMessage }: InboundParts): void {
	client.on('message', (topic, payload, packet) => {
		const { responseTopic, correlationData } = packet.properties ?? {};
		onMessage({ topic, payload, retained: packet.retain, responseTopic, correlationData } satisfies Inbound);
	});
}

function stopped(options: ConnectionOptions): PhleboxError {
	return new PhleboxError('broker-unreachable', `the connection to ${options.address.shown} was ended by this box`);
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<Value>() {
	let resolve!: (value: Value) => void;
	const promise = new Promise<Value>((settle) => {
		resolve = settle;
	});
	return { promise, resolve };
}
