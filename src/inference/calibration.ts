/** How an output of the network becomes probabilities; from the manifest. */
export interface Calibration {
	kind: 'logits' | 'probabilities';
	temperature: number;
}

/** Keeps the logarithm of a probability of 0 finite. */
const least = 1e-12;

/**
 * Softmax of the network's values divided by the temperature (Guo et al. 2017, "On Calibration of Modern Neural
 * Networks", https://arxiv.org/abs/1706.04599). Probabilities are brought back to logits first. Allocates nothing.
 * @param values of the network, one a label
 * @param out probabilities 0..1, one a label
 * @returns place of the most probable label; -1 when a value is no finite number
 */
export function calibrate(values: Float32Array, { kind, temperature }: Calibration, out: Float32Array): number {
	let best = 0;
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		out[i] = (kind === 'logits' ? value : Math.log(Math.max(value, least))) / temperature;
		if (!Number.isFinite(out[i])) return -1;
		// By the values themselves: the division can make two that differ by next to nothing alike.
		if (value > values[best]!) best = i;
	}
	const highest = out[best]!;
	let sum = 0;
	for (let i = 0; i < out.length; i++) {
		out[i] = Math.exp(out[i]! - highest);
		sum += out[i]!;
	}
	for (let i = 0; i < out.length; i++) out[i] = out[i]! / sum;
	return best;
}
