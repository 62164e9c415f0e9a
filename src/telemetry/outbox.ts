/** A message to be sent, as its maker gives it. */
export interface Draft {
	/** ULID; consumers de-duplicate by it. */
	id: string;
	/** Below `{root}/v1/{box}/`, so that what was stored before a change of root or box still goes out. */
	topic: string;
	qos: 1;
	/** JSON object without `boot`, `seq` and `historical`, which are added when it is sent. */
	payload: Readonly<Record<string, unknown>>;
	/** ISO 8601, UTC. */
	createdAt: string;
}

/** A stored message. `seq` grows by one a message, over all starts; `boot` is the start that appended it. */
export interface Entry extends Draft {
	seq: number;
	boot: number;
}

/** A dead letter: a message that is not to be sent, kept for a person to look at. */
export interface AsideEntry extends Entry {
	reason: string;
	/** When it was set aside; ISO 8601, UTC. */
	asideAt: string;
}

/**
 * Port: the store in which messages wait until the broker has acknowledged them.
 * Twins: LevelOutbox on disk, MemoryOutbox; test/telemetry/outbox.contract.ts holds for both.
 *
 * Invariants: what `append` resolved is there after any crash until it is acknowledged or set aside; `peek` gives in the
 * order of `append` calls; `seq` and `boot` never repeat.
 */
export interface Outbox {
	/**
	 * Makes the store ready; counts one more boot.
	 * @throws PhleboxError store-full | store-failed
	 */
	open(): Promise<void>;
	/** Which start this is, from 1; 0 before `open`. */
	readonly boot: number;
	/**
	 * Resolves when the message would survive a power cut.
	 * @throws PhleboxError store-full | store-failed; then the message is not stored and may be given again
	 */
	append(draft: Draft): Promise<void>;
	/** Messages stored and neither acknowledged nor set aside. */
	pending(): number;
	/** Their size, bytes. */
	pendingBytes(): number;
	/** Messages given to `append` that are not durable yet. */
	waiting(): number;
	/** Messages set aside. */
	aside(): number;
	/** Share of the quota that pending messages and those set aside take, from 0. */
	filled(): number;
	/**
	 * The oldest pending messages after `afterSeq`, at most `count`, oldest first.
	 * @throws PhleboxError store-failed
	 */
	peek(count: number, afterSeq?: number): Promise<Entry[]>;
	/** The broker has it: drop it. After a crash it may come back once more. Unknown numbers are ignored. */
	acknowledge(seq: number): Promise<void>;
	/** Never to be sent, with the reason; kept in the store for a person to look at. Unknown numbers are ignored. */
	setAside(seq: number, reason: string): Promise<void>;
	/** What was set aside, oldest first. @throws PhleboxError store-failed */
	asideEntries(): Promise<AsideEntry[]>;
	/** Puts back among the pending, in their old places, what was set aside; null for all. Returns how many. */
	resend(seqs: readonly number[] | null): Promise<number>;
	/** Forgets what was set aside before a moment (milliseconds since 1970) and returns it. */
	dropAside(beforeMs: number): Promise<AsideEntry[]>;
	/** Gives everything back; may be called more than once. `open` may follow. */
	close(): Promise<void>;
}
