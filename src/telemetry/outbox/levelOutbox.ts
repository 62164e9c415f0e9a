import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { PhleboxError } from '../../errors.ts';
import type { AsideEntry, Draft, Entry, Outbox } from '../outbox.ts';
import { type Counters, readCounters, writeCounters } from './counters.ts';
import { bootKey, encodeEntry, entryKey, lastSeqKey } from './entryCodec.ts';
import { reopenBytes } from './levelFolder.ts';
import { LevelStore } from './levelStore.ts';
import { quotaReached, storeFault, storeFull } from './storeFault.ts';

export interface LevelOutboxOptions {
	/** Holds the LevelDB, the counters and what was put aside. */
	folder: string;
	/** Most bytes of messages, pending and set aside. */
	quotaBytes: number;
	/** Bytes of the disk that appends leave free, so that deleting and reopening still work on a full disk. */
	reserveBytes: number;
}

interface Waiting {
	draft: Draft;
	resolve: () => void;
	reject: (error: unknown) => void;
}

/** Numbers reserved at a time in the counters file, to keep its writes rare. */
const seqStep = 1000;
/** Messages in one write at most. */
const batchSize = 256;

/**
 * The outbox on disk. Every append is one synchronous LevelDB write (fdatasync); appends made meanwhile share the next.
 * One folder belongs to one process.
 */
export class LevelOutbox implements Outbox {
	readonly #options: LevelOutboxOptions;
	readonly #report: (line: string) => void;
	readonly #store: LevelStore;
	readonly #countersFile: string;
	#opened = false;
	#counters: Counters = { boot: 0, lastSeq: 0, seqBelow: 0 };
	#boot = 0;
	#lastSeq = 0;
	#queue: Waiting[] = [];
	#turns: Promise<unknown> = Promise.resolve();

	/** @param report told in one line when damage was found and what was done */
	constructor(options: LevelOutboxOptions, report: (line: string) => void = () => {}) {
		this.#options = options;
		this.#report = report;
		this.#store = new LevelStore(join(options.folder, 'level'), report);
		this.#countersFile = join(options.folder, 'counters.json');
	}

	get boot(): number {
		return this.#boot;
	}

	open(): Promise<void> {
		return this.#turn(async () => {
			if (this.#opened) return;
			await mkdir(this.#options.folder, { recursive: true });
			this.#counters = await readCounters(this.#countersFile);
			const whole = await this.#store.open();
			try {
				await this.#takeUp(whole);
			} catch (error) {
				await this.#store.close();
				throw error;
			}
			this.#opened = true;
		});
	}

