const range = 2 ** 32;

/**
 * Makes of the kernel's 32-bit sequence numbers, which wrap and begin again at each start of a stream, numbers that only
 * rise. Gaps stay gaps.
 */
export class Sequence {
	#last = -1;
	#raw = -1;

	/** A stream begins: whatever its first number is, it follows the last one. */
	restart(): void {
		this.#raw = -1;
	}

	/** @returns the rising number of a frame, or -1 if the kernel's has not moved on */
	next(raw: number): number {
		if (this.#raw < 0) this.#last++;
		else {
			const step = (raw - this.#raw + range) % range;
			if (step === 0) return -1;
			// More than half the range ahead is behind: a driver that began again on its own.
			this.#last += step < range / 2 ? step : 1;
		}
		this.#raw = raw;
		return this.#last;
	}
}
