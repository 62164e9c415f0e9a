import type { ConfusionTable } from './confusion.ts';
import { type Classes, classesOf, countsRow, type Figures, figuresOf, summed, sumOf } from './figures.ts';
import { type Counted, type Group, groupsBy } from './group.ts';
import { type Rate, rate } from './interval.ts';
import { type IntervalMethod, type Intervals, intervalsOf } from './intervals.ts';
import type { JudgedRecording } from './judgedRecording.ts';
import { Reliability, type ReliabilityTable } from './reliability.ts';
import { expectedText, foundText, frameAccuracy, type Worst, worstOf } from './worst.ts';

/** What `phlebox evaluate` finds; `--json` writes exactly this. */
export interface Evaluation extends Figures {
	/** Frames a second of the whole way, reading the recordings included. */
	framesPerSecond: number;
	recordings: number;
	frames: number;
	set: { name: string; license: string; source: string };
	model: { name: string; version: string; sha256: string };
	intervals: Intervals & { how: IntervalMethod };
	/** Recordings with a wrong `captured`: of all, and of those in which none is to be captured. */
	wrongCaptures: Rate & { whereNoneIsExpected: Rate };
	/** Share of frames without an answer of the network: the scene was not live. They count as `none`. */
	unansweredShare: number;
	/** By frame. */
	confusion: { landmark: ConfusionTable; vein: ConfusionTable };
	/** By fresh image. */
	calibration: { landmark: ReliabilityTable; vein: ReliabilityTable };
	byKind: Group[];
	/** Empty where no recording says its layout. */
	byLayout: Group[];
	worst: Worst[];
	/** By recording, for looking into what went wrong. */
	perRecording: {
		id: string;
		kind: string | null;
		layout: string | null;
		expected: string;
		found: string;
		right: boolean;
		frames: number;
		frameAccuracy: number;
	}[];
}

/** What is known beside the judged recordings. */
export interface Circumstances extends Pick<Evaluation, 'set' | 'model'> {
	/** Landmarks of the examination, and `none`. */
	landmarks: readonly string[];
	/** How long the judging took. */
	seconds: number;
}

const worstCount = 20;

/** All figures of judged recordings. Pure. */
export function evaluationOf(judged: readonly JudgedRecording[], given: Circumstances): Evaluation {
	const classes = classesOf(given.landmarks, judged);
	const counted = judged.map((each) => ({
		judged: each,
		recording: each.recording,
		row: countsRow(each, classes),
	}));
	const sum = sumOf(
		counted.map(({ row }) => row),
		classes,
	);
	const counts = summed(sum, classes);
	return {
		...figuresOf(sum, classes),
		framesPerSecond: given.seconds === 0 ? 0 : counts.frames / given.seconds,
		recordings: judged.length,
		frames: counts.frames,
		set: given.set,
		model: given.model,
		intervals: intervalsOf(counted, classes),
		wrongCaptures: wrongCaptures(judged),
		unansweredShare: counts.frames === 0 ? 0 : counts.unanswered / counts.frames,
		confusion: { landmark: counts.landmark, vein: counts.vein },
		calibration: {
			landmark: reliabilityOf(judged.map((each) => each.landmarkReliability)),
			vein: reliabilityOf(judged.map((each) => each.veinReliability)),
		},
		...groups(counted, classes),
		worst: worstOf(judged, worstCount),
		perRecording: judged.map((each) => ({
			id: each.recording.id,
			kind: each.recording.kind ?? null,
			layout: each.recording.layout ?? null,
			expected: expectedText(each),
			found: foundText(each),
			right: each.outcome.right,
			frames: each.frames,
			frameAccuracy: frameAccuracy(each),
		})),
	};
}

function groups(counted: readonly Counted[], classes: Classes): Pick<Evaluation, 'byKind' | 'byLayout'> {
	const saysLayout = counted.some(({ recording }) => recording.layout !== undefined);
	return {
		byKind: groupsBy(counted, ({ recording }) => recording.kind, classes),
		byLayout: saysLayout ? groupsBy(counted, ({ recording }) => recording.layout, classes) : [],
	};
}

function wrongCaptures(judged: readonly JudgedRecording[]): Evaluation['wrongCaptures'] {
	const wrongIn = (among: readonly JudgedRecording[]) =>
		rate(among.filter(({ outcome }) => outcome.falsely).length, among.length);
	const noneExpected = judged.filter(({ recording }) => recording.expected.outcome === 'not-captured');
	return { ...wrongIn(judged), whereNoneIsExpected: wrongIn(noneExpected) };
}

function reliabilityOf(parts: readonly Reliability[]): ReliabilityTable {
	const whole = new Reliability();
	for (const part of parts) whole.addAll(part);
	return whole.table();
}
