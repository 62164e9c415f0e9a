import { Command, InvalidArgumentError, Option } from 'commander';
import { PhleboxError } from '../../errors.ts';
import type { Recording } from '../../evaluation/recordingSet.ts';
import { readManifest } from '../../inference/package/packageFile.ts';
import { type Imported, type ImportOptions, importRecording } from '../../recordingImport/importRecording.ts';
import { modelFolder } from '../../vision/protocol.ts';
import { numberOption } from '../numberOption.ts';
import { progressLine } from '../progressLine.ts';

type Options = Omit<ImportOptions, 'video' | 'landmarks' | 'onProgress' | 'signal'> & { model: string; json?: boolean };

export function importCommand(): Command {
	return new Command('import')
		.description('Brings a video of your own and its labels into a recording set')
		.argument('<video>', 'the recorded screen: .y4m, or whatever ffmpeg can decode')
		.requiredOption('--labels <file>', 'CSV: frame,landmark,vein with a row a frame, or from,to,landmark,vein')
		.requiredOption('--into <set>', 'folder of the recording set; made where there is none')
		.option('--roi <x,y,w,h>', 'scan area in pixels of the video; default: found on it', roi)
		.option('--id <id>', 'name of the recording; default: the video’s', id)
		.option('--subject <subject>', 'who was scanned: a number or code, no name')
		.addOption(new Option('--side <side>', 'of the body').choices(['left', 'right']))
		.option('--kind <kind>', 'what happens in it, such as full-press or half-press')
		.option('--layout <layout>', 'which machine’s screen it is')
		.option('--landmark <landmark>', 'what it is about; default: what the labels say')
		.addOption(
			new Option('--outcome <outcome>', 'what is to come of it; default: what follows from the labels').choices([
				'captured',
				'not-captured',
			]),
		)
		.option('--crop', 'make everything outside the scan area black, the patient’s name included')
		.option('--fps <n>', 'frames a second in place of the video’s own', numberOption(1, 240, false))
		.option('--license <text>', 'of a new set', 'not stated')
		.option('--model <folder>', 'model package whose landmarks the labels may name', 'shipped')
		.option('--json', 'print what the index says of it as JSON')
		.action(async (video: string, { model, json, crop, ...options }: Options) => {
			const progress = progressLine('import');
			const stop = new AbortController();
			for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
				process.once(name, () =>
					stop.abort(new PhleboxError('bad-usage', `import: stopped by ${name}; the set is as it was`)),
				);
			const imported = await importRecording({
				...options,
				video,
				crop: crop === true,
				landmarks: readManifest(modelFolder(model)).outputs.landmark.labels,
				signal: stop.signal,
				onProgress: (done, all) => progress.update(done, all),
			});
			progress.end();
			if (json) console.log(JSON.stringify(imported.entry, null, 2));
			else console.log(words(options.into, imported, crop === true));
		});
}

function words(set: string, { entry, frames, recordings }: Imported, cropped: boolean): string {
	const { landmark, outcome } = entry.expected;
	const kept = cropped
		? 'only the scan area was kept'
		: 'the whole screen is in it, and with it whatever name the screen shows; --crop keeps the scan area only';
	return `${set}: ${recordings} recordings\n${entry.id}: ${frames} frames, scan area ${entry.roi.join(',')}, expected ${outcome} ${landmark}\n${kept}`;
}

function roi(text: string): Recording['roi'] {
	const parts = /^(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(text)?.slice(1).map(Number);
	if (!parts) throw new InvalidArgumentError('It has to be like 120,80,640,480: x,y,width,height.');
	return parts as Recording['roi'];
}

function id(text: string): string {
	if (!/^[\w][\w.-]*$/.test(text)) throw new InvalidArgumentError('It has to be of letters, digits, _, - and dots.');
	return text;
}
