#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { messageOf, PhleboxError } from '../errors.ts';
import { softwareVersion } from '../packageRoot.ts';
import { benchCommand } from './commands/bench.ts';
import { configCommand } from './commands/config.ts';
import { darkenCommand } from './commands/darken.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { fleetCommand } from './commands/fleet.ts';
import { importCommand } from './commands/import.ts';
import { learnCommand } from './commands/learn.ts';
import { modelCommand } from './commands/model.ts';
import { outboxCommand } from './commands/outbox.ts';
import { provisionCommand } from './commands/provision.ts';
import { runCommand } from './commands/run.ts';
import { simulateCommand } from './commands/simulate.ts';
import { guardOutputs } from './outputs.ts';

const usageExit = 2;

function program(): Command {
	return new Command('phlebox')
		.description('Watches an ultrasound screen and shows whether a leg vein closes under the probe. Names no disease.')
		.version(softwareVersion)
		.exitOverride()
		.showHelpAfterError(false)
		.configureOutput({ outputError: () => undefined })
		.addCommand(demoCommand())
		.addCommand(runCommand())
		.addCommand(simulateCommand())
		.addCommand(importCommand())
		.addCommand(evaluateCommand())
		.addCommand(benchCommand())
		.addCommand(doctorCommand())
		.addCommand(darkenCommand())
		.addCommand(learnCommand())
		.addCommand(modelCommand())
		.addCommand(configCommand())
		.addCommand(outboxCommand())
		.addCommand(fleetCommand())
		.addCommand(provisionCommand());
}

/** Subcommands made apart do not inherit these from their parent. */
function inherit(parent: Command): Command {
	for (const child of parent.commands) inherit(child.copyInheritedSettings(parent));
	return parent;
}

guardOutputs();
try {
	await inherit(program()).parseAsync();
} catch (error) {
	if (error instanceof CommanderError) {
		if (error.exitCode !== 0)
			console.error(
				`phlebox: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; \`phlebox --help\` shows what there is`,
			);
		process.exitCode = error.exitCode === 0 ? 0 : usageExit;
	} else {
		console.error(
			error instanceof PhleboxError
				? error.message.replaceAll(/^/gm, 'phlebox: ')
				: `phlebox: unexpected: ${messageOf(error)}\n${error instanceof Error ? error.stack : ''}`,
		);
		process.exitCode = error instanceof PhleboxError && error.code === 'bad-usage' ? usageExit : 1;
	}
}
