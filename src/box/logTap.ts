type Line = Record<string, unknown>;
type Listener = (line: Line) => void;

/** Lets the lines of the log be heard besides where they are written. */
export class LogTap {
	readonly #listeners = new Set<Listener>();
	/** A line that a listener writes is not heard: it would never end. */
	#busy = false;

	/** A destination for pino that writes to another one first. */
	beside(destination: { write(line: string): unknown }): { write(line: string): void } {
		return {
			write: (line) => {
				destination.write(line);
				this.#pass(line);
			},
		};
	}

	/** @returns what ends it */
	listen(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#pass(text: string): void {
		if (this.#busy || this.#listeners.size === 0) return;
		this.#busy = true;
		try {
			const line = JSON.parse(text) as Line;
			for (const listener of this.#listeners) listener(line);
		} finally {
			this.#busy = false;
		}
	}
}
