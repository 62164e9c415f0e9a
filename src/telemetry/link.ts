import type { PhleboxError } from '../errors.ts';
import { type BackoffOptions, backoffMs, refusedBackoffMs } from './link/backoff.ts';
import { type BrokerAddress, brokerAddress } from './link/brokerAddress.ts';
import { CertificateWatch } from './link/certificateWatch.ts';
import { Connection, type ConnectionOptions, type Message } from './link/connection.ts';
import type { InboundParts } from './link/inbound.ts';
import type { LinkCause } from './link/linkCause.ts';
import { linkCauseOf, linkFault, needsMending } from './link/linkFault.ts';
import { BrokerRefusal } from './link/reasonCodes.ts';
import { ShortWait } from './link/shortWait.ts';
import type { TlsOptions } from './link/tlsFiles.ts';

export interface LinkOptions {
	/** mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; may hold user and password. */
	url: string;
	/** Brokers to be tried in their order when the one before is out of reach. */
	otherUrls: readonly string[];
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
	/** Between two looks at whether the files of TLS were renewed, milliseconds. */
	certificateWatchMs: number;
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
	/** Which of the named states; null while all is well. */
	cause: LinkCause | null;
	/** A person has to change something before it can work. */
	needsMending: boolean;
}

export interface LinkParts {
	/** The last will of the connection that is about to be made. */
	will: () => { topic: string; payload: string };
	onState: (state: LinkState) => void;
	/** What the box listens to. */
	inbound?: InboundParts;
	/** 0..1 */
	random?: () => number;
}

/** How long a goodbye may take. */
const goodbyeMs = 1000;

/** Brief connections in a row from which on an id used twice is suspected: not every broker says so. */
const suspectAfter = 3;

const wellState = { reason: '', cause: null, needsMending: false } as const;

/**
 * Keeps a connection to the broker: makes it, notices when it is gone, makes it again with growing, jittered waits. Of
 * several brokers it tries one after the other at once and waits after the last; it stays with the one that took it until
 * that connection breaks, and then begins with the first again.
 */
export class Link {
	readonly #options: LinkOptions;
	readonly #parts: LinkParts;
	readonly #addresses: readonly BrokerAddress[];
	readonly #random: () => number;
	#version: 4 | 5;
	/** Place of the broker in use, or tried next. */
	#place = 0;
	#state: LinkState = { phase: 'stopped', since: new Date().toISOString(), ...wellState };
	/** Before the next try. */
	readonly #wait = new ShortWait();
	#watch: NodeJS.Timeout | null = null;
	#connection: Connection | null = null;
	#stopping = new AbortController();
	#running: Promise<void> = Promise.resolve();

	/** @throws PhleboxError config-invalid for a URL that is none */
	constructor(options: LinkOptions, parts: LinkParts) {
		this.#options = options;
		this.#parts = parts;
		this.#addresses = [options.url, ...options.otherUrls].map(brokerAddress);
		this.#random = parts.random ?? Math.random;
		this.#version = options.protocolVersion;
	}

	get state(): LinkState {
		return this.#state;
	}

	/** The address of the broker in use, or tried next, without credentials. */
	get broker(): string {
		return this.#address.shown;
	}

	get #address(): BrokerAddress {
		return this.#addresses[this.#place]!;
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
		if (this.#addresses.some(({ protocol }) => protocol === 'mqtts')) this.#watchCertificates();
	}

	/** Says goodbye to the broker and makes no more connections. Ends within about a second. */
	async stop(): Promise<void> {
		const connection = this.#connection;
		if (this.#watch) clearInterval(this.#watch);
		this.#stopping.abort();
		await connection?.end(goodbyeMs);
		await this.#running;
		this.#set({ phase: 'stopped', ...wellState });
	}

	/** Connects anew at once: says goodbye where there is a connection, ends the wait where there is none. */
	async renew(): Promise<void> {
		this.#wait.end();
		await this.#connection?.end(goodbyeMs);
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
			this.#set({ ...this.#state, phase: 'connecting' });
			const { fault, onlineMs, renewed } = await this.#connectOnce(signal);
			if (signal.aborted) return;
			if (renewed) continue;
			if (fault instanceof BrokerRefusal && fault.remedy === 'downgrade' && this.#version === 5) {
				this.#version = 4;
				continue;
			}
			const stable = onlineMs >= this.#options.stableMs;
			brief = stable || onlineMs === 0 ? 0 : brief + 1;
			const mend = needsMending(fault);
			const hint = brief < suspectAfter ? '' : `, ${brief} times in a row: does another client use the id too?`;
			const phase = fault.code === 'broker-unreachable' ? 'offline' : 'refused';
			this.#set({ phase, reason: fault.message + hint, cause: linkCauseOf(fault), needsMending: mend });
			// After a connection the first broker is tried again; without one, the next.
			this.#place = onlineMs > 0 ? 0 : (this.#place + 1) % this.#addresses.length;
			if (this.#place > 0) continue;
			failures = stable ? 1 : failures + 1;
			const { backoff } = this.#options;
			await this.#wait.wait(
				mend ? refusedBackoffMs(backoff, this.#random()) : backoffMs(failures, backoff, this.#random()),
				signal,
			);
		}
	}

	#watchCertificates(): void {
		const watch = new CertificateWatch(this.#options.tls);
		const look = async () => {
			if (await watch.changed()) await this.renew();
		};
		void look();
		this.#watch = setInterval(() => void look(), this.#options.certificateWatchMs);
	}

	/** One connection from its making to its end: why it could not be made or ended, and how long it lasted. */
	async #connectOnce(signal: AbortSignal): Promise<{ fault: PhleboxError; onlineMs: number; renewed: boolean }> {
		try {
			const connection = await Connection.open(this.#connectionOptions(), signal);
			const begun = performance.now();
			this.#connection = connection;
			this.#set({ phase: 'online', ...wellState });
			const fault = await connection.closed;
			return { fault, onlineMs: performance.now() - begun, renewed: connection.ended };
		} catch (error) {
			return { fault: linkFault(error, this.#address.shown), onlineMs: 0, renewed: false };
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
			inbound: this.#parts.inbound ?? null,
		};
	}

	#set(state: Omit<LinkState, 'since'>): void {
		this.#state = { ...state, since: new Date().toISOString() };
		this.#parts.onState(this.#state);
	}
}
