/** Mixes whole numbers into one 32-bit seed: the same numbers give the same seed on every machine. */
export function mixSeeds(...numbers: number[]): number {
	let hash = 0x9e3779b9;
	for (const number of numbers) {
		hash ^= number >>> 0;
		hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
		hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
		hash ^= hash >>> 16;
	}
	return hash >>> 0;
}

/**
 * Seeded random numbers, so that a seed is a picture. Generator: sfc32 (C. Doty-Humphrey, PractRand), 128 bits of state.
 */
export class Random {
	#a: number;
	#b: number;
	#c: number;
	#counter = 1;

	constructor(...seeds: number[]) {
		this.#a = mixSeeds(...seeds, 1);
		this.#b = mixSeeds(...seeds, 2);
		this.#c = mixSeeds(...seeds, 3);
		for (let i = 0; i < 12; i++) this.next();
	}

	/** Uniform in [0, 1). */
	next(): number {
		const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
		return (sum >>> 0) / 4294967296;
	}

	/** Uniform in [low, high). */
	between(low: number, high: number): number {
		return low + (high - low) * this.next();
	}

	/** A whole number in [low, high]. */
	whole(low: number, high: number): number {
		return low + Math.floor(this.next() * (high - low + 1));
	}

	/** True with the given probability. */
	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<T>(choices: readonly T[]): T {
		return choices[Math.floor(this.next() * choices.length)]!;
	}

	/** Normal with mean 0 and deviation 1 (Box and Muller). */
	gaussian(): number {
		return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
	}
}
