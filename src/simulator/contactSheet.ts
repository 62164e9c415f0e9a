import { writeFile } from 'node:fs/promises';
import { messageOf, PhleboxError } from '../errors.ts';
import { AreaAverage } from './areaAverage.ts';
import { Canvas } from './canvas.ts';
import { greyPng } from './greyPng.ts';
import { memoryFor, Playback } from './playback.ts';
import { planRecording, type RecordingPlanOptions, recordingPlanDefaults } from './recordingPlan.ts';

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
	const line = 10;
	const sheet = new Canvas((cell * options.pictures) & ~1, (cell + line) * options.recordings);
	const memory = memoryFor(options.sizes);
	const picture = new Uint8Array(cell * cell);
	for (let row = 0; row < options.recordings; row++) {
		const plan = planRecording(options, options.first + row);
		const playback = new Playback(plan, memory);
		const window = options.whole ? { x: 0, y: 0, width: plan.width, height: plan.height } : playback.roi;
		const tall = Math.min(1, window.height / window.width);
		const wide = Math.min(1, window.width / window.height);
		const area = new AreaAverage(window, cell);
		const total = options.seconds * plan.hdmiHz;
		let shown = 0;
		for (const { frame, truth } of playback.frames()) {
			if (shown >= options.pictures || frame.sequence < ((shown + 0.5) * total) / options.pictures) continue;
			area.average(memory.bytes, frame.offset, frame.stride, picture, 0);
			const left = shown * cell;
			const top = row * (cell + line);
			// The picture keeps its proportions inside its square cell.
			for (let y = 0; y < Math.floor(cell * tall); y++)
				for (let x = 0; x < Math.floor(cell * wide); x++)
					sheet.luma[(top + y) * sheet.width + left + x] = picture[Math.floor(y / tall) * cell + Math.floor(x / wide)]!;
			const label = `${plan.kind.slice(0, 14)} ${truth.landmark} ${truth.vein} ${truth.areaRatio.toFixed(2)}`;
			sheet.text(label, left + 2, top + cell + 1, 1, [230, 128, 128]);
			shown++;
		}
	}
	try {
		await writeFile(options.out, greyPng(sheet.luma, sheet.width, sheet.height));
	} catch (error) {
		throw new PhleboxError('store-failed', `cannot write ${options.out}: ${messageOf(error)}`, { cause: error });
	}
}
