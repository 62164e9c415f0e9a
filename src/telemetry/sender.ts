import { setTimeout as sleep } from 'node:timers/promises';
import { PhleboxError } from '../errors.ts';
import { type BackoffOptions, backoffMs } from './link/backoff.ts';
import { BrokerRefusal } from './link/reasonCodes.ts';
import { ShortWait } from './link/shortWait.ts';
import type { Link } from './link.ts';
import type { Entry, Outbox } from './outbox.ts';
import type { DirtyDocument, Retained } from './retained.ts';
import { wirePayload } from './wire.ts';

export interface SenderOptions {
	/** Stored messages under way at once; never more than the broker's Receive Maximum. */
	window: number;
	/** A stored message older than this is marked historical, milliseconds. */
	historicalAfterMs: number;
	/** Waits after a broker that refuses messages and a store that cannot be read. */
	backoff: BackoffOptions;
}

export interface SenderParts {
	/** `{root}/v1/{box}` */
	prefix: string;
	/** The broker refuses messages for now: why; null when it takes them again. */
	onRefused: (reason: string | null) => void;
	/** The broker will never take this message; it is set aside. */
	onSetAside: (entry: Entry, reason: string) => void;
}

/** Reason codes of PUBACK that no resend mends: topic name invalid, payload format invalid, and our own for too large. */
const neverCodes = new Set([0x90, 0x99, 0x95]);

/** Wait after a connection that was lost while sending; by then the link has noticed too. */
const lostMs = 50;

/**
 * Brings the retained documents, then the stored messages to the broker, a window of them at a time, in order. A message
 * leaves the store with its acknowledgement and at no other moment. One loop does all of it, so that nothing is under way
 * twice and the window holds for everything.
 */
export class Sender {
	readonly #outbox: Outbox;
	readonly #link: Link;
	readonly #retained: Retained;
	readonly #options: SenderOptions;
	readonly #parts: SenderParts;
	#stopping = new AbortController();
	#running: Promise<void> = Promise.resolve();
	#awake = false;
	#wake: () => void = () => {};
	#idle = false;
	#onIdle: () => void = () => {};
	/** Ends a wait before its time. */
	readonly #pause = new ShortWait();
	/** Turns in a row in which the broker refused stored messages. */
	#refusals = 0;
	/** What is refused: retained topics, and the stored messages under an empty name. */
	readonly #refused = new Map<string, string>();
	#told: string | null = null;

	constructor(outbox: Outbox, link: Link, retained: Retained, options: SenderOptions, parts: SenderParts) {
		this.#outbox = outbox;
		this.#link = link;
		this.#retained = retained;
		this.#options = options;
		this.#parts = parts;
	}

	start(): void {
		this.#stopping = new AbortController();
		this.#running = this.#run(this.#stopping.signal);
	}

	/**
	 * To be called whenever there may be something to send: after an append, a new document, a new connection.
	 * @param hurry also ends the wait after a refusal
	 */
	wake(hurry = false): void {
		this.#awake = true;
		this.#idle = false;
		this.#wake();
		if (hurry) this.#pause.end();
	}

	/** Resolves with true when everything is at the broker, with false after `deadlineMs` or once it is out of reach. */
	async drain(deadlineMs: number): Promise<boolean> {
		const deadline = performance.now() + deadlineMs;
		this.wake(true);
		while (this.#link.state.phase === 'online' && !this.#idle && performance.now() < deadline) {
			const idle = new Promise<void>((resolve) => {
				this.#onIdle = resolve;
			});
			// Short steps, so that a connection that breaks meanwhile is noticed.
			await Promise.race([idle, sleep(Math.min(50, deadline - performance.now()))]);
		}
		return this.#idle;
	}

	/** Ends the loop; what is under way is not waited for. The connection has to be stopped before. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		this.#wake();
		await this.#running;
	}

	async #run(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			this.#awake = false;
			const waitMs = await this.#turn().catch((error: unknown) => this.#afterFault(error));
			if (waitMs === 0) continue;
			if (waitMs === null) await this.#asleep(signal);
			else await this.#pause.wait(waitMs, signal);
		}
	}

	/** Sends one window of what there is, documents first. Returns how long to wait before the next; null until woken. */
	async #turn(): Promise<number | null> {
		if (this.#link.state.phase !== 'online') return null;
		const count = Math.max(1, Math.min(this.#options.window, this.#link.receiveMaximum));
		const documents = this.#retained.dirty().slice(0, count);
		if (documents.length > 0) {
			await allOrFirstFault(documents.map((document) => this.#sendDocument(document)));
			return 0;
		}
		const entries = await this.#outbox.peek(count);
		if (entries.length === 0) {
			this.#idle = !this.#awake;
			if (this.#idle) this.#onIdle();
			return null;
		}
		await allOrFirstFault(entries.map((entry) => this.#send(entry)));
		this.#refusals = 0;
		this.#tell('', null);
		return 0;
	}

	/** A document that is refused does not hold up the results; it is tried again with the next connection. */
	async #sendDocument({ topic, payload, done }: DirtyDocument): Promise<void> {
		try {
			await this.#link.publish({ topic: `${this.#parts.prefix}/${topic}`, payload, qos: 1, retain: true });
			this.#tell(topic, null);
		} catch (error) {
			if (!(error instanceof BrokerRefusal)) throw error;
			this.#tell(topic, error.message);
		}
		done();
	}

	async #send(entry: Entry): Promise<void> {
		const payload = wirePayload(entry, this.#outbox.boot, Date.now(), this.#options.historicalAfterMs);
		const topic = `${this.#parts.prefix}/${entry.topic}`;
		try {
			await this.#link.publish({ topic, payload, qos: entry.qos, retain: false });
		} catch (error) {
			if (!(error instanceof BrokerRefusal) || !neverCodes.has(error.reasonCode)) throw error;
			await this.#outbox.setAside(entry.seq, error.message);
			this.#parts.onSetAside(entry, error.message);
			return;
		}
		await this.#outbox.acknowledge(entry.seq);
	}

	/** How long to wait after a turn that failed. A lost connection wakes the loop when it is back. */
	#afterFault(error: unknown): number {
		if (error instanceof PhleboxError && error.code === 'broker-unreachable') return lostMs;
		this.#refusals += 1;
		if (error instanceof BrokerRefusal) this.#tell('', error.message);
		return backoffMs(this.#refusals, this.#options.backoff, 0.5 + Math.random() / 2);
	}

	#tell(topic: string, reason: string | null): void {
		if (reason === null) this.#refused.delete(topic);
		else this.#refused.set(topic, reason);
		const first = [...this.#refused.values()][0] ?? null;
		if (first === this.#told) return;
		this.#told = first;
		this.#parts.onRefused(first);
	}

	async #asleep(signal: AbortSignal): Promise<void> {
		if (this.#awake || signal.aborted) return;
		await new Promise<void>((resolve) => {
			this.#wake = resolve;
		});
	}
}

/** Waits for all, then throws what went wrong first. */
async function allOrFirstFault(promises: Promise<void>[]): Promise<void> {
	const results = await Promise.allSettled(promises);
	const failure = results.find((result) => result.status === 'rejected');
	if (failure) throw failure.reason;
}
