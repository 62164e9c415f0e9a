import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { Standby } from '../../vision/standby/standby.ts';
import type { ObjectStore } from '../box/objectStore.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import { type FrameCounts, judgeProbation } from './probation.ts';
import type { UpdateParts } from './updateParts.ts';

const lookMs = 100;

/** The switch itself and the time after it. */
export class Trial {
	readonly #parts: UpdateParts;
	readonly #books: Bookkeeper;
	readonly #standby: Standby;
	readonly #signal: AbortSignal;
	/** It has been switched to, and the old one waits beside it. */
	#runs = false;
	#failure: string | null = null;
	/** Before the switch, and at it. */
	#counts = { before: { frames: 0, misses: 0 }, from: { frames: 0, misses: 0 } };

	constructor(parts: UpdateParts, books: Bookkeeper, standby: Standby, signal: AbortSignal) {
		this.#parts = parts;
		this.#books = books;
		this.#standby = standby;
		this.#signal = signal;
	}

	/** Told from outside: the vision thread broke, or the new model did. */
	failed(reason: string): void {
		if (this.#runs) this.#failure ??= reason;
	}

	/** The box stops in order: that is no fault of the model. */
	stopped(): void {
		if (!this.#runs) return;
		try {
			this.#books.take({ event: 'stopped' });
		} catch (error) {
			this.#parts.log.warn(messageOf(error));
		}
	}

	async whenIdle(): Promise<void> {
		const { vision } = this.#parts;
		while (!this.#signal.aborted && (!vision.ready() || vision.examining())) await this.#pause();
	}

	/** Ends with the journal in the state that follows, or as it was when the box stops meanwhile. */
	async run(store: ObjectStore): Promise<void> {
		const { vision, options } = this.#parts;
		const { sha256 } = this.#books.journal.candidate!;
		const folder = store.packageFolder(sha256);
		// It runs already where the journal could not be written at the end of its probation.
		if (!this.#runs && !(await this.#begin(folder))) return;
		const { before, from } = this.#counts;
		const since = (): FrameCounts => {
			const now = vision.counts();
			return { frames: now.frames - from.frames, misses: now.misses - from.misses };
		};
		const end = performance.now() + options.probationSeconds * 1000;
		let late: string | null = null;
		while (performance.now() < end && !this.#failure && !late) {
			await this.#pause();
			if (this.#signal.aborted) return;
			late = judgeProbation(before, since(), options.probationMisses);
		}
		const figures = { before, after: since() };
		const why = this.#failure ?? late;
		if (why !== null) {
			this.#runs = false;
			this.#failure = null;
			// Back first: what cannot be written (no room on the disk) is only tried once more at the next start.
			vision.revertModel(why);
			this.#books.take({ event: 'trial-failed', reason: why }, figures);
		} else {
			// Written first: a power cut between the two starts the box with what was found good.
			this.#books.take({ event: 'probation-over' }, figures);
			this.#runs = false;
			vision.keepModel(folder);
		}
	}

	/** @returns whether it runs */
	async #begin(folder: string): Promise<boolean> {
		await this.whenIdle();
		if (this.#signal.aborted) return false;
		if (!this.#books.take({ event: 'started' }).candidate) return false;
		const before = this.#parts.vision.counts();
		this.#failure = null;
		const reason = await this.#switch(folder);
		if (this.#signal.aborted && !this.#runs) return false;
		if (reason !== null) {
			this.#books.take({ event: 'trial-failed', reason });
			return false;
		}
		this.#counts = { before, from: this.#parts.vision.counts() };
		return true;
	}

	/** @returns what kept it from being switched to */
	async #switch(folder: string): Promise<string | null> {
		const { vision } = this.#parts;
		try {
			await this.#standby.load(folder);
			const offer = await this.#standby.offer();
			for (;;) {
				await this.whenIdle();
				if (this.#signal.aborted) return null;
				const result = await vision.swap(offer);
				this.#runs = result.taken;
				if (result.taken) return null;
				if (result.busy) continue;
				if (!result.lost) await this.#standby.free(offer.handle);
				return result.reason;
			}
		} catch (error) {
			if (!(error instanceof PhleboxError)) throw error;
			return messageOf(error);
		}
	}

	async #pause(): Promise<void> {
		await sleep(lookMs, undefined, { signal: this.#signal }).catch(() => undefined);
	}
}
