import { writeFile } from 'node:fs/promises';
import { messageOf, PhleboxError } from '../errors.ts';
import { Canvas } from './canvas.ts';
import { greyPng } from './greyPng.ts';
import { memoryFor, Playback } from './playback.ts';
import { readRealPictures } from './realPictures.ts';
import { planRecording, recordingPlanDefaults } from './recordingPlan.ts';
import { captionHeight, SheetCell } from './sheetCell.ts';
import type { ScenarioKind } from './trainingScenario.ts';

export interface ComparisonSheetOptions {
	/** PNG file to write. */
	out: string;
	/** Folder of real scan areas to show beside the simulated ones; without it only these are shown. */
	beside: string | undefined;
	seed: number;
	/** Simulated pictures, and as many real ones. */
	pictures: number;
	/** Pixels of a cell's width; it is three quarters as high. */
	cell: number;
	kinds: readonly ScenarioKind[];
}

export const comparisonSheetDefaults = {
	beside: undefined,
	seed: 1,
	pictures: 12,
	cell: 320,
	// Real stills are mostly of a vein at rest; a few show none, or one that is pressed.
	kinds: ['look-only', 'look-only', 'look-only', 'full-press', 'no-vessel', 'thrombus'],
} as const satisfies Partial<ComparisonSheetOptions>;

/** Pictures in a row of each half. */
const columns = 3;

/**
 * Writes a sheet with simulated pictures in its left half and real ones in its right, to be looked at.
 * @returns how many of each it holds
 * @throws PhleboxError store-failed, and what `readRealPictures` throws
 */
export async function writeComparisonSheet(
	given: Pick<ComparisonSheetOptions, 'out'> & Partial<ComparisonSheetOptions>,
): Promise<{ simulated: number; real: number }> {
	const options: ComparisonSheetOptions = { ...comparisonSheetDefaults, ...given };
	const { beside, pictures, cell } = options;
	const real = beside === undefined ? [] : await readRealPictures(beside, pictures);
	const height = Math.floor(cell * 0.75);
	const rows = Math.ceil(pictures / columns);
	const sheet = new Canvas((cell * columns * (beside === undefined ? 1 : 2) + 1) & ~1, (height + captionHeight) * rows);
	const at = (i: number, half: number): [left: number, top: number] => [
		((i % columns) + half * columns) * cell,
		Math.floor(i / columns) * (height + captionHeight),
	];
	const painter = new SheetCell(cell);
	for (let i = 0; i < pictures; i++) paintSimulated(sheet, painter, options, i, at(i, 0), height);
	real.forEach(({ name, width, height: tall, luma }, i) => {
		painter.paste(sheet, ...at(i, 1), luma, 0, width, { x: 0, y: 0, width, height: tall }, `real ${name}`, height);
	});
	try {
		await writeFile(options.out, greyPng(sheet.luma, sheet.width, sheet.height));
	} catch (error) {
		throw new PhleboxError('store-failed', `cannot write ${options.out}: ${messageOf(error)}`, { cause: error });
	}
	return { simulated: pictures, real: real.length };
}

/** The picture half a second into a recording of one second. */
function paintSimulated(
	sheet: Canvas,
	painter: SheetCell,
	options: ComparisonSheetOptions,
	index: number,
	[left, top]: [left: number, top: number],
	height: number,
): void {
	const { seed, kinds } = options;
	const plan = planRecording({ ...recordingPlanDefaults, seed, kinds, hdmiHz: [20], seconds: 1 }, index);
	const memory = memoryFor(recordingPlanDefaults.sizes);
	const playback = new Playback(plan, memory);
	for (const { frame, truth } of playback.frames()) {
		if (frame.sequence < 10) continue;
		const caption = `${plan.kind} ${truth.landmark} ${truth.vein}`;
		painter.paste(sheet, left, top, memory.bytes, frame.offset, frame.stride, playback.roi, caption, height);
		return;
	}
}
