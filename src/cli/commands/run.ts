import { Command } from 'commander';
import { pino } from 'pino';
import { LogTap } from '../../box/logTap.ts';
import { loadConfig } from '../../config/load.ts';
import { keepHeapLean } from '../../service/leanHeap.ts';
import { startMarks } from '../../startMarks.ts';
import { prepareWorker } from '../../vision/spareWorker.ts';
import { numberOption } from '../numberOption.ts';
import { untilEnd } from '../untilEnd.ts';

export function runCommand(): Command {
	return new Command('run')
		.description('Runs the box')
		.option('--config <file>', 'configuration; default: the defaults and the environment')
		.option('--seconds <n>', 'end by itself after so long', numberOption(1, 1e7, false))
		.action(async (options: { config?: string; seconds?: number }) => {
			const config = loadConfig(options.config ?? null);
			startMarks.over('configuration');
			keepHeapLean();
			prepareWorker();
			const tap = new LogTap();
			// Standard error, one line a write: nothing of the log is lost when the process is killed.
			const log = pino(
				{ level: config.log.level, base: { box: config.box.id } },
				tap.beside(pino.destination({ fd: 2, sync: true })),
			);
			// Loaded here and not above: it is most of what there is, and `--help` needs none of it.
			const { BoxRunner } = await import('../../box/boxRunner.ts');
			const { Service } = await import('../../service/service.ts');
			startMarks.over('code');
			const runner = new BoxRunner({ config, file: options.config ?? null, tap }, log);
			await runner.start();
			const service = new Service(config.vision, () => runner.progress);
			service.start();
			try {
				await untilEnd(runner, options.seconds);
			} finally {
				service.stop();
			}
		});
}
