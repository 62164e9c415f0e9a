import { Command, Option } from 'commander';
import { PhleboxError } from '../../errors.ts';
import { initRepository } from '../../update/publisher/initRepository.ts';
import { publishModel, retireModel } from '../../update/publisher/publish.ts';
import { Repository } from '../../update/publisher/repository.ts';
import { rotate } from '../../update/publisher/rotate.ts';
import { contentHash, type SignReport, signRepository } from '../../update/publisher/sign.ts';
import { verifyRepository } from '../../update/publisher/verifyRepository.ts';
import { makeKeyFiles, openSigningKey, readPublicKey } from '../../update/tuf/keyFile.ts';
import type { AnyMetadata } from '../../update/tuf/metadata.ts';
import { listedModels } from '../../update/tuf/modelTargets.ts';
import { defaultExpiryDays, defaultThresholds, type Role, roles } from '../../update/tuf/roles.ts';
import { numberOption } from '../numberOption.ts';
import { passphrase } from '../passphrase.ts';

const threshold = numberOption(1, 16);
const days = numberOption(1, 3650);

/** The commands of whoever publishes models; docs/updates.md goes through them. */
export function publisherCommands(): Command[] {
	return [keygen(), init(), sign(), rotation(), publish(), retire(), verify()];
}

function keygen(): Command {
	return new Command('keygen')
		.description('makes a signing key: FILE, encrypted by PHLEBOX_KEY_PASSPHRASE, and FILE.pub')
		.argument('<file>', 'where the private key goes; keep it off the network')
		.option('--passphrase-file <file>', 'take the passphrase from the first line of a file')
		.option('--no-passphrase', 'leave the key unencrypted, for a key that a machine uses by itself')
		.action((file: string, options: { passphraseFile?: string; passphrase: boolean }) => {
			const secret = options.passphrase ? passphrase(options.passphraseFile) : null;
			if (options.passphrase && secret === null)
				throw new PhleboxError('bad-usage', 'set PHLEBOX_KEY_PASSPHRASE, or give --passphrase-file or --no-passphrase');
			console.log(`${file}: key ${makeKeyFiles(file, secret)}; ${file}.pub is for others`);
		});
}

function init(): Command {
	const command = new Command('init-repository')
		.description('begins a repository of models; its first root then waits for signatures')
		.argument('<folder>', 'folder of the repository');
	for (const role of roles)
		command
			.requiredOption(`--${role} <files...>`, `public keys that sign ${role}`)
			.addOption(
				new Option(`--${role}-threshold <n>`, `how many of them have to`)
					.argParser(threshold)
					.default(defaultThresholds[role]),
			)
			.addOption(
				new Option(`--${role}-days <n>`, `days until a signed ${role} expires`)
					.argParser(days)
					.default(defaultExpiryDays[role]),
			);
	return command.action((folder: string, options: Record<string, unknown>) => {
		const of = (role: Role) => ({
			keys: (options[role] as string[]).map(readPublicKey),
			threshold: options[`${role}Threshold`] as number,
		});
		const plan = { root: of('root'), targets: of('targets'), snapshot: of('snapshot'), timestamp: of('timestamp') };
		const daysOf = (role: Role) => options[`${role}Days`] as number;
		const expiryDays = {
			root: daysOf('root'),
			targets: daysOf('targets'),
			snapshot: daysOf('snapshot'),
			timestamp: daysOf('timestamp'),
		};
		sayPending(initRepository(folder, plan, expiryDays, new Date()));
	});
}

function sign(): Command {
	return new Command('sign')
		.description('signs what waits in a repository, and releases what is complete; without a key, shows what waits')
		.argument('<folder>', 'folder of the repository')
		.option('--key <files...>', 'private keys', [])
		.option('--passphrase-file <file>', 'take the passphrase of the keys from the first line of a file')
		.addOption(
			new Option('--renew <roles...>', 'give these a new expiry though nothing changed').choices(
				roles.filter((role) => role !== 'root'),
			),
		)
		.action((folder: string, options: { key: string[]; passphraseFile?: string; renew?: Role[] }) => {
			const repository = new Repository(folder);
			repository.settings();
			if (options.key.length === 0) {
				if (options.renew) throw new PhleboxError('bad-usage', '--renew needs --key FILE to sign with');
				sayPending(repository);
				return;
			}
			const secret = passphrase(options.passphraseFile);
			const keys = options.key.map((file) => openSigningKey(file, secret));
			sayReport(signRepository(repository, keys, new Date(), new Set(options.renew)));
		});
}

