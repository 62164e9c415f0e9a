/** Counts of a yes-or-no question. */
export interface Counts {
	truePositives: number;
	falsePositives: number;
	falseNegatives: number;
}

export interface Scores {
	f1: number;
	precision: number;
	recall: number;
}

export function noCounts(): Counts {
	return { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
}

/** Adds one answer to the counts. */
export function count(counts: Counts, said: boolean, is: boolean): void {
	if (said && is) counts.truePositives++;
	else if (said) counts.falsePositives++;
	else if (is) counts.falseNegatives++;
}

/** Where nothing was said and nothing was to be said, nothing is wrong: 1. */
export function scores({ truePositives, falsePositives, falseNegatives }: Counts): Scores {
	const ratio = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
	return {
		f1: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
		precision: ratio(truePositives, truePositives + falsePositives),
		recall: ratio(truePositives, truePositives + falseNegatives),
	};
}

/** Mean F1 over the classes that occur, in truth or in answers. */
export function macroF1(classes: Iterable<Counts>): number {
	const occurring = [...classes].filter((c) => c.truePositives + c.falsePositives + c.falseNegatives > 0);
	return occurring.length === 0 ? 1 : occurring.reduce((sum, c) => sum + scores(c).f1, 0) / occurring.length;
}
