import { PhleboxError } from '../../errors.ts';
import type { Draft, Entry, Outbox } from '../outbox.ts';

/** The outbox without a disk, for tests and for a box that is told to keep nothing. Survives `close`, not the process. */
export class MemoryOutbox implements Outbox {
	readonly #entries = new Map<number, Entry>();
	readonly #aside = new Map<number, { entry: Entry; reason: string }>();
	#boot = 0;
	#lastSeq = 0;
	#open = false;

	get boot(): number {
		return this.#boot;
	}

	async open(): Promise<void> {
		this.#open = true;
		this.#boot += 1;
	}

	async append(draft: Draft): Promise<void> {
		if (!this.#open) throw new PhleboxError('store-failed', 'the store in memory is closed: open it first');
		this.#lastSeq += 1;
		this.#entries.set(this.#lastSeq, { ...structuredClone(draft), seq: this.#lastSeq, boot: this.#boot });
	}

	pending(): number {
		return this.#entries.size;
	}

	pendingBytes(): number {
		let bytes = 0;
		for (const entry of this.#entries.values()) bytes += Buffer.byteLength(JSON.stringify(entry));
		return bytes;
	}

	waiting(): number {
		return 0;
	}

	aside(): number {
		return this.#aside.size;
	}

	async peek(count: number, afterSeq = 0): Promise<Entry[]> {
		if (!this.#open) throw new PhleboxError('store-failed', 'the store in memory is closed: open it first');
		return [...this.#entries.values()].filter((entry) => entry.seq > afterSeq).slice(0, count);
	}

	async acknowledge(seq: number): Promise<void> {
		this.#entries.delete(seq);
	}

	async setAside(seq: number, reason: string): Promise<void> {
		const entry = this.#entries.get(seq);
		if (!entry) return;
		this.#entries.delete(seq);
		this.#aside.set(seq, { entry, reason });
	}

	async close(): Promise<void> {
		this.#open = false;
	}
}
