import type { Counts } from './scores.ts';

/** How often each class was taken for which. */
export interface ConfusionTable {
	labels: string[];
	/** One row a true class, one column a said one, both in the order of `labels`. */
	counts: number[][];
}

/** Counts pairs of truth and answer; classes need not be known before. */
export class Confusion {
	readonly #rows = new Map<string, Map<string, number>>();

	add(truth: string, said: string): void {
		let row = this.#rows.get(truth);
		if (!row) {
			row = new Map();
			this.#rows.set(truth, row);
		}
		row.set(said, (row.get(said) ?? 0) + 1);
	}

	count(truth: string, said: string): number {
		return this.#rows.get(truth)?.get(said) ?? 0;
	}

	/** Classes that occurred in truth. */
	get truths(): string[] {
		return [...this.#rows.keys()];
	}

	/** Classes that occurred in truth or in answers. */
	get labels(): string[] {
		return [...new Set([...this.#rows.keys(), ...[...this.#rows.values()].flatMap((row) => [...row.keys()])])];
	}
}

/**
 * Yes-or-no counts of one class out of a table.
 * @param ignoredTruths places of true classes whose frames count neither way
 */
export function countsOf(counts: readonly (readonly number[])[], place: number, ignoredTruths: number[] = []): Counts {
	let [falsePositives, falseNegatives] = [0, 0];
	for (const [truth, row] of counts.entries()) {
		if (ignoredTruths.includes(truth)) continue;
		if (truth !== place) falsePositives += row[place]!;
		else for (const [said, times] of row.entries()) if (said !== place) falseNegatives += times;
	}
	return { truePositives: counts[place]![place]!, falsePositives, falseNegatives };
}
