import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** One thing that happened to a model on this box. */
export interface TrailEntry {
	at: string;
	name: string;
	version: string;
	sha256: string;
	/** A stage of the journal, how it ended, or what was measured. */
	step: string;
	reason: string;
	figures?: Record<string, unknown>;
}

/** The file is put aside at this size, and the one before it goes. */
const largestBytes = 1_000_000;

/**
 * Everything that was tried on this box, a line each, oldest first; at most two files of a megabyte. It is for people: what
 * the box does next hangs on the journal alone, so a line that a power cut tore is passed over.
 */
export class Trail {
	readonly #path: string;

	constructor(path: string) {
		this.#path = path;
	}

	/** @throws what the file system says */
	add(entry: TrailEntry): void {
		mkdirSync(dirname(this.#path), { recursive: true });
		const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
		if (size > largestBytes) renameSync(this.#path, `${this.#path}.old`);
		// A line of its own, whatever a power cut left of the one before.
		appendFileSync(this.#path, `\n${JSON.stringify(entry)}`);
		const handle = openSync(this.#path, 'r');
		try {
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
	}

	read(): TrailEntry[] {
		return [`${this.#path}.old`, this.#path].flatMap((path) => {
			if (!statSync(path, { throwIfNoEntry: false })) return [];
			return readFileSync(path, 'utf8').split('\n').flatMap(parsed);
		});
	}
}

function parsed(line: string): TrailEntry[] {
	try {
		return line === '' ? [] : [JSON.parse(line) as TrailEntry];
	} catch {
		return [];
	}
}
