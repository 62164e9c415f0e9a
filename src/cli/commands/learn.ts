import { rmSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { PhleboxError } from '../../errors.ts';

interface Options {
	config?: string;
	forget?: boolean;
	list?: boolean;
	json?: boolean;
}

export function learnCommand(): Command {
	const command = new Command('learn').description('Shows the box what it cannot know of the devices around it');
	command
		.command('no-signal')
		.description(
			'learns the picture (a logo, colour bars) that a capture device delivers while no signal comes in: pull the cable out at the ultrasound machine, stop the box, call this, start the box',
		)
		.option('--config <file>', 'configuration of the box; default: the defaults and the environment')
		.option('--list', 'say what has been learned')
		.option('--forget', 'forget all pictures')
		.option('--json', 'print what is known after it as JSON')
		.action(noSignal);
	return command;
}

async function noSignal(options: Options): Promise<void> {
	if (options.forget && options.list)
		throw new PhleboxError('bad-usage', 'learn: --list and --forget exclude each other');
	const config = loadConfig(options.config ?? null);
	const pictures = await import('../../screen/noSignalPictures.ts');
	const { folder } = config.store;
	if (options.forget) rmSync(pictures.noSignalFile(folder), { force: true });
	const known = pictures.readNoSignalPictures(folder);
	if (!options.forget && !options.list) {
		if (known.length >= pictures.mostPictures)
			throw new PhleboxError(
				'nothing-learned',
				`${known.length} pictures are known, which is the most; --forget them first`,
			);
		const learned = await look(config);
		known.push(learned);
		await pictures.writeNoSignalPictures(folder, known);
		if (!options.json)
			console.log(`learned a picture of ${learned.width}x${learned.height}; the box knows it from its next start on`);
	}
	if (options.json) console.log(JSON.stringify(known, null, 2));
	else {
		console.log(`${pictures.noSignalFile(folder)}: ${known.length} pictures`);
		for (const { learned, width, height } of known) console.log(`  ${width}x${height}, learned ${learned}`);
	}
}

async function look({ capture }: ReturnType<typeof loadConfig>) {
	const { createFrameMemory } = await import('../../capture/frameMemory.ts');
	const { signalTodo } = await import('../../doctor/capture.ts');
	const { learnNoSignal, learnTimes } = await import('../../screen/learnNoSignal.ts');
	const { frameSource } = await import('../../vision/source.ts');
	const source = frameSource(capture);
	const memory = createFrameMemory();
	source.open(memory);
	try {
		// Longer than the source itself waits before it says what is wrong.
		const { firstFrameMs, stuckMs } = capture.v4l2;
		const patienceMs = learnTimes.patienceMs + Math.max(firstFrameMs, stuckMs);
		return learnNoSignal(source, memory, signalTodo, { ...learnTimes, patienceMs });
	} finally {
		source.close();
	}
}
