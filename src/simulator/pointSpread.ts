import type { BeamGrid } from './probe.ts';

/** Blur of the imaging system, millimetres (standard deviation of the amplitude). */
export interface PulseShape {
	axialMm: number;
	/** At the focus, and how much it widens for a millimetre away from it. */
	lateralMm: number;
	widening: number;
	focusMm: number;
}

const taps = 5;

/**
 * The point spread function at baseband: axially a Gaussian (the envelope of the pulse), laterally a Gaussian that widens
 * away from the focus. Works on complex samples and adds up their power, so that several looks compound.
 */
export class PointSpread {
	readonly #grid: BeamGrid;
	readonly #axial: Float32Array;
	/** Lateral weights for the distance 0..4 beams, one row of samples each. */
	readonly #lateral: Float32Array;
	readonly #re: Float32Array;
	readonly #im: Float32Array;
	/** One beam before the axial blur, with four samples before and after; filled by the caller. */
	readonly lineRe: Float32Array;
	readonly lineIm: Float32Array;

	constructor(grid: BeamGrid, shape: PulseShape) {
		const { samples } = grid;
		this.#grid = grid;
		this.lineRe = new Float32Array(samples + 8);
		this.lineIm = new Float32Array(samples + 8);
		this.#re = new Float32Array(grid.x.length);
		this.#im = new Float32Array(grid.x.length);
		this.#axial = gaussian(Math.max(0.75, shape.axialMm / grid.sampleMm));
		this.#lateral = new Float32Array(taps * samples);
		for (let s = 0; s < samples; s++) {
			const width = shape.lateralMm + shape.widening * Math.abs(s * grid.sampleMm - shape.focusMm);
			const weights = gaussian(Math.max(0.7, Math.min(2.6, width / grid.beamMm)));
			for (let k = 0; k < taps; k++) this.#lateral[k * samples + s] = weights[k]!;
		}
	}

	/** Blurs `lineRe`, `lineIm` axially into a beam. @param beam counts the padding */
	putBeam(beam: number): void {
		const { samples } = this.#grid;
		const re = this.#re;
		const im = this.#im;
		const lineRe = this.lineRe;
		const lineIm = this.lineIm;
		const axial = this.#axial;
		const w0 = axial[0]!;
		const w1 = axial[1]!;
		const w2 = axial[2]!;
		const w3 = axial[3]!;
		const w4 = axial[4]!;
		let i = beam * samples;
		for (let s = 4; s < samples + 4; s++, i++) {
			re[i] =
				w0 * lineRe[s]! +
				w1 * (lineRe[s - 1]! + lineRe[s + 1]!) +
				w2 * (lineRe[s - 2]! + lineRe[s + 2]!) +
				w3 * (lineRe[s - 3]! + lineRe[s + 3]!) +
				w4 * (lineRe[s - 4]! + lineRe[s + 4]!);
			im[i] =
				w0 * lineIm[s]! +
				w1 * (lineIm[s - 1]! + lineIm[s + 1]!) +
				w2 * (lineIm[s - 2]! + lineIm[s + 2]!) +
				w3 * (lineIm[s - 3]! + lineIm[s + 3]!) +
				w4 * (lineIm[s - 4]! + lineIm[s + 4]!);
		}
	}

	/**
	 * Blurs across the beams and writes the power of the beams inside the picture.
	 * @param power beams * samples values; @param add false starts anew, true adds this look to those before
	 */
	power(power: Float32Array, add: boolean): void {
		const { samples, beams, pad } = this.#grid;
		const re = this.#re;
		const im = this.#im;
		const w = this.#lateral;
		const n2 = 2 * samples;
		const n3 = 3 * samples;
		const n4 = 4 * samples;
		let out = 0;
		for (let beam = pad; beam < pad + beams; beam++) {
			let i = beam * samples;
			for (let s = 0; s < samples; s++, i++, out++) {
				const w0 = w[s]!;
				const w1 = w[s + samples]!;
				const w2 = w[s + n2]!;
				const w3 = w[s + n3]!;
				const w4 = w[s + n4]!;
				const real =
					w0 * re[i]! +
					w1 * (re[i - samples]! + re[i + samples]!) +
					w2 * (re[i - n2]! + re[i + n2]!) +
					w3 * (re[i - n3]! + re[i + n3]!) +
					w4 * (re[i - n4]! + re[i + n4]!);
				const imaginary =
					w0 * im[i]! +
					w1 * (im[i - samples]! + im[i + samples]!) +
					w2 * (im[i - n2]! + im[i + n2]!) +
					w3 * (im[i - n3]! + im[i + n3]!) +
					w4 * (im[i - n4]! + im[i + n4]!);
				const look = real * real + imaginary * imaginary;
				power[out] = add ? power[out]! + look : look;
			}
		}
	}
}

/** Half of a symmetric Gaussian of 9 taps that keeps the power of white noise. */
function gaussian(deviation: number): Float32Array {
	const weights = new Float32Array(taps);
	let square = 0;
	for (let k = 0; k < taps; k++) {
		weights[k] = Math.exp((-k * k) / (2 * deviation * deviation));
		square += weights[k]! ** 2 * (k === 0 ? 1 : 2);
	}
	for (let k = 0; k < taps; k++) weights[k] = weights[k]! / Math.sqrt(square);
	return weights;
}
