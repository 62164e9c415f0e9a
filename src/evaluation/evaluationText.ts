import type { Evaluation } from './evaluation.ts';
import type { Group } from './group.ts';
import type { Interval, Rate } from './interval.ts';

const shownWorst = 10;

/** What `phlebox evaluate` prints. */
export function evaluationText(result: Evaluation): string {
	const { fullyCompresses: whole, intervals, wrongCaptures, model } = result;
	const { by, units, level } = intervals.how;
	const lines = [
		...[
			['landmark macro-F1 by frame', figure(result.landmarkMacroF1, intervals.landmarkMacroF1)],
			['closed-vein F1 by frame', figure(result.closedF1, intervals.closedF1)],
			['fully compresses F1 by recording', figure(whole.f1, intervals.fullyCompresses.f1)],
			['  precision', figure(whole.precision, intervals.fullyCompresses.precision)],
			['  recall', figure(whole.recall, intervals.fullyCompresses.recall)],
			["said don't know, share of frames", figure(result.dontKnowShare, intervals.dontKnowShare)],
			['wrong captures, recordings', rateText(wrongCaptures)],
			['  where none is expected', rateText(wrongCaptures.whereNoneIsExpected)],
			['calibration error, landmark, vein', calibrationText(result)],
			['frames a second', result.framesPerSecond.toFixed(0)],
			['recordings, frames', `${result.recordings}, ${result.frames}`],
			['model', `${model.name} ${model.version} ${model.sha256.slice(0, 12)}`],
		].map(([name, value]) => `${name!.padEnd(36)}${value}`),
		`in brackets: ${100 * level}% intervals, bootstrap over ${units} ${by}s, for wrong captures Wilson's`,
		'',
		...groupTable('kind', result.byKind),
		...(result.byLayout.length > 0 ? ['', ...groupTable('layout', result.byLayout)] : []),
	];
	if (result.worst.length > 0) lines.push('', 'worst recordings');
	for (const { id, kind, fault, why } of result.worst.slice(0, shownWorst))
		lines.push(`${fault === 'frames' ? '' : `${fault}: `}${id} (${kind ?? 'kind not given'}): ${why}`);
	return `${lines.join('\n')}\n`;
}

function ends(interval: Interval | null): string {
	return interval ? ` [${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : '';
}

function figure(value: number, interval: Interval | null): string {
	return `${value.toFixed(3)}${ends(interval)}`;
}

function rateText({ times, of, share, interval }: Rate): string {
	return `${times} of ${of}, ${figure(share, interval)}`;
}

function calibrationText({ calibration: { landmark, vein } }: Evaluation): string {
	return `${landmark.error.toFixed(3)}, ${vein.error.toFixed(3)}`;
}

const heads = ['recordings', 'to capture', 'rightly', 'falsely', 'missed', "don't know", 'landmark F1', 'closed F1'];

function groupTable(what: string, groups: readonly Group[]): string[] {
	const width = Math.max(20, ...groups.map(({ name }) => (name ?? '').length + 2));
	const row = (name: string, cells: readonly string[]) =>
		`${name.padEnd(width)}${cells.map((cell, place) => cell.padStart(heads[place]!.length + 2)).join('')}`;
	return [
		row(what, heads),
		...groups.map((group) =>
			row(group.name ?? 'not given', [
				String(group.recordings),
				String(group.expectedCaptured),
				String(group.capturedRightly),
				String(group.falselyCaptured),
				String(group.missed),
				group.dontKnowShare.toFixed(3),
				group.landmarkMacroF1.toFixed(3),
				group.closedF1 === null ? '-' : group.closedF1.toFixed(3),
			]),
		),
	];
}
