import { veinStates } from '../exam/observation.ts';
import type { Confusion } from './confusion.ts';
import type { JudgedRecording } from './judgedRecording.ts';

/** A recording worth looking at, and why. */
export interface Worst {
	id: string;
	kind: string | null;
	layout: string | null;
	fault: 'falsely captured' | 'missed' | 'frames';
	expected: string;
	found: string;
	/** Share of frames with the right landmark and, unless truly `closing`, the right vein state. */
	frameAccuracy: number;
	/** One line. */
	why: string;
}

/** From this share of frames without an answer on, the scene is part of the reason. */
const unansweredMatters = 0.1;

const ranks = { 'falsely captured': 0, missed: 1, frames: 2 };

export function expectedText({ recording: { expected } }: JudgedRecording): string {
	return `${expected.outcome} ${expected.landmark}`;
}

export function foundText({ outcome: { captured } }: JudgedRecording): string {
	return captured.length === 0 ? 'not-captured' : `captured ${captured.join(', ')}`;
}

export function frameAccuracy({ right, frames }: JudgedRecording): number {
	return frames === 0 ? 1 : right / frames;
}

/** Falsely captured first, then missed, then those with the fewest right frames. Recordings without a fault are none. */
export function worstOf(judged: readonly JudgedRecording[], most: number): Worst[] {
	return judged
		.map(lookAt)
		.filter(({ fault, frameAccuracy }) => fault !== 'frames' || frameAccuracy < 1)
		.sort((a, b) => ranks[a.fault] - ranks[b.fault] || a.frameAccuracy - b.frameAccuracy || (a.id < b.id ? -1 : 1))
		.slice(0, most);
}

function lookAt(judged: JudgedRecording): Worst {
	const { recording, outcome } = judged;
	const fault = outcome.falsely ? 'falsely captured' : outcome.missed ? 'missed' : 'frames';
	return {
		id: recording.id,
		kind: recording.kind ?? null,
		layout: recording.layout ?? null,
		fault,
		expected: expectedText(judged),
		found: foundText(judged),
		frameAccuracy: frameAccuracy(judged),
		why: { 'falsely captured': whyFalsely, missed: whyMissed, frames: whyFrames }[fault](judged) + scenes(judged),
	};
}

const percent = (part: number, whole: number) => `${Math.round((100 * part) / Math.max(1, whole))}%`;

function whyFalsely({ recording: { expected }, outcome: { captured }, vein }: JudgedRecording): string {
	const wrongly = captured.filter((site) => site !== expected.landmark || expected.outcome !== 'captured');
	const called = veinStates
		.filter((truth) => truth !== 'closed' && vein.count(truth, 'closed') > 0)
		.map((truth) => `${vein.count(truth, 'closed')} ${truth}`);
	const frames =
		called.length === 0 ? 'no frame was wrongly called closed' : `called closed: ${called.join(', ')} frames`;
	return `${wrongly.join(', ')} is not to be captured; ${frames}`;
}

function whyMissed(judged: JudgedRecording): string {
	const { recording, closed, closedWithLandmark, vein, dontKnow, frames } = judged;
	if (closed === 0) return `${recording.expected.landmark} is to be captured, but no frame is labelled closed`;
	const seen = percent(vein.count('closed', 'closed'), closed);
	const placed = percent(closedWithLandmark, closed);
	const unsure = percent(dontKnow, frames);
	return `of ${closed} closed frames ${seen} were called closed and ${placed} had the right landmark; don't know on ${unsure} of all frames`;
}

function whyFrames({ landmark, vein, frames, right }: JudgedRecording): string {
	const worst = [...mistakes(landmark), ...mistakes(vein, 'closing')].sort((a, b) => b.times - a.times)[0];
	const mostly = worst
		? `; most often ${worst.truth} was taken for ${worst.said} (${percent(worst.times, frames)})`
		: '';
	return `${percent(right, frames)} of the frames are right${mostly}`;
}

/** Where the network was often not asked, why. */
function scenes({ unanswered, unansweredScenes, frames }: JudgedRecording): string {
	if (unanswered < unansweredMatters * frames || unanswered === 0) return '';
	const [scene] = [...unansweredScenes].sort(([, a], [, b]) => b - a)[0]!;
	return `; the network was not asked on ${percent(unanswered, frames)} of the frames, mostly because the screen was ${scene}`;
}

function mistakes(confusion: Confusion, ignored?: string): { truth: string; said: string; times: number }[] {
	const { labels } = confusion;
	return labels
		.flatMap((truth) => labels.map((said) => ({ truth, said, times: confusion.count(truth, said) })))
		.filter(({ truth, said, times }) => truth !== said && truth !== ignored && times > 0);
}
