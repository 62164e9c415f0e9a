import { veinStates } from '../exam/observation.ts';
import { add } from './bootstrap.ts';
import { type ConfusionTable, countsOf } from './confusion.ts';
import type { JudgedRecording } from './judgedRecording.ts';
import { macroF1, type Scores, scores } from './scores.ts';

/** The classes of a whole evaluation. */
export interface Classes {
	/** Landmarks that count in the macro-F1: those of the examination, `none`, and all that occur in truth. */
	landmarks: string[];
	/** The same, and behind them those that only occur in answers. */
	all: string[];
}

export interface Figures {
	landmarkMacroF1: number;
	/** Of closed against not closed by frame; frames labelled `closing` count neither way. */
	closedF1: number;
	/** By recording: captured at the expected landmark, or not. */
	fullyCompresses: Scores;
	/** Share of frames on which the light said *don't know*. */
	dontKnowShare: number;
}

/** Everything that figures are worked out of. */
export interface Summed {
	landmark: ConfusionTable;
	vein: ConfusionTable;
	frames: number;
	dontKnow: number;
	unanswered: number;
}

const veins = [...veinStates];
const closed = veins.indexOf('closed');
const closing = veins.indexOf('closing');

/** @param landmarks known before: those of the examination and `none` */
export function classesOf(landmarks: readonly string[], judged: readonly JudgedRecording[]): Classes {
	const counting = [...new Set([...landmarks, ...judged.flatMap(({ landmark }) => landmark.truths)])];
	return {
		landmarks: counting,
		all: [...new Set([...counting, ...judged.flatMap(({ landmark }) => landmark.labels)])],
	};
}

/** A recording's counts as one row of numbers, so that rows of recordings can be added up. */
export function countsRow(judged: JudgedRecording, { all }: Classes): Float64Array {
	const { truePositives, falsePositives, falseNegatives } = judged.outcome.counts;
	return Float64Array.of(
		...[judged.frames, judged.dontKnow, judged.unanswered, truePositives, falsePositives, falseNegatives],
		...all.flatMap((truth) => all.map((said) => judged.landmark.count(truth, said))),
		...veins.flatMap((truth) => veins.map((said) => judged.vein.count(truth, said))),
	);
}

export function sumOf(rows: readonly Float64Array[], { all }: Classes): Float64Array {
	const sum = new Float64Array(6 + all.length ** 2 + veins.length ** 2);
	for (const row of rows) add(sum, row);
	return sum;
}

export function summed(row: Float64Array, { all }: Classes): Summed {
	const table = (labels: string[], from: number) => ({
		labels: [...labels],
		counts: labels.map((_, truth) => [
			...row.subarray(from + truth * labels.length, from + (truth + 1) * labels.length),
		]),
	});
	return {
		landmark: table(all, 6),
		vein: table(veins, 6 + all.length ** 2),
		frames: row[0]!,
		dontKnow: row[1]!,
		unanswered: row[2]!,
	};
}

/** @param row counts of a recording, or of many added up */
export function figuresOf(row: Float64Array, classes: Classes): Figures {
	const { landmark, vein, frames, dontKnow } = summed(row, classes);
	return {
		landmarkMacroF1: macroF1(classes.landmarks.map((_, place) => countsOf(landmark.counts, place))),
		closedF1: scores(countsOf(vein.counts, closed, [closing])).f1,
		fullyCompresses: scores({ truePositives: row[3]!, falsePositives: row[4]!, falseNegatives: row[5]! }),
		dontKnowShare: frames === 0 ? 0 : dontKnow / frames,
	};
}

/** Truly closed frames, and frames neither closed nor closing that were called closed: does the closed-vein F1 mean anything? */
export function closedFrames({ vein }: Summed): { truly: number; wrongly: number; open: number } {
	const row = (truth: number) => vein.counts[truth]!.reduce((sum, times) => sum + times, 0);
	return {
		truly: row(closed),
		wrongly: countsOf(vein.counts, closed, [closing]).falsePositives,
		open: veins.reduce((sum, _, truth) => (truth === closed || truth === closing ? sum : sum + row(truth)), 0),
	};
}
