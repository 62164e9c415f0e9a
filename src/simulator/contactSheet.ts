import { writeFile } from 'node:fs/promises';
import { messageOf, PhleboxError } from '../errors.ts';
import { Canvas } from './canvas.ts';
import { greyPng } from './greyPng.ts';
import { memoryFor, Playback } from './playback.ts';
import { planRecording, type RecordingPlanOptions, recordingPlanDefaults } from './recordingPlan.ts';
import { captionHeight, SheetCell } from './sheetCell.ts';

export interface ContactSheetOptions extends RecordingPlanOptions {
	/** PNG file to write. */
	out: string;
	/** Recordings, one a row, from number `first` on; pictures a recording. */
	recordings: number;
	first: number;
	pictures: number;
	/** Pixels of a picture, or of the whole screen instead of the scan area. */
	pictureWidth: number;
	whole: boolean;
}

export const contactSheetDefaults = {
	...recordingPlanDefaults,
	recordings: 8,
	first: 0,
	pictures: 6,
	pictureWidth: 240,
	whole: false,
} as const;

/** Pictures of simulated recordings with the truth under them, to be looked at. @throws PhleboxError store-failed */
export async function writeContactSheet(
	given: Pick<ContactSheetOptions, 'out'> & Partial<ContactSheetOptions>,
): Promise<void> {
	const options: ContactSheetOptions = { ...contactSheetDefaults, ...given };
	const cell = options.pictureWidth;
	const line = captionHeight;
	const sheet = new Canvas((cell * options.pictures) & ~1, (cell + line) * options.recordings);
	const memory = memoryFor(options.sizes);
	const painter = new SheetCell(cell);
	for (let row = 0; row < options.recordings; row++) {
		const plan = planRecording(options, options.first + row);
		const playback = new Playback(plan, memory);
		const window = options.whole ? { x: 0, y: 0, width: plan.width, height: plan.height } : playback.roi;
		const total = options.seconds * plan.hdmiHz;
		let shown = 0;
		for (const { frame, truth } of playback.frames()) {
			if (shown >= options.pictures || frame.sequence < ((shown + 0.5) * total) / options.pictures) continue;
			const label = `${plan.kind.slice(0, 14)} ${truth.landmark} ${truth.vein} ${truth.areaRatio.toFixed(2)}`;
			const top = row * (cell + line);
			painter.paste(sheet, shown * cell, top, memory.bytes, frame.offset, frame.stride, window, label);
			shown++;
		}
	}
	try {
		await writeFile(options.out, greyPng(sheet.luma, sheet.width, sheet.height));
	} catch (error) {
		throw new PhleboxError('store-failed', `cannot write ${options.out}: ${messageOf(error)}`, { cause: error });
	}
}
