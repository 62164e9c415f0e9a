import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { evaluate } from '../../evaluation/evaluate.ts';
import type { Evaluation } from '../../evaluation/tally.ts';
import { progressLine } from '../progressLine.ts';

export function evaluateCommand(): Command {
	return new Command('evaluate')
		.description('Judges a model on a recording set')
		.argument('<set>', 'folder with index.json, videos and labels')
		.option('--config <file>', 'configuration; default: the defaults')
		.option('--model <folder>', 'model package; default: the configuration’s')
		.option('--find-roi', 'let the box find the scan area instead of taking the set’s')
		.option('--json <file>', 'write the figures as JSON too')
		.action((set: string, options: { config?: string; model?: string; findRoi?: boolean; json?: string }) => {
			const config = loadConfig(options.config ?? null);
			if (options.model !== undefined) config.inference.model = options.model;
			const progress = progressLine('evaluate');
			const result = evaluate(set, config, {
				findRoi: options.findRoi === true,
				onProgress: (done, all, id) => progress.update(done, all, id),
			});
			progress.end();
			if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
			process.stdout.write(table(result));
		});
}

function table(result: Evaluation): string {
	const { fullyCompresses: whole } = result;
	const wrong = result.perRecording.filter((recording) => !recording.right);
	const rows = [
		['landmark macro-F1 by frame', result.landmarkMacroF1.toFixed(3)],
		['closed-vein F1 by frame', result.closedF1.toFixed(3)],
		['fully compresses F1 by recording', whole.f1.toFixed(3)],
		['  precision', whole.precision.toFixed(3)],
		['  recall', whole.recall.toFixed(3)],
		["said don't know, share of frames", result.dontKnowShare.toFixed(3)],
		['frames a second', result.framesPerSecond.toFixed(0)],
		['recordings, frames', `${result.recordings}, ${result.frames}`],
		['model', `${result.model.name} ${result.model.version} ${result.model.sha256.slice(0, 12)}`],
	];
	const lines = rows.map(([name, value]) => `${name!.padEnd(36)}${value}`);
	for (const { id, kind, expected, found } of wrong)
		lines.push(`wrong: ${id} (${kind ?? 'kind not given'}): expected ${expected}, ${found}`);
	return `${lines.join('\n')}\n`;
}
