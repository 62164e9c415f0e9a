import type { ExamRecord } from '../exam/record.ts';
import type { Recording } from './recordingSet.ts';
import type { Counts } from './scores.ts';

/** What came of a recording, against what was to come of it. */
export interface Outcome {
	/** Where it was said to be captured. */
	captured: string[];
	/** Captured where it was to be. */
	rightly: boolean;
	/** Captured where it was not to be; a recording can be that and missed at once, at two landmarks. */
	falsely: boolean;
	missed: boolean;
	/** All as it was to be. */
	right: boolean;
	/** For *fully compresses*; captured at another landmark is a wrong `captured` of its own. */
	counts: Counts;
}

/** @param records all that the exam recorded */
export function outcomeOf(expected: Recording['expected'], records: readonly ExamRecord[]): Outcome {
	const captured = records.filter((record) => record.kind === 'site').map((record) => record.site.site);
	const asked = expected.outcome === 'captured';
	const found = captured.includes(expected.landmark);
	const elsewhere = captured.some((site) => site !== expected.landmark);
	const falsely = (found && !asked) || elsewhere;
	const missed = asked && !found;
	return {
		captured,
		rightly: found && asked,
		falsely,
		missed,
		right: !falsely && !missed,
		counts: {
			truePositives: Number(found && asked),
			falsePositives: Number(found && !asked) + Number(elsewhere),
			falseNegatives: Number(missed),
		},
	};
}
