import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { evaluate } from '../../evaluation/evaluate.ts';
import { evaluationText } from '../../evaluation/evaluationText.ts';
import { FrameLog } from '../../evaluation/frameLog.ts';
import { reportHtml } from '../../evaluation/report/report.ts';
import { readManifest } from '../../inference/package/packageFile.ts';
import { modelFolder } from '../../vision/protocol.ts';
import { outputFile } from '../outputFile.ts';
import { progressLine } from '../progressLine.ts';

interface Options {
	config?: string;
	model?: string;
	findRoi?: boolean;
	json?: string;
	frames?: string;
	report?: string;
}

export function evaluateCommand(): Command {
	return new Command('evaluate')
		.description('Judges a model on a recording set')
		.argument('<set>', 'folder with index.json, videos and labels')
		.option('--config <file>', 'configuration; default: the defaults')
		.option('--model <folder>', 'model package; default: the configuration’s')
		.option('--find-roi', 'let the box find the scan area instead of taking the set’s')
		.option('--json <file>', 'write the figures as JSON too')
		.option('--frames <file>', 'write what is true and what was said of each frame, as CSV')
		.option('--report <file>', 'write a report to look at, as one HTML page')
		.action((set: string, options: Options) => {
			const config = loadConfig(options.config ?? null);
			if (options.model !== undefined) config.inference.model = options.model;
			const json = options.json === undefined ? null : outputFile(options.json);
			const report = options.report === undefined ? null : outputFile(options.report);
			const log = options.frames === undefined ? null : frameLog(options.frames, config);
			const progress = progressLine('evaluate');
			try {
				const { evaluation, judged } = evaluate(set, config, {
					findRoi: options.findRoi === true,
					onFrame: (recording, frame) => log?.write(recording, frame),
					onProgress: (done, all, id) => progress.update(done, all, id),
				});
				progress.end();
				json?.write(`${JSON.stringify(evaluation, null, 2)}\n`);
				report?.write(reportHtml(evaluation, judged, new Date().toISOString().slice(0, 10)));
				process.stdout.write(evaluationText(evaluation));
			} finally {
				log?.close();
			}
		});
}

function frameLog(file: string, config: Config): FrameLog {
	const { landmark, vein } = readManifest(modelFolder(config.inference.model)).outputs;
	return new FrameLog(file, landmark.labels, vein.labels);
}
