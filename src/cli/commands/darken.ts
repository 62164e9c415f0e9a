import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { PhleboxError } from '../../errors.ts';

export function darkenCommand(): Command {
	return new Command('darken')
		.description('Puts every configured light out; what systemd runs once the box has stopped, however it stopped')
		.option('--config <file>', 'configuration; default: the defaults and the environment')
		.action(async (options: { config?: string }) => {
			const { indicator } = loadConfig(options.config ?? null);
			const { darkenAll } = await import('../../indicator/darkenAll.ts');
			const failures = darkenAll(indicator);
			if (failures.length > 0)
				throw new PhleboxError('light-failed', failures.map(({ message }) => message).join('\n'));
		});
}
