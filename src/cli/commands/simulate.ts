import { Command } from 'commander';
import { writeRecordingSet } from '../../simulator/recordingSet.ts';
import { writeTensorSet } from '../../simulator/tensorSet.ts';
import { numberOption } from '../numberOption.ts';
import { progressLine } from '../progressLine.ts';

interface Options {
	out: string;
	recordings: number;
	first: number;
	seed: number;
	tensors?: number;
}

export function simulateCommand(): Command {
	return new Command('simulate')
		.description('Writes a set of simulated recordings with their labels, for evaluation or training')
		.requiredOption('--out <folder>', 'new or empty folder')
		.option('--recordings <n>', 'how many', numberOption(1, 100_000), 25)
		.option('--first <k>', 'number of the first one, to share a set’s work between processes', numberOption(0, 1e6), 0)
		.option('--seed <n>', 'same seed, same set', numberOption(0, 0xffff_ffff), 1)
		.option(
			'--tensors <size>',
			'write SIZE x SIZE scan areas of fresh images for training, not screens',
			numberOption(32, 512),
		)
		.action(async ({ out, recordings, first, seed, tensors }: Options) => {
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
		});
}
