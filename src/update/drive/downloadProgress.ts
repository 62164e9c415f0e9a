/** A message more is not worth less than this many points, nor a second one within this time, milliseconds. */
const points = 5;
const paceMs = 1000;

/** When a download is worth another word, and what percent of the whole update it stands for. Reads no clock. */
export class DownloadProgress {
	readonly #from: number;
	readonly #to: number;
	#told: number;
	#toldMs: number;

	/** @param from percent when the download begins @param to when it is over @param nowMs monotonic */
	constructor(from: number, to: number, nowMs: number) {
		this.#from = from;
		this.#to = to;
		this.#told = from;
		this.#toldMs = nowMs;
	}

	/** @param done of `total` bytes are on the disk @returns percent to be told; null for nothing new */
	at(done: number, total: number, nowMs: number): number | null {
		const percent = Math.floor(this.#from + (this.#to - this.#from) * (total > 0 ? done / total : 1));
		if (percent < this.#told + points || percent >= this.#to || nowMs - this.#toldMs < paceMs) return null;
		this.#told = percent;
		this.#toldMs = nowMs;
		return percent;
	}
}
