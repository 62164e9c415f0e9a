import { setTimeout as sleep } from 'node:timers/promises';
import type { PhleboxError } from '../errors.ts';
import { type BackoffOptions, backoffMs, refusedBackoffMs } from './link/backoff.ts';
import { type BrokerAddress, brokerAddress } from './link/brokerAddress.ts';
import { Connection, type ConnectionOptions, type Message, type TlsOptions } from './link/connection.ts';
import { linkFault } from './link/linkFault.ts';
import { BrokerRefusal } from './link/reasonCodes.ts';

export interface LinkOptions {
	/** mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; may hold user and password. */
	url: string;
	clientId: string;
	username: string;
	password: string;
	/** 5, or 4 for MQTT 3.1.1. A broker that does not know 5 is asked again in 3.1.1. */
	protocolVersion: 4 | 5;
	keepaliveSeconds: number;
	sessionExpirySeconds: number;
	willDelaySeconds: number;
	connectTimeoutMs: number;
	publishTimeoutMs: number;
	tls: TlsOptions;
	backoff: BackoffOptions;
	/** A connection has to last this long for the next failure to count as the first, milliseconds. */
	stableMs: number;
}

/**
 * - `connecting`: a try is under way. `online`: the broker has accepted. `offline`: it is out of reach. `refused`: it said
 *   no. `stopped`: not started, or stopped.
 */
export type LinkPhase = 'stopped' | 'connecting' | 'online' | 'offline' | 'refused';

export interface LinkState {
	phase: LinkPhase;
	/** One line; empty when all is well. */
	reason: string;
	/** ISO 8601, UTC. */
	since: string;
	/** A person has to change something before it can work. */
	needsMending: boolean;
}

export interface LinkParts {
	/** The last will of the connection that is about to be made. */
	will: () => { topic: string; payload: string };
	onState: (state: LinkState) => void;
	/** 0..1 */
	random?: () => number;
}

/** How long a goodbye may take. */
const goodbyeMs = 1000;

/** Brief connections in a row from which on an id used twice is suspected: not every broker says so. */
const suspectAfter = 3;

/** Keeps a connection to the broker: makes it, notices when it is gone, makes it again with growing, jittered waits. */
export class Link {
	readonly #options: LinkOptions;
	readonly #parts: LinkParts;
	readonly #address: BrokerAddress;
	readonly #random: () => number;
	#version: 4 | 5;
	#state: LinkState = { phase: 'stopped', reason: '', since: new Date().toISOString(), needsMending: false };
	#connection: Connection | null = null;
	#stopping = new AbortController();
	#running: Promise<void> = Promise.resolve();

	/** @throws PhleboxError config-invalid for a URL that is none */
	constructor(options: LinkOptions, parts: LinkParts) {
		this.#options = options;
		this.#parts = parts;
		this.#address = brokerAddress(options.url);
		this.#random = parts.random ?? Math.random;
		this.#version = options.protocolVersion;
	}

	get state(): LinkState {
		return this.#state;
	}

	/** The broker's address without credentials. */
	get broker(): string {
		return this.#address.shown;
	}

	/** The MQTT version that is spoken. */
	get protocolVersion(): 4 | 5 {
		return this.#version;
	}

	/** Messages of QoS 1 that the broker takes unacknowledged. */
	get receiveMaximum(): number {
		return this.#connection?.receiveMaximum ?? 1;
	}

	/** Begins to connect and returns at once. */
	start(): void {
		this.#stopping = new AbortController();
		this.#running = this.#keepConnected(this.#stopping.signal);
	}

	/** Says goodbye to the broker and makes no more connections. Ends within about a second. */
	async stop(): Promise<void> {
		const connection = this.#connection;
		this.#stopping.abort();
		await connection?.end(goodbyeMs);
		await this.#running;
		this.#set('stopped', '');
	}

	/**
	 * Resolves with the broker's acknowledgement (QoS 1) or when the message has left (QoS 0). Calls keep their order.
	 * @throws PhleboxError broker-unreachable | broker-refused (a BrokerRefusal); nothing is queued
	 */
	async publish(message: Message): Promise<void> {
		if (!this.#connection) throw linkFault(new Error('not connected'), this.#address.shown);
		await this.#connection.publish(message);
	}

	async #keepConnected(signal: AbortSignal): Promise<void> {
		let failures = 0;
		/** Connections in a row that the broker accepted and that soon broke. */
		let brief = 0;
		while (!signal.aborted) {
			this.#set('connecting', this.#state.reason);
			const { fault, onlineMs } = await this.#connectOnce(signal);
			if (signal.aborted) return;
			const stable = onlineMs >= this.#options.stableMs;
			failures = stable ? 1 : failures + 1;
			brief = stable || onlineMs === 0 ? 0 : brief + 1;
			if (fault instanceof BrokerRefusal && fault.remedy === 'downgrade' && this.#version === 5) {
				this.#version = 4;
				failures = 0;
				continue;
			}
			const mend = !fault.retryable || (fault instanceof BrokerRefusal && fault.remedy === 'mend');
			const hint = brief < suspectAfter ? '' : `, ${brief} times in a row: does another client use the id too?`;
			this.#set(fault.code === 'broker-unreachable' ? 'offline' : 'refused', fault.message + hint, mend);
			const { backoff } = this.#options;
			const waitMs = mend ? refusedBackoffMs(backoff, this.#random()) : backoffMs(failures, backoff, this.#random());
			await sleep(waitMs, undefined, { signal }).catch(() => {});
		}
	}

	/** One connection from its making to its end: why it could not be made or ended, and how long it lasted. */
	async #connectOnce(signal: AbortSignal): Promise<{ fault: PhleboxError; onlineMs: number }> {
		try {
			const connection = await Connection.open(this.#connectionOptions(), signal);
			const begun = performance.now();
			this.#connection = connection;
			this.#set('online', '');
			return { fault: await connection.closed, onlineMs: performance.now() - begun };
		} catch (error) {
			return { fault: linkFault(error, this.#address.shown), onlineMs: 0 };
		} finally {
			this.#connection = null;
		}
	}

	#connectionOptions(): ConnectionOptions {
		const { username, password } = this.#options;
		return {
			...this.#options,
			address: this.#address,
			username: username || this.#address.username,
			password: password || this.#address.password,
			protocolVersion: this.#version,
			will: this.#parts.will(),
		};
	}

	#set(phase: LinkPhase, reason: string, needsMending = false): void {
		this.#state = { phase, reason, since: new Date().toISOString(), needsMending };
		this.#parts.onState(this.#state);
	}
}
