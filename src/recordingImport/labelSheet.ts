import { PhleboxError } from '../errors.ts';
import type { Label } from '../evaluation/recordingSet.ts';
import { type VeinState, veinStates } from '../exam/observation.ts';

const byFrame = 'frame,landmark,vein';
const byRange = 'from,to,landmark,vein';

/** A day at 120 frames a second. */
const mostFrames = 10_368_000;

/**
 * Someone's own labels: CSV with a row a frame (`frame,landmark,vein`), or with a row for each run of frames
 * (`from,to,landmark,vein`, the last one included). Frames count from 0, and each has exactly one label.
 * @param file its name, for errors
 * @param landmarks that a label may name, `none` included
 * @throws PhleboxError set-invalid, naming the line
 */
export function parseLabelSheet(text: string, file: string, landmarks: readonly string[]): Label[] {
	const [head = '', ...rows] = text
		.replace(/^\uFEFF/, '')
		.trimEnd()
		.split(/\r?\n/)
		.map((row) => row.split(',').map((cell) => cell.trim()));
	const wrong = (line: number, what: string): never => {
		throw new PhleboxError('set-invalid', `${file}: line ${line}: ${what}`);
	};
	const named = (head as string[]).join();
	if (named !== byFrame && named !== byRange)
		wrong(1, `begins with ${JSON.stringify(named)}; expected ${byFrame} or ${byRange}`);
	const labels: Label[] = [];
	for (const [place, cells] of rows.entries()) {
		const line = place + 2;
		const [first, last, landmark, vein] = named === byRange ? cells : [cells[0], cells[0], ...cells.slice(1)];
		if (cells.length !== named.split(',').length)
			wrong(line, `${JSON.stringify(cells.join())} has ${cells.length} columns; expected ${named}`);
		const [from, to] = [frameNumber(first), frameNumber(last)];
		if (Number.isNaN(from) || Number.isNaN(to) || to < from)
			wrong(line, `${[...new Set([first, last])].join(' to ')} are no frames; frames count from 0`);
		if (from !== labels.length) wrong(line, orderFault(from, labels.length));
		if (!landmarks.includes(landmark!))
			wrong(line, `landmark ${JSON.stringify(landmark)} is unknown; known are ${landmarks.join(', ')}`);
		if (!veinStates.includes(vein as VeinState))
			wrong(line, `vein ${JSON.stringify(vein)} is unknown; known are ${veinStates.join(', ')}`);
		for (let frame = from; frame <= to; frame++) labels.push({ landmark: landmark!, vein: vein as VeinState });
	}
	if (labels.length === 0) wrong(1, 'no labels follow');
	return labels;
}

function frameNumber(text: string | undefined): number {
	return text !== undefined && /^\d{1,8}$/.test(text) && Number(text) < mostFrames ? Number(text) : Number.NaN;
}

function orderFault(from: number, next: number): string {
	if (from < next) return `frame ${from} has a label already`;
	const missing = from - next === 1 ? `frame ${next} has` : `frames ${next} to ${from - 1} have`;
	return `${missing} no label; frames count from 0, and each needs one`;
}
