import { type ErrorCode, PhleboxError } from '../../errors.ts';
import type { AsideEntry, Draft, Entry, Outbox } from '../outbox.ts';

export interface PatientOutboxOptions {
	/** Messages kept in memory while the store takes none. */
	memoryMessages: number;
	/** Wait before the store is tried again, milliseconds. */
	retryMs: number;
}

/** What a patient outbox tells: the store takes no messages for a reason, or takes them again. */
export type StoreTrouble = { code: ErrorCode; line: string } | null;

interface Waiting {
	draft: Draft;
	resolve: () => void;
	reject: (error: unknown) => void;
}

/**
 * An outbox that waits for a store without room: messages stay in memory, in order, and `append` resolves when the store
 * has taken them at last. With the memory full too, `append` rejects with store-full: that message is lost unless its
 * maker keeps it.
 */
export class PatientOutbox implements Outbox {
	readonly #store: Outbox;
	readonly #options: PatientOutboxOptions;
	readonly #report: (trouble: StoreTrouble) => void;
	#opened = false;
	/** Before `open` and from `close` on: takes no messages, and a failed try is not repeated. */
	#shut = true;
	/** What was told last. */
	#trouble: ErrorCode | null = null;
	#waiting: Waiting[] = [];
	#running = false;
	#run: Promise<void> = Promise.resolve();
	#retry: { timer: NodeJS.Timeout; now: () => void } | null = null;

	constructor(store: Outbox, options: PatientOutboxOptions, report: (trouble: StoreTrouble) => void = () => {}) {
		this.#store = store;
		this.#options = options;
		this.#report = report;
	}

	/** 0 until the store could be opened. */
	get boot(): number {
		return this.#store.boot;
	}

	/** Resolves also when there is no room to open the store: that is tried again. Other faults are thrown. */
	async open(): Promise<void> {
		this.#shut = false;
		try {
			await this.#openStore();
		} catch (error) {
			if (!(error instanceof PhleboxError) || error.code !== 'store-full') throw error;
			this.#tell(error);
			this.#work();
		}
	}

	append(draft: Draft): Promise<void> {
		if (this.#shut) return Promise.reject(new PhleboxError('store-failed', 'the store is closed: open it first'));
		const { memoryMessages } = this.#options;
		if (this.#waiting.length >= memoryMessages)
			return Promise.reject(
				new PhleboxError(
					'store-full',
					`${memoryMessages} messages already wait for room in the store: one more is lost`,
				),
			);
		return new Promise((resolve, reject) => {
			this.#waiting.push({ draft, resolve, reject });
			this.#work();
		});
	}

	pending(): number {
		return this.#store.pending();
	}

	pendingBytes(): number {
		return this.#store.pendingBytes();
	}

	waiting(): number {
		return this.#waiting.length;
	}

	aside(): number {
		return this.#store.aside();
	}

	async peek(count: number, afterSeq?: number): Promise<Entry[]> {
		return this.#opened ? this.#store.peek(count, afterSeq) : [];
	}

	acknowledge(seq: number): Promise<void> {
		return this.#store.acknowledge(seq);
	}

	setAside(seq: number, reason: string): Promise<void> {
		return this.#store.setAside(seq, reason);
	}

	filled(): number {
		return this.#store.filled();
	}

	async asideEntries(): Promise<AsideEntry[]> {
		return this.#opened ? this.#store.asideEntries() : [];
	}

	async resend(seqs: readonly number[] | null): Promise<number> {
		return this.#opened ? this.#store.resend(seqs) : 0;
	}

	async dropAside(beforeMs: number): Promise<AsideEntry[]> {
		return this.#opened ? this.#store.dropAside(beforeMs) : [];
	}

	/** Tries once more to store what waits; what the store does not take then is rejected. */
	async close(): Promise<void> {
		this.#shut = true;
		this.#retry?.now();
		await this.#run;
		for (const waiting of this.#waiting.splice(0))
			waiting.reject(new PhleboxError('store-full', 'stopped before the store had room: the message is lost'));
		this.#opened = false;
		await this.#store.close();
	}

	#work(): void {
		if (this.#running) return;
		this.#running = true;
		this.#run = this.#untilAllStored();
	}

	async #untilAllStored(): Promise<void> {
		while (this.#running) {
			const fault = await this.#attempt();
			this.#tell(fault);
			if (fault ? this.#shut : this.#waiting.length === 0) this.#running = false;
			else if (fault) await this.#pause();
		}
	}

	/** Gives the store all that waits. Returns what kept it from taking them, null when it took all. */
	async #attempt(): Promise<PhleboxError | null> {
		const batch = this.#waiting.slice();
		try {
			await this.#openStore();
		} catch (error) {
			return asFault(error);
		}
		const results = await Promise.allSettled(batch.map(({ draft }) => this.#store.append(draft)));
		const refused = batch.filter((_, place) => results[place]!.status === 'rejected');
		this.#waiting.splice(0, batch.length, ...refused);
		batch.forEach((waiting, place) => {
			if (results[place]!.status === 'fulfilled') waiting.resolve();
		});
		const failure = results.find((result) => result.status === 'rejected');
		return failure ? asFault(failure.reason) : null;
	}

	async #openStore(): Promise<void> {
		if (this.#opened) return;
		await this.#store.open();
		this.#opened = true;
	}

	/** Told when it changes, not at every try. */
	#tell(fault: PhleboxError | null): void {
		const code = fault?.code ?? null;
		if (code === this.#trouble) return;
		this.#trouble = code;
		this.#report(fault && { code: fault.code, line: fault.message });
	}

	/** Ends early when `close` wants the last try. */
	async #pause(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.#retry = { timer: setTimeout(resolve, this.#options.retryMs), now: resolve };
		});
		clearTimeout(this.#retry?.timer);
		this.#retry = null;
	}
}

function asFault(error: unknown): PhleboxError {
	return error instanceof PhleboxError ? error : new PhleboxError('store-failed', String(error), { cause: error });
}
