import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { createFrameMemory } from '../../capture/frameMemory.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import { loadModelPackage } from '../../inference/package/modelPackage.ts';
import { fetchModel } from '../../update/box/fetchModel.ts';
import { ObjectStore, storeDefaults } from '../../update/box/objectStore.ts';
import { originAt } from '../../update/box/origin.ts';
import { TrustedMetadata } from '../../update/box/trustedList.ts';
import { numberOption } from '../numberOption.ts';

interface Options {
	from: string;
	trust: string;
	store: string;
	sha256?: string;
	quotaMb: number;
}

/** What a box does to get a model, by hand: from a server or a stick into its store. */
export function fetchCommand(): Command {
	return new Command('fetch')
		.description('brings a signed model from a repository into a store, and tries its golden images')
		.argument('<name>', 'name of the model')
		.argument('<version>', 'its version')
		.requiredOption('--from <place>', 'http(s) address of the repository, or its folder, such as a stick’s')
		.requiredOption('--trust <file>', 'the root that this box was given: metadata/1.root.json of the repository')
		.requiredOption('--store <folder>', 'where models and what is known of the repository are kept')
		.option('--sha256 <hash>', 'hash of the manifest’s file, where you were told it')
		.option('--quota-mb <n>', 'most that the store may take', numberOption(1, 1e6), storeDefaults.maxBytes / 2 ** 20)
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
			const { folder, sha256 } = await fetchModel(origin, list, store, intent);
			loadModelPackage(folder, createFrameMemory(0)).model.close();
			console.log(`${name} ${version}, manifest ${sha256}`);
			console.log(`list ${list.versions.targets}, signed by ${list.signedBy.join(', ')}`);
			console.log(`its golden images come out right on this machine; to use it: inference.model: ${folder}`);
		});
}

function rootAt(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (cause) {
		throw new PhleboxError('file-not-found', `${file}: cannot be read: ${messageOf(cause)}`, { cause });
	}
}
