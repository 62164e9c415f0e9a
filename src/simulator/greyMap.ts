/**
 * Log compression and grey map as one table. A float's upper 16 bits (exponent and 7 of the mantissa) are the index, so
 * that no logarithm is taken for a sample.
 */
export class GreyMap {
	readonly #dynamicRange: number;
	readonly #gamma: number;
	readonly #bend: number;
	/** Grey 0..255 for the upper 16 bits of a power. */
	readonly table = new Float32Array(32768);

	/** @param bend S-shape of the map: above 0 more contrast in the middle, below 0 less; between -1 and 1 it keeps rising */
	constructor(dynamicRange: number, gamma: number, bend = 0) {
		this.#dynamicRange = dynamicRange;
		this.#gamma = gamma;
		this.#bend = bend;
	}

	/** @param gain dB added to every power */
	setGain(gain: number): void {
		const bits = new Uint32Array(1);
		const float = new Float32Array(bits.buffer);
		for (let i = 0; i < this.table.length; i++) {
			bits[0] = (i << 16) | 0x8000;
			this.table[i] = this.grey(10 * Math.log10(Math.max(1e-30, float[0]!)) + gain);
		}
	}

	/** Grey of a level in dB: 0 dB is white, minus the dynamic range black. */
	grey(level: number): number {
		const share = Math.max(0, Math.min(1, 1 + level / this.#dynamicRange));
		const bent = share - (this.#bend * Math.sin(2 * Math.PI * share)) / (2 * Math.PI);
		return 255 * bent ** this.#gamma;
	}
}
