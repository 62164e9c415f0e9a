import type { ClassicLevel } from 'classic-level';
import type { AsideEntry, Entry } from '../outbox.ts';
import {
	asideKey,
	asideRange,
	decodeAside,
	decodeEntry,
	encodeAside,
	encodeEntry,
	entryKey,
	entryRange,
	lastSeqKey,
	seqOf,
} from './entryCodec.ts';
import { openLevel, putAside, salvage } from './levelFolder.ts';
import { isDamage, storeFault } from './storeFault.ts';

/**
 * The LevelDB of the outbox and what is known of its content. Its caller makes one call at a time.
 *
 * After a failed write LevelDB's log may end in a torn record, and what is appended behind that is lost at the next
 * recovery. So nothing more is written then (`torn`): `heal` opens the database anew first and removes what the failed
 * write may have left. Reading goes on meanwhile.
 */
export class LevelStore {
	readonly #folder: string;
	readonly #report: (line: string) => void;
	#level: ClassicLevel | null = null;
	#torn = false;
	/** Bytes of each pending entry. */
	readonly #sizes = new Map<number, number>();
	#bytes = 0;
	/**
	 * No pending entry has a lower number. LevelDB steps over each deleted entry until it is compacted away, so that a search from
	 * the beginning would step over all that were sent, again and again.
	 */
	#low = 1;
	/** Bytes of each entry that was set aside, oldest first. */
	readonly #asideSizes = new Map<number, number>();
	/** Entries that are done with, but still in a database that takes no writes; a reason means set aside. */
	readonly #dropped = new Map<number, string | null>();

	constructor(folder: string, report: (line: string) => void) {
		this.#folder = folder;
		this.#report = report;
	}

	get pending(): number {
		return this.#sizes.size;
	}

	get bytes(): number {
		return this.#bytes;
	}

	get aside(): number {
		return this.#asideSizes.size;
	}

