import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { PhleboxError } from '../../errors.ts';
import type { AsideEntry, Entry } from '../../telemetry/outbox.ts';
import { outputFile } from '../outputFile.ts';

interface Options {
	config?: string;
	store?: string;
}

export function outboxCommand(): Command {
	const command = new Command('outbox').description('What waits to be sent, and what the broker will never take');
	where(command.command('list'))
		.description('lists the messages that wait and those set aside; the box may run meanwhile')
		.option('--json', 'print them whole, as JSON')
		.action(list);
	where(command.command('export'))
		.description('writes the messages to a file, one JSON object a line; the box may run meanwhile')
		.requiredOption('--out <file>', 'the file')
		.option('--aside', 'only those set aside')
		.action(exportAll);
	where(command.command('resend'))
		.description('puts messages that were set aside back in the queue; the box must not run')
		.argument('[id...]', 'their ids')
		.option('--all', 'all that were set aside')
		.action(resend);
	return command;
}

function where(command: Command): Command {
	return command
		.option('--config <file>', 'configuration of the box; default: the defaults and the environment')
		.option('--store <folder>', 'store.folder of the box, instead of a configuration');
}

function folderOf({ config, store }: Options): string {
	return join(store ?? loadConfig(config ?? null).store.folder, 'outbox');
}

async function list(options: Options & { json?: boolean }): Promise<void> {
	const { readOutbox } = await import('../../telemetry/outbox/outboxCopy.ts');
	const { pending, aside } = await readOutbox(folderOf(options));
	if (options.json) return console.log(JSON.stringify({ pending, aside }, null, 2));
	console.log(`${pending.length} wait to be sent, ${aside.length} set aside`);
	for (const entry of pending) console.log(line('waits', entry));
	for (const entry of aside) console.log(`${line('aside', entry)}  ${entry.reason}`);
}

function line(state: string, { seq, createdAt, id, topic }: Entry): string {
	return `${state}  ${String(seq).padStart(6)}  ${createdAt}  ${id}  ${topic}`;
}

async function exportAll(options: Options & { out: string; aside?: boolean }): Promise<void> {
	const { readOutbox } = await import('../../telemetry/outbox/outboxCopy.ts');
	const file = outputFile(options.out);
	const { pending, aside } = await readOutbox(folderOf(options));
	const entries: (Entry | AsideEntry)[] = options.aside ? aside : [...pending, ...aside];
	file.write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
	console.log(`${options.out}: ${entries.length} messages`);
}

async function resend(ids: string[], options: Options & { all?: boolean }): Promise<void> {
	if (ids.length > 0 === (options.all === true))
		throw new PhleboxError('bad-usage', 'outbox resend: give ids, or --all');
	const folder = folderOf(options);
	if (!existsSync(folder))
		throw new PhleboxError('file-not-found', `there is no outbox in ${folder}: give store.folder of the box`);
	const { resendAside } = await import('../../telemetry/outbox/resendAside.ts');
	console.log(`${await resendAside(folder, options.all ? null : ids)} messages go out at the next start of the box`);
}
