import { readFile } from 'node:fs/promises';
import { writeDurably } from '../outbox/writeDurably.ts';

const most = 1000;

/**
 * Ids of the commands that were begun, over restarts: QoS 1 brings a command again when the box restarts before its
 * acknowledgement has left, and a `restart` that came again for ever would be the end of it.
 */
export class SeenCommands {
	readonly #file: string;
	#ids = new Map<string, number>();
	/** One write after the other: they share a file. */
	#turns: Promise<void> = Promise.resolve();

	constructor(file: string) {
		this.#file = file;
	}

	/** Nothing is known of before when the file is missing or damaged. */
	async open(): Promise<void> {
		try {
			const read: unknown = JSON.parse(await readFile(this.#file, 'utf8'));
			if (Array.isArray(read))
				this.#ids = new Map(read.filter(([id, ms]) => typeof id === 'string' && Number.isFinite(ms)).slice(-most));
		} catch {
			// As said.
		}
	}

	has(id: string): boolean {
		return this.#ids.has(id);
	}

	/** Rejects when it could not be made durable; it is remembered in memory all the same. */
	add(id: string, notAfterMs: number): Promise<void> {
		this.#ids.set(id, notAfterMs);
		while (this.#ids.size > most) this.#ids.delete(this.#ids.keys().next().value!);
		const written = this.#turns.then(() => writeDurably(this.#file, JSON.stringify([...this.#ids])));
		this.#turns = written.catch(() => {});
		return written;
	}
}