function rotation(): Command {
	return new Command('rotate')
		.description('puts a root with other keys, or a later expiry, up for signing')
		.argument('<folder>', 'folder of the repository')
		.addOption(new Option('--role <role>', 'whose keys change').choices(roles).makeOptionMandatory())
		.option('--add <files...>', 'public keys that sign from now on', [])
		.option('--remove <ids...>', 'ids of keys that no longer do', [])
		.option('--threshold <n>', 'how many have to sign from now on', threshold)
		.action((folder: string, options: { role: Role; add: string[]; remove: string[]; threshold?: number }) => {
			const repository = new Repository(folder);
			const { role, remove } = options;
			const limit = options.threshold === undefined ? {} : { threshold: options.threshold };
			rotate(repository, { role, add: options.add.map(readPublicKey), remove, ...limit }, new Date());
			sayPending(repository);
		});
}

function publish(): Command {
	return new Command('publish')
		.description('checks a sealed model package as a box would and puts it up for signing')
		.argument('<folder>', 'folder of the repository')
		.argument('<package>', 'folder of the model package')
		.action((folder: string, model: string) => {
			const repository = new Repository(folder);
			publishModel(repository, model, new Date());
			sayPending(repository);
		});
}

function retire(): Command {
	return new Command('retire')
		.description('takes a model off the list: no box installs it any more; puts that up for signing')
		.argument('<folder>', 'folder of the repository')
		.argument('<name>', 'name of the model')
		.argument('<version>', 'its version')
		.action((folder: string, name: string, version: string) => {
			const repository = new Repository(folder);
			retireModel(repository, name, version, new Date());
			sayPending(repository);
		});
}

function verify(): Command {
	return new Command('verify')
		.description('looks at a whole repository as a box would: every signature, expiry and file')
		.argument('<folder>', 'folder of the repository')
		.option('--json', 'print what was found as JSON')
		.action((folder: string, options: { json?: boolean }) => {
			const state = verifyRepository(new Repository(folder), new Date());
			if (options.json) {
				console.log(JSON.stringify(state, null, 2));
				return;
			}
			for (const role of roles) {
				const { version, expires, keys, threshold } = state.roles[role];
				console.log(`${role} ${version}, until ${expires}, ${threshold} of ${keys.map(short).join(', ')}`);
			}
			for (const { name, version, sha256, bytes } of state.models)
				console.log(`model ${name} ${version}, ${bytes} bytes, manifest ${sha256}`);
			if (state.pending.length > 0) console.log(`waits for signatures: ${state.pending.join(', ')}`);
		});
}

const short = (id: string) => id.slice(0, 12);

/** What signers look at before they sign: the content in words, and a hash that they compare. */
function sayPending(repository: Repository): void {
	const waiting = repository.pendingRoles();
	if (waiting.length === 0) console.log('nothing waits for signatures');
	for (const role of waiting) {
		const metadata = repository.pending(role)! as AnyMetadata;
		const { version, expires } = metadata.signed;
		console.log(`${role} ${version}, until ${expires}, waits for signatures; has ${namesOf(metadata) || 'none'}`);
		console.log(`  content ${contentHash(metadata)}`);
	}
	const targets = repository.pending('targets');
	for (const { name, version, sha256 } of targets ? listedModels(targets.signed) : [])
		console.log(`  model ${name} ${version}, manifest ${sha256}`);
	const root = repository.pending('root');
	for (const role of root ? roles : []) {
		const { keyIDs, threshold } = root!.signed.roles[role]!;
		console.log(`  ${role}: ${threshold} of ${keyIDs.join(', ')}`);
	}
}

function namesOf(metadata: AnyMetadata): string {
	return Object.keys(metadata.signatures).map(short).join(', ');
}

function sayReport({ released, waiting, signed }: SignReport): void {
	for (const [id, names] of Object.entries(signed))
		console.log(`key ${short(id)} signed ${names.join(', ') || 'nothing'}`);
	for (const { role, version, missing } of waiting) console.log(`${role} ${version} still waits: ${missing}`);
	if (released.length > 0) console.log(['upload targets/ first, then in this order:', ...released].join('\n  '));
}
