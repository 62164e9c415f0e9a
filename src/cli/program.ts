import { Command, CommanderError } from 'commander';
import { messageOf, PhleboxError } from '../errors.ts';
import { softwareVersion } from '../packageRoot.ts';

const usageExit = 2;

/** Loaded when asked for: whoever puts out the lights does not wait for the code of a broker. */
const commands: Record<string, () => Promise<Command>> = {
	demo: async () => (await import('./commands/demo.ts')).demoCommand(),
	run: async () => (await import('./commands/run.ts')).runCommand(),
	simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
	import: async () => (await import('./commands/import.ts')).importCommand(),
	evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
	bench: async () => (await import('./commands/bench.ts')).benchCommand(),
	doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
	darken: async () => (await import('./commands/darken.ts')).darkenCommand(),
	learn: async () => (await import('./commands/learn.ts')).learnCommand(),
	model: async () => (await import('./commands/model.ts')).modelCommand(),
	config: async () => (await import('./commands/config.ts')).configCommand(),
	outbox: async () => (await import('./commands/outbox.ts')).outboxCommand(),
	fleet: async () => (await import('./commands/fleet.ts')).fleetCommand(),
	rollout: async () => (await import('./commands/rollout.ts')).rolloutCommand(),
	provision: async () => (await import('./commands/provision.ts')).provisionCommand(),
};

/** All commands, or the one that is asked for by name. */
async function program(asked = ''): Promise<Command> {
	const all = new Command('phlebox')
		.description('Watches an ultrasound screen and shows whether a leg vein closes under the probe. Names no disease.')
		.version(softwareVersion)
		.exitOverride()
		.showHelpAfterError(false)
		.configureOutput({ outputError: () => undefined });
	const loaded = Object.hasOwn(commands, asked) ? [commands[asked]!] : Object.values(commands);
	for (const command of await Promise.all(loaded.map((load) => load()))) all.addCommand(command);
	return all;
}

/** Subcommands made apart do not inherit these from their parent. */
function inherit(parent: Command): Command {
	for (const child of parent.commands) inherit(child.copyInheritedSettings(parent));
	return parent;
}

/** Runs a command line, says in one line why it cannot. @returns the exit code; a command may have set another one */
export async function runProgram(args: readonly string[]): Promise<number> {
	try {
		await inherit(await program(args[0])).parseAsync(args, { from: 'user' });
		return 0;
	} catch (error) {
		if (error instanceof CommanderError) {
			if (error.exitCode === 0) return 0;
			console.error(
				`phlebox: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; \`phlebox --help\` shows what there is`,
			);
			return usageExit;
		}
		console.error(
			error instanceof PhleboxError
				? error.message.replaceAll(/^/gm, 'phlebox: ')
				: `phlebox: unexpected: ${messageOf(error)}\n${error instanceof Error ? error.stack : ''}`,
		);
		return error instanceof PhleboxError && error.code === 'bad-usage' ? usageExit : 1;
	}
}
