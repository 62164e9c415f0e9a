interface Document {
	/** JSON, or null to clear the topic. */
	payload: string | null;
	/** Not yet known to the broker as it stands. */
	dirty: boolean;
}

export interface DirtyDocument {
	topic: string;
	/** JSON, or empty to clear the topic. */
	payload: string;
	/** Marks it as known to the broker. */
	done: () => void;
}

/**
 * The documents that the broker is to hold for this box: the newest of each topic counts, and what is cleared while the
 * broker is out of reach is cleared when it is back.
 */
export class Retained {
	/** In the order of their first setting: status before birth before alerts. */
	readonly #documents = new Map<string, Document>();

	/** @param topic below `{root}/v1/{box}/` */
	set(topic: string, payload: object | null): void {
		const text = payload && JSON.stringify(payload);
		const document = this.#documents.get(topic);
		if (document?.payload === text) return;
		this.#documents.set(topic, { payload: text, dirty: true });
	}

	/** A broker that is connected anew may have forgotten them, or hold the last will. */
	touchAll(): void {
		for (const document of this.#documents.values()) document.dirty = true;
	}

	/** The documents that have to be published, in the order of their first setting. */
	dirty(): DirtyDocument[] {
		return [...this.#documents]
			.filter(([, document]) => document.dirty)
			.map(([topic, document]) => ({
				topic,
				payload: document.payload ?? '',
				// A newer document of the same topic is another object, and stays dirty.
				done: () => {
					document.dirty = false;
					if (document.payload === null && this.#documents.get(topic) === document) this.#documents.delete(topic);
				},
			}));
	}
}
