import type { Entry } from './contenderList.ts';
import type { Seen } from './spec.ts';

/** How far two contenders are from each other over the same frames. */
export interface Difference {
	/** Of the network's input, grey levels: mean and largest. */
	mean: number;
	largest: number;
	/** Largest of the probabilities. */
	probability: number;
	/** Frames on which landmark and vein state are not both the same. */
	otherAnswers: number;
}

const floats = (text: string) => {
	const bytes = Buffer.from(text, 'base64');
	return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

/** @param labels how many of the probabilities are landmarks */
export function differenceOf(ours: Seen, theirs: Seen, labels: number): Difference {
	const difference: Difference = { mean: 0, largest: 0, probability: 0, otherAnswers: 0 };
	let count = 0;
	for (const [frame, text] of ours.inputs.entries()) {
		const theirInput = floats(theirs.inputs[frame] ?? '');
		for (const [at, value] of floats(text).entries()) {
			const grey = Math.abs(value - (theirInput[at] ?? Number.NaN)) * 255;
			difference.mean += grey;
			// A value that is missing is infinitely far away.
			difference.largest = Math.max(difference.largest, Number.isNaN(grey) ? Number.POSITIVE_INFINITY : grey);
			count++;
		}
		const [our, their] = [ours.answers[frame]!, theirs.answers[frame] ?? []];
		for (const [at, value] of our.entries()) {
			const apart = Math.abs(value - (their[at] ?? Number.NaN));
			difference.probability = Math.max(difference.probability, Number.isNaN(apart) ? 1 : apart);
		}
		if (said(our, labels) !== said(their, labels)) difference.otherAnswers++;
	}
	difference.mean /= count;
	return difference;
}

function said(answer: number[], labels: number): string {
	const most = (values: number[]) => values.indexOf(Math.max(...values));
	return `${most(answer.slice(0, labels))} ${most(answer.slice(labels))}`;
}

/** Why it does not do the same work; null when it does. */
export function otherWork(difference: Difference, { tolerance }: Pick<Entry, 'tolerance'>): string | null {
	if (difference.otherAnswers > 0) return `answers ${difference.otherAnswers} of the frames otherwise`;
	if (!(difference.mean <= tolerance.mean && difference.largest <= tolerance.largest))
		return `its network sees another image: ${difference.mean.toFixed(2)} grey levels on average, ${difference.largest.toFixed(1)} at most`;
	if (!(difference.probability <= tolerance.probability))
		return `its probabilities are up to ${difference.probability.toFixed(3)} away`;
	return null;
}
