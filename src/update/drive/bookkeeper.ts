import { messageOf } from '../../errors.ts';
import type { UpdateEvent } from '../install/advance.ts';
import type { Journal, Model, Outcome } from '../install/journal.ts';
import { JournalFile } from '../install/journalFile.ts';
import { jobAtEnd, jobAtStage } from './jobProgress.ts';
import { Trail, type TrailEntry } from './trail.ts';
import { updateFolder } from './updateFolder.ts';
import type { UpdateParts } from './updateParts.ts';

/** The journal with all who want to know of it: the trail on the box, the audit trail on MQTT, the job. */
export class Bookkeeper {
	readonly file: JournalFile;
	readonly #trail: Trail;
	readonly #parts: UpdateParts;

	constructor(parts: UpdateParts) {
		const paths = updateFolder(parts.storeFolder);
		this.#parts = parts;
		this.file = new JournalFile(paths.journal);
		this.#trail = new Trail(paths.trail);
	}

	get journal(): Journal {
		return this.file.journal;
	}

	/**
	 * Takes an event in; whatever it changed is told.
	 * @param figures what was measured
	 * @throws PhleboxError store-failed; the journal is as before
	 */
	take(event: UpdateEvent, figures?: TrailEntry['figures']): Journal {
		const before = this.journal;
		const after = this.file.take(event, this.#now());
		if (after === before) return after;
		for (const outcome of after.outcomes.slice(newOutcomes(before, after))) this.#ended(outcome, figures);
		const { candidate } = after;
		if (candidate && (candidate.sha256 !== before.candidate?.sha256 || candidate.stage !== before.candidate.stage)) {
			this.note(candidate, candidate.stage, '', figures);
			if (candidate.job !== undefined) this.#parts.job(jobAtStage(candidate.job, nameOf(candidate), candidate.stage));
		}
		return after;
	}

	/** How far a download has come, for the job that waits for it. */
	downloaded(percent: number): void {
		const { candidate } = this.journal;
		if (candidate?.job === undefined || candidate.stage !== 'downloading') return;
		this.#parts.job(jobAtStage(candidate.job, nameOf(candidate), candidate.stage, percent));
	}

	/** Something that leaves the journal as it is. A trail that cannot be written holds nothing up. */
	note(model: Model, step: string, reason: string, figures?: TrailEntry['figures']): void {
		const { name, version, sha256 } = model;
		const at = this.#now().toISOString();
		const entry = { at, name, version, sha256, step, reason, ...(figures ? { figures } : {}) };
		this.#parts.event({ name, version, sha256, step, reason, ...(figures ? { figures } : {}) });
		try {
			this.#trail.add(entry);
		} catch (error) {
			this.#parts.log.warn(`the trail of updates cannot be written: ${messageOf(error)}`);
		}
	}

	#ended(outcome: Outcome, figures?: TrailEntry['figures']): void {
		const { result, reason, job } = outcome;
		this.note(outcome, result, reason, figures);
		this.#parts.trouble(result === 'committed' ? null : `${outcome.name} ${outcome.version} ${result}: ${reason}`);
		if (job !== undefined) this.#parts.job(jobAtEnd(job, nameOf(outcome), result, reason));
	}

	#now(): Date {
		return this.#parts.now?.() ?? new Date();
	}
}

const nameOf = ({ name, version }: Model) => ({ name, version });

/** Where those begin that were not there before; the oldest may have gone. */
function newOutcomes(before: Journal, after: Journal): number {
	const last = before.outcomes.at(-1);
	return last ? after.outcomes.lastIndexOf(last) + 1 : 0;
}