	/** Bytes of what was set aside. */
	get asideBytes(): number {
		let bytes = 0;
		for (const size of this.#asideSizes.values()) bytes += size;
		return bytes;
	}

	/** The highest number among the pending entries, 0 without any. */
	get newest(): number {
		let newest = 0;
		for (const seq of this.#sizes.keys()) newest = Math.max(newest, seq);
		return newest;
	}

	/** Must be healed before it is written again. */
	get torn(): boolean {
		return this.#torn || !this.#level;
	}

	get readable(): boolean {
		return this.#level !== null;
	}

	/** Returns false when the store was damaged and begun anew. */
	async open(): Promise<boolean> {
		let survivors: Entry[] = [];
		this.#torn = false;
		try {
			this.#level = await openLevel(this.#folder);
			await this.#scan();
			return true;
		} catch (error) {
			if (isDamage(error) && this.#level) survivors = await salvage(this.#level);
			await this.close();
			if (!isDamage(error)) throw error;
			const aside = await putAside(this.#folder, new Date());
			const { message } = storeFault(error, this.#folder);
			this.#report(`${message}; put aside as ${aside}, ${survivors.length} messages saved into a new store`);
		}
		this.#level = await openLevel(this.#folder);
		await this.put(survivors.map((entry) => [entryKey(entry.seq), encodeEntry(entry, entry.boot)]));
		await this.#scan();
		return false;
	}

	async close(): Promise<void> {
		const level = this.#level;
		this.#level = null;
		await level?.close();
	}

	/** @param lastSeq the newest number that was acknowledged to a caller of append */
	async heal(lastSeq: number): Promise<void> {
		await this.close();
		await this.open();
		await this.put([[lastSeqKey, String(lastSeq)]]);
		for (const seq of this.#sizes.keys()) if (seq > lastSeq) this.#dropped.set(seq, null);
		const dropped = [...this.#dropped];
		this.#dropped.clear();
		for (const [seq, reason] of dropped) await this.drop(seq, reason);
	}

	/** Undefined when there is none. */
	async get(key: string): Promise<string | undefined> {
		return this.#level?.get(key);
	}

	/** Durable when it resolves, all or none. Pending entries among the keys are counted. */
	async put(pairs: readonly (readonly [string, string])[]): Promise<void> {
		await this.#change(pairs.map(([key, value]) => ({ type: 'put', key, value })));
		for (const [key, value] of pairs) if (key.startsWith(entryRange.gte)) this.#remember(key, value);
	}

	/** The oldest pending entries after a number. */
	async read(count: number, afterSeq: number): Promise<Entry[]> {
		const entries: Entry[] = [];
		try {
			const from = Math.max(afterSeq, this.#low - 1);
			for await (const [key, value] of this.#level!.iterator({ gt: entryKey(from), lt: entryRange.lt })) {
				if (entries.length >= count) break;
				const entry = this.#sizes.has(seqOf(key)) ? decodeEntry(key, value) : null;
				if (!entry) continue;
				if (entries.length === 0 && afterSeq < this.#low) this.#low = entry.seq;
				entries.push(entry);
			}
		} catch (error) {
			if (isDamage(error)) this.#torn = true;
			throw error;
		}
		return entries;
	}

	/**
	 * Takes an entry out; with a reason it is kept aside. Not synchronous, and never fails: a drop that a power cut undoes
	 * means one more resend, not a loss, and one that cannot be written is made up for by `heal`.
	 */
	async drop(seq: number, reason: string | null): Promise<void> {
		const bytes = this.#sizes.get(seq);
		if (bytes === undefined) return;
		this.#sizes.delete(seq);
		this.#bytes -= bytes;
		if (reason !== null) this.#asideSizes.set(seq, bytes);
		try {
			if (this.torn) this.#dropped.set(seq, reason);
			else if (reason === null) await this.#level!.del(entryKey(seq));
			else await this.#moveAside(seq, reason);
		} catch {
			this.#torn = true;
			this.#dropped.set(seq, reason);
		}
	}

	/** What was set aside, oldest first. */
	async readAside(): Promise<AsideEntry[]> {
		if (!this.#level) throw new Error('the database is closed');
		const entries: AsideEntry[] = [];
		for await (const [key, text] of this.#level.iterator(asideRange)) {
			const { value: _, ...entry } = decodeAside(key, text);
			entries.push(entry);
		}
		return entries;
	}

	/** Puts one that was set aside back in its place. False for an unknown one and for one that is damaged. */
	async bringBack(seq: number): Promise<boolean> {
		const text = await this.get(asideKey(seq));
		if (text === undefined) return false;
		const { value } = decodeAside(asideKey(seq), text);
		if (!decodeEntry(entryKey(seq), value)) return false;
		await this.#change([
			{ type: 'put', key: entryKey(seq), value },
			{ type: 'del', key: asideKey(seq) },
		]);
		this.#asideSizes.delete(seq);
		this.#remember(entryKey(seq), value);
		return true;
	}

	async forgetAside(seq: number): Promise<void> {
		await this.#change([{ type: 'del', key: asideKey(seq) }]);
		this.#asideSizes.delete(seq);
	}

	/** Durable, all or none; a failure leaves the store torn. */
	async #change(operations: ({ type: 'put'; key: string; value: string } | { type: 'del'; key: string })[]) {
		if (this.torn) throw new Error('a write failed before and the database is not open anew yet');
		try {
			await this.#level!.batch(operations, { sync: true });
		} catch (error) {
			this.#torn = true;
			throw error;
		}
	}

	async #scan(): Promise<void> {
		this.#sizes.clear();
		this.#bytes = 0;
		this.#low = 1;
		const damaged: number[] = [];
		for await (const [key, value] of this.#level!.iterator(entryRange)) {
			if (decodeEntry(key, value)) this.#remember(key, value);
			else damaged.push(seqOf(key));
		}
		for (const seq of damaged) {
			await this.#moveAside(seq, 'damaged on disk');
			this.#report(`message ${seq} in the store ${this.#folder} is damaged: set aside, not sent`);
		}
		this.#asideSizes.clear();
		for await (const [key, value] of this.#level!.iterator(asideRange))
			this.#asideSizes.set(seqOf(key), Buffer.byteLength(value));
	}

	async #moveAside(seq: number, reason: string): Promise<void> {
		const value = await this.#level!.get(entryKey(seq));
		if (value === undefined) return;
		await this.#level!.batch([
			{ type: 'put', key: asideKey(seq), value: encodeAside(value, reason, new Date()) },
			{ type: 'del', key: entryKey(seq) },
		]);
	}

	#remember(key: string, value: string): void {
		const bytes = Buffer.byteLength(value);
		const seq = seqOf(key);
		this.#low = Math.min(this.#low, seq);
		this.#sizes.set(seq, bytes);
		this.#bytes += bytes;
	}
}