	append(draft: Draft): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#queue.push({ draft, resolve, reject });
			if (this.#queue.length === 1) this.#flushNext();
		});
	}

	pending(): number {
		return this.#store.pending;
	}

	pendingBytes(): number {
		return this.#store.bytes;
	}

	waiting(): number {
		return this.#queue.length;
	}

	aside(): number {
		return this.#store.aside;
	}

	filled(): number {
		return (this.#store.bytes + this.#store.asideBytes) / this.#options.quotaBytes;
	}

	asideEntries(): Promise<AsideEntry[]> {
		return this.#turn(() => this.#store.readAside());
	}

	resend(seqs: readonly number[] | null): Promise<number> {
		return this.#turn(async () => {
			let count = 0;
			const wanted = seqs ?? (await this.#store.readAside()).map(({ seq }) => seq);
			for (const seq of wanted) if (await this.#store.bringBack(seq)) count += 1;
			return count;
		});
	}

	dropAside(beforeMs: number): Promise<AsideEntry[]> {
		return this.#turn(async () => {
			const old = (await this.#store.readAside()).filter(({ asideAt }) => Date.parse(asideAt) < beforeMs);
			for (const { seq } of old) await this.#store.forgetAside(seq);
			return old;
		});
	}

	peek(count: number, afterSeq = 0): Promise<Entry[]> {
		return this.#turn(async () => {
			this.#mustBeOpen();
			// A torn store still reads well, and on a full disk it could not be opened again.
			if (this.#store.torn && (!this.#store.readable || (await this.#hasRoom()))) await this.#store.heal(this.#lastSeq);
			return this.#store.read(count, afterSeq);
		});
	}

	acknowledge(seq: number): Promise<void> {
		return this.#turn(() => this.#store.drop(seq, null));
	}

	setAside(seq: number, reason: string): Promise<void> {
		return this.#turn(() => this.#store.drop(seq, reason));
	}

	close(): Promise<void> {
		return this.#turn(async () => {
			if (!this.#opened) return;
			while (this.#queue.length > 0) await this.#flush();
			this.#opened = false;
			// Only sharpens the search for lost messages at the next open.
			await this.#writeCounters(this.#counters.seqBelow).catch(() => {});
			await this.#store.close();
		});
	}

	/** One after the other: the store is never closed, healed and written at once. */
	#turn<Result>(act: () => Promise<Result>): Promise<Result> {
		const result = this.#turns.then(act).catch((error: unknown) => {
			throw storeFault(error, this.#options.folder);
		});
		this.#turns = result.catch(() => {});
		return result;
	}

	#flushNext(): void {
		// Who waits is told through his own promise.
		this.#turn(() => this.#flush()).catch(() => {});
	}

	async #flush(): Promise<void> {
		if (this.#queue.length === 0) return;
		try {
			this.#mustBeOpen();
			if (!(await this.#hasRoom())) throw storeFull(this.#options.folder);
			if (this.#store.torn) await this.#store.heal(this.#lastSeq);
			const values = this.#fitting();
			if (values.length === 0) throw quotaReached(this.#options.folder, this.#options.quotaBytes);
			await this.#write(values);
			for (const waiting of this.#queue.splice(0, values.length)) waiting.resolve();
			if (this.#queue.length > 0) this.#flushNext();
		} catch (error) {
			// Those behind fail too: were they stored, they would overtake these.
			const fault = storeFault(error, this.#options.folder);
			for (const waiting of this.#queue.splice(0)) waiting.reject(fault);
		}
	}

	/** The values of the first waiting messages, as many as the quota lets in. */
	#fitting(): string[] {
		const values: string[] = [];
		let bytes = this.#store.bytes + this.#store.asideBytes;
		for (const { draft } of this.#queue.slice(0, batchSize)) {
			const value = encodeEntry(draft, this.#boot);
			bytes += Buffer.byteLength(value);
			if (bytes > this.#options.quotaBytes) break;
			values.push(value);
		}
		return values;
	}

	async #write(values: readonly string[]): Promise<void> {
		const first = this.#lastSeq + 1;
		const last = this.#lastSeq + values.length;
		if (last >= this.#counters.seqBelow) await this.#writeCounters(last + seqStep);
		const entries = values.map((value, place) => [entryKey(first + place), value] as const);
		await this.#store.put([...entries, [lastSeqKey, String(last)]]);
		this.#lastSeq = last;
	}

	/** Goes on counting where the last start ended. */
	async #takeUp(whole: boolean): Promise<void> {
		const newest = Math.max(Number((await this.#store.get(lastSeqKey)) ?? 0), this.#store.newest);
		const { lastSeq, seqBelow, boot } = this.#counters;
		if (whole && newest < lastSeq)
			this.#report(`the store ${this.#options.folder} lost its newest messages, those up to number ${lastSeq}`);
		this.#lastSeq = whole && newest >= lastSeq ? newest : Math.max(newest, seqBelow - 1);
		this.#boot = Math.max(boot, Number((await this.#store.get(bootKey)) ?? 0)) + 1;
		await this.#store.put([
			[bootKey, String(this.#boot)],
			[lastSeqKey, String(this.#lastSeq)],
		]);
		await this.#writeCounters(this.#lastSeq + seqStep);
	}

	async #writeCounters(seqBelow: number): Promise<void> {
		const counters = { boot: this.#boot, lastSeq: this.#lastSeq, seqBelow };
		await writeCounters(this.#countersFile, counters);
		this.#counters = counters;
	}

	async #hasRoom(): Promise<boolean> {
		const { bavail, bsize } = await statfs(this.#options.folder);
		const { reserveBytes } = this.#options;
		return bavail * bsize >= (this.#store.torn ? Math.max(reserveBytes, reopenBytes) : reserveBytes);
	}

	#mustBeOpen(): void {
		if (this.#opened) return;
		throw new PhleboxError('store-failed', `the store ${this.#options.folder} is closed: open it first`);
	}
}
