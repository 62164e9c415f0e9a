import { PhleboxError } from '../../errors.ts';
import type { AsideEntry, Draft, Entry, Outbox } from '../outbox.ts';

/** The outbox without a disk, for tests and for a box that is told to keep nothing. Survives `close`, not the process. */
export class MemoryOutbox implements Outbox {
	readonly #entries = new Map<number, Entry>();
	readonly #aside = new Map<number, AsideEntry>();
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
		return [...this.#entries.values()]
			.filter((entry) => entry.seq > afterSeq)
			.sort((a, b) => a.seq - b.seq)
			.slice(0, count);
	}

	async acknowledge(seq: number): Promise<void> {
		this.#entries.delete(seq);
	}

	async setAside(seq: number, reason: string): Promise<void> {
		const entry = this.#entries.get(seq);
		if (!entry) return;
		this.#entries.delete(seq);
		this.#aside.set(seq, { ...entry, reason, asideAt: new Date().toISOString() });
	}

	filled(): number {
		return 0;
	}

	async asideEntries(): Promise<AsideEntry[]> {
		return [...this.#aside.values()].sort((a, b) => a.seq - b.seq);
	}

	async resend(seqs: readonly number[] | null): Promise<number> {
		let count = 0;
		for (const seq of seqs ?? [...this.#aside.keys()]) {
			const dead = this.#aside.get(seq);
			if (!dead) continue;
			const { reason: _, asideAt: __, ...entry } = dead;
			this.#aside.delete(seq);
			this.#entries.set(seq, entry);
			count += 1;
		}
		return count;
	}

	async dropAside(beforeMs: number): Promise<AsideEntry[]> {
		const old = (await this.asideEntries()).filter(({ asideAt }) => Date.parse(asideAt) < beforeMs);
		for (const { seq } of old) this.#aside.delete(seq);
		return old;
	}

	async close(): Promise<void> {
		this.#open = false;
	}
}
