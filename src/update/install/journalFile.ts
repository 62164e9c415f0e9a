import { existsSync, readFileSync } from 'node:fs';
import { messageOf, PhleboxError } from '../../errors.ts';
import { writeAtomically } from '../atomicFile.ts';
import { advance, type UpdateEvent } from './advance.ts';
import { emptyJournal, type Journal, journalSchema } from './journal.ts';

/** The journal on disk: written whole before anything is done about it, so that a power cut finds the old or the new. */
export class JournalFile {
	readonly #path: string;
	#journal: Journal = emptyJournal;

	constructor(path: string) {
		this.#path = path;
	}

	get journal(): Journal {
		return this.#journal;
	}

	/**
	 * @throws PhleboxError store-failed when there is one that cannot be read: which models are in quarantine is not
	 * guessed
	 */
	open(): void {
		if (!existsSync(this.#path)) return;
		try {
			this.#journal = journalSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
		} catch (cause) {
			const words = `${this.#path} is no journal of updates: ${messageOf(cause)}; remove it to begin anew with the shipped model`;
			throw new PhleboxError('store-failed', words, { cause });
		}
	}

	/**
	 * Takes an event in. What was not written has not happened.
	 * @throws PhleboxError store-failed; the journal is as before
	 */
	take(event: UpdateEvent, at: Date): Journal {
		const next = advance(this.#journal, event, at.toISOString());
		if (next === this.#journal) return next;
		writeAtomically(this.#path, `${JSON.stringify(next, null, 1)}\n`);
		this.#journal = next;
		return next;
	}
}
