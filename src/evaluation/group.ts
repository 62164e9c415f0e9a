import { type Classes, closedFrames, figuresOf, summed, sumOf } from './figures.ts';
import { type Interval, type Rate, rate } from './interval.ts';
import { type CountedRecording, intervalsOf } from './intervals.ts';
import type { JudgedRecording } from './judgedRecording.ts';

/** Figures of the recordings that have something in common: their kind, or the machine's layout. */
export interface Group {
	/** Null: the set does not say. */
	name: string | null;
	recordings: number;
	frames: number;
	expectedCaptured: number;
	capturedRightly: number;
	falselyCaptured: number;
	missed: number;
	/** Recordings whose outcome is as expected. */
	right: Rate;
	dontKnowShare: number;
	landmarkMacroF1: number;
	landmarkMacroF1Interval: Interval | null;
	/** Null where no frame is truly closed. */
	closedF1: number | null;
	closedF1Interval: Interval | null;
	/** Of frames that are neither closed nor closing, how many were called closed. */
	calledClosedWrongly: number;
}

export type Counted = CountedRecording & { judged: JudgedRecording };

/** By name, those without one last. */
export function groupsBy(
	counted: readonly Counted[],
	nameOf: (judged: JudgedRecording) => string | undefined,
	classes: Classes,
): Group[] {
	const groups = new Map<string | null, Counted[]>();
	for (const each of counted) {
		const name = nameOf(each.judged) ?? null;
		groups.set(name, [...(groups.get(name) ?? []), each]);
	}
	return [...groups]
		.sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a.localeCompare(b, 'en')))
		.map(([name, members]) => groupOf(name, members, classes));
}

function groupOf(name: string | null, members: readonly Counted[], classes: Classes): Group {
	const sum = sumOf(
		members.map(({ row }) => row),
		classes,
	);
	const { landmarkMacroF1, closedF1, dontKnowShare } = figuresOf(sum, classes);
	const intervals = intervalsOf(members, classes);
	const counts = summed(sum, classes);
	const closed = closedFrames(counts);
	const number = (is: (judged: JudgedRecording) => boolean) => members.filter(({ judged }) => is(judged)).length;
	return {
		name,
		recordings: members.length,
		frames: counts.frames,
		expectedCaptured: number(({ recording }) => recording.expected.outcome === 'captured'),
		capturedRightly: number(({ outcome }) => outcome.rightly),
		falselyCaptured: number(({ outcome }) => outcome.falsely),
		missed: number(({ outcome }) => outcome.missed),
		right: rate(
			number(({ outcome }) => outcome.right),
			members.length,
		),
		dontKnowShare,
		landmarkMacroF1,
		landmarkMacroF1Interval: intervals.landmarkMacroF1,
		closedF1: closed.truly === 0 ? null : closedF1,
		closedF1Interval: closed.truly === 0 ? null : intervals.closedF1,
		calledClosedWrongly: closed.open === 0 ? 0 : closed.wrongly / closed.open,
	};
}
