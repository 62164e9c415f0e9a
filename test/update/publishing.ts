import { join } from 'node:path';
import { initRepository } from '../../src/update/publisher/initRepository.ts';
import { publishModel } from '../../src/update/publisher/publish.ts';
import type { Repository } from '../../src/update/publisher/repository.ts';
import { type SignReport, signRepository } from '../../src/update/publisher/sign.ts';
import {
	makeKeyFiles,
	openSigningKey,
	type PublicKey,
	readPublicKey,
	type SigningKey,
} from '../../src/update/tuf/keyFile.ts';
import { defaultExpiryDays, type Role } from '../../src/update/tuf/roles.ts';
import { changeManifest, makeTinyPackage, type PackageParts, temporaryFolder } from '../inference/tinyPackage.ts';

export interface Pair {
	file: string;
	signing: SigningKey;
	open: PublicKey;
}

/** A key of its own file, unencrypted. */
export function makeKey(name = 'key'): Pair {
	const file = join(temporaryFolder(), name);
	makeKeyFiles(file, null);
	return { file, signing: openSigningKey(file, null), open: readPublicKey(`${file}.pub`) };
}

export interface Keys {
	root: [Pair, Pair, Pair];
	targets: [Pair, Pair];
	snapshot: Pair;
	timestamp: Pair;
}

export function makeKeys(): Keys {
	return {
		root: [makeKey('root-1'), makeKey('root-2'), makeKey('root-3')],
		targets: [makeKey('targets-1'), makeKey('targets-2')],
		snapshot: makeKey('snapshot'),
		timestamp: makeKey('timestamp'),
	};
}

export function planOf({ root, targets, snapshot, timestamp }: Keys) {
	return {
		root: { keys: root.map(({ open }) => open), threshold: 2 },
		targets: { keys: targets.map(({ open }) => open), threshold: 2 },
		snapshot: { keys: [snapshot.open], threshold: 1 },
		timestamp: { keys: [timestamp.open], threshold: 1 },
	};
}

/** Everyone who has to sign a list of models. */
export function releasers({ targets, snapshot, timestamp }: Keys): SigningKey[] {
	return [...targets, snapshot, timestamp].map(({ signing }) => signing);
}

/** A repository that is signed and empty. */
export function makeRepository(
	keys: Keys,
	now = new Date(),
	days: Record<Role, number> = defaultExpiryDays,
): Repository {
	const folder = join(temporaryFolder(), 'repository');
	const repository = initRepository(folder, planOf(keys), days, now);
	const all = [keys.root[0].signing, keys.root[1].signing, ...releasers(keys)];
	signRepository(repository, all, now);
	return repository;
}

/** A tiny package under another version; the golden images stay right. */
export function tinyVersion(version: string, parts: PackageParts = {}): string {
	const folder = makeTinyPackage(parts);
	changeManifest(folder, (manifest) => {
		manifest.version = version;
	});
	return folder;
}

/** Publishes and signs a tiny model. */
export function release(repository: Repository, keys: Keys, version: string, now = new Date()): SignReport {
	publishModel(repository, tinyVersion(version), now);
	return signRepository(repository, releasers(keys), now);
}
