import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import { inferenceOptions } from '../../inference/options.ts';
import { ObjectStore, storeDefaults } from '../../update/box/objectStore.ts';
import { originAt } from '../../update/box/origin.ts';
import { TrustedMetadata } from '../../update/box/trustedList.ts';
import { passGateApart } from '../../update/drive/gateChild.ts';
import { leakDefaults } from '../../update/install/gate.ts';
import { JournalFile } from '../../update/install/journalFile.ts';
import { prepareModel } from '../../update/install/prepare.ts';
import { numberOption } from '../numberOption.ts';

interface Options {
	from: string;
	trust: string;
	store: string;
	sha256?: string;
	quotaMb: number;
	latencyMs?: number;
	config?: string;
}

const gateDeadlineMs = 120_000;

/** What a box does to get a model, by hand: from a server or a stick into its store. */
export function fetchCommand(): Command {
	return new Command('fetch')
		.description('brings a signed model from a repository into a store, and tries it on this machine')
		.argument('<name>', 'name of the model')
		.argument('<version>', 'its version')
		.requiredOption('--from <place>', 'http(s) address of the repository, or its folder, such as a stick’s')
		.requiredOption('--trust <file>', 'the root that this box was given: metadata/1.root.json of the repository')
		.requiredOption('--store <folder>', 'where models and what is known of the repository are kept')
		.option('--sha256 <hash>', 'hash of the manifest’s file, where you were told it')
		.option('--quota-mb <n>', 'most that the store may take', numberOption(1, 1e6), storeDefaults.maxBytes / 2 ** 20)
		.option(
			'--latency-ms <n>',
			'longest that an image may take here; default: the configuration’s',
			numberOption(1, 1000, false),
		)
		.option('--config <file>', 'the box’s configuration: its sites, how it runs networks, its limits')
		.action(async (name: string, version: string, options: Options) => {
			const origin = originAt(options.from);
			const store = new ObjectStore(join(options.store, 'models'), {
				...storeDefaults,
				maxBytes: options.quotaMb * 2 ** 20,
			});
			store.open();
			mkdirSync(join(options.store, 'metadata'), { recursive: true });
			const trusted = new TrustedMetadata(join(options.store, 'metadata'), rootAt(options.trust));
			const list = await trusted.refresh(origin, new Date());
			const intent = { name, version, ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }) };
			const journal = new JournalFile(join(options.store, 'journal.json'));
			journal.open();
			const config = loadConfig(options.config ?? null);
			const { latencyMs: most, memoryMiB } = config.update;
			const gate = {
				...{ latencyMs: options.latencyMs ?? most, images: 20, ...leakDefaults },
				sites: config.exam.sites ?? null,
			};
			// In a process of its own, as the box does: a model that breaks it is in quarantine, and this command says so.
			const pass = (folder: string) => {
				const request = { folder, limits: gate, options: inferenceOptions(config.inference) };
				return passGateApart(request, { memoryMiB, deadlineMs: gateDeadlineMs });
			};
			const progress = process.stderr.isTTY ? told(`${name} ${version}`) : () => undefined;
			const work = { origin, list, store, journal, gate, pass, progress };
			const { folder, sha256, latencyMs } = await prepareModel(work, intent);
			console.log(`${name} ${version}, manifest ${sha256}`);
			console.log(`list ${list.versions.targets}, signed by ${list.signedBy.join(', ')}`);
			console.log(`its golden images come out right on this machine, in ${latencyMs.toFixed(2)} ms an image`);
			console.log(`to use it from the next start on: inference.model: ${folder}`);
		});
}

/** A line on the terminal that is written over as bytes come. */
function told(what: string) {
	return (done: number, total: number) => {
		const end = done === total ? '\n' : '';
		process.stderr.write(`\r${what}: ${done} of ${total} bytes${end}`);
	};
}

function rootAt(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (cause) {
		throw new PhleboxError('file-not-found', `${file}: cannot be read: ${messageOf(cause)}`, { cause });
	}
}
