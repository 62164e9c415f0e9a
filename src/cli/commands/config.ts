import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { renderDefaults } from '../../config/render.ts';
import { PhleboxError } from '../../errors.ts';

export function configCommand(): Command {
	return new Command('config')
		.description('Checks a configuration file, or prints one with every default')
		.option('--check <file>', 'say everything that is wrong with a file; start nothing')
		.option('--print-defaults', 'print a file with every key, its default and what it does')
		.option('--json', 'print the configuration that results, as JSON')
		.action((options: { check?: string; printDefaults?: boolean; json?: boolean }) => {
			if (options.check !== undefined) {
				const config = loadConfig(options.check);
				console.log(options.json ? JSON.stringify(config, null, 2) : `${options.check}: fine`);
			} else if (options.printDefaults) {
				if (options.json) console.log(JSON.stringify(loadConfig(null, {}), null, 2));
				else process.stdout.write(renderDefaults());
			} else throw new PhleboxError('bad-usage', 'config: give --check FILE or --print-defaults');
		});
}
