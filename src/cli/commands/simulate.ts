import { Command } from 'commander';
import { PhleboxError } from '../../errors.ts';
import { writeComparisonSheet } from '../../simulator/comparisonSheet.ts';
import { greyLevelTable, measureGreyLevels } from '../../simulator/greyLevels.ts';
import { writeRecordingSet } from '../../simulator/recordingSet.ts';
import { writeTensorSet } from '../../simulator/tensorSet.ts';
import { numberOption } from '../numberOption.ts';
import { progressLine } from '../progressLine.ts';

interface Options {
	out?: string;
	sheet?: string;
	beside?: string;
	recordings: number;
	first: number;
	seed: number;
	tensors?: number;
}

export function simulateCommand(): Command {
	return new Command('simulate')
		.description('Writes a set of simulated recordings with their labels, or a sheet of pictures to look at')
		.option('--out <folder>', 'write a set into this new or empty folder')
		.option('--recordings <n>', 'how many', numberOption(1, 100_000), 25)
		.option('--first <k>', 'number of the first one, to share a set’s work between processes', numberOption(0, 1e6), 0)
		.option('--seed <n>', 'same seed, same set', numberOption(0, 0xffff_ffff), 1)
		.option(
			'--tensors <size>',
			'write SIZE x SIZE scan areas of fresh images for training, not screens',
			numberOption(32, 512),
		)
		.option('--sheet <file>', 'write simulated pictures into one PNG, and compare their vessels with published figures')
		.option('--beside <folder>', 'with --sheet: real scan areas to show beside them (JPEG or PNG; needs ffmpeg)')
		.action(async (options: Options) => {
			const { out, sheet, beside } = options;
			if (out === undefined && sheet === undefined)
				throw new PhleboxError('bad-usage', 'simulate: nothing to write; give --out FOLDER or --sheet FILE');
			if (beside !== undefined && sheet === undefined)
				throw new PhleboxError('bad-usage', 'simulate: --beside goes with a sheet; give --sheet FILE too');
			if (sheet !== undefined) await compare(sheet, beside, options.seed);
			if (out !== undefined) await writeSet(out, options);
		});
}

async function compare(out: string, beside: string | undefined, seed: number): Promise<void> {
	const { simulated, real } = await writeComparisonSheet({ out, beside, seed });
	console.log(`${out}: ${simulated} simulated and ${real} real pictures`);
	console.log(greyLevelTable(measureGreyLevels({ seed })));
}

async function writeSet(out: string, { recordings, first, seed, tensors }: Options): Promise<void> {
	const progress = progressLine('simulate');
	let frames = 0;
	const shared = {
		...{ out, recordings, first, seed },
		onProgress: (written: { written: number; recordings: number; id: string; frames: number }) => {
			frames += written.frames;
			progress.update(written.written, written.recordings, written.id);
		},
	};
	const entries =
		tensors === undefined ? await writeRecordingSet(shared) : await writeTensorSet({ ...shared, size: tensors });
	progress.end();
	console.log(`${out}: ${entries.length} recordings, ${frames} ${tensors === undefined ? 'frames' : 'images'}`);
}
