import type { Metadata, Root } from '@tufjs/models';
import { PhleboxError } from '../../errors.ts';
import { sha256Of } from '../../inference/package/packageFile.ts';
import { type AnyMetadata, missingSignatures } from '../tuf/metadata.ts';
import { type ListedModel, listedModels, storedPath } from '../tuf/modelTargets.ts';
import { type Role, roles } from '../tuf/roles.ts';
import type { Repository } from './repository.ts';

export interface RepositoryState {
	roles: Record<Role, { version: number; expires: string; keys: string[]; threshold: number }>;
	models: ListedModel[];
	pending: Role[];
}

/**
 * Looks at a whole repository as a box that knows its first root would, and at each file of each model.
 * @throws PhleboxError repository-invalid, naming the first file that is not as it has to be
 */
export function verifyRepository(repository: Repository, now: Date): RepositoryState {
	const root = verifyRoots(repository);
	const timestamp = verified(repository, root, 'timestamp');
	const snapshot = verified(repository, root, 'snapshot');
	const targets = verified(repository, root, 'targets');
	fits(repository, timestamp.signed.snapshotMeta, `${snapshot.signed.version}.snapshot.json`, 'timestamp.json');
	const meta = snapshot.signed.meta['targets.json'];
	if (!meta) throw wrong(repository, 'the snapshot names no list of models');
	fits(repository, meta, `${targets.signed.version}.targets.json`, 'the snapshot');
	for (const [path, target] of Object.entries(targets.signed.targets)) {
		const name = `targets/${storedPath(path, target.hashes.sha256 ?? '')}`;
		const bytes = repository.bytes(name);
		if (bytes.length !== target.length || sha256Of(bytes) !== target.hashes.sha256)
			throw wrong(repository, `${name} is not the file that was signed`);
	}
	const all: Record<Role, AnyMetadata> = { root, targets, snapshot, timestamp };
	for (const role of roles)
		if (all[role].signed.isExpired(now))
			throw wrong(repository, `${role} expired on ${all[role].signed.expires}; \`phlebox model sign --renew ${role}\``);
	const state = (role: Role) => {
		const { keyIDs, threshold } = root.signed.roles[role]!;
		return { version: all[role].signed.version, expires: all[role].signed.expires, keys: keyIDs, threshold };
	};
	return {
		roles: {
			root: state('root'),
			targets: state('targets'),
			snapshot: state('snapshot'),
			timestamp: state('timestamp'),
		},
		models: listedModels(targets.signed),
		pending: repository.pendingRoles(),
	};
}

function verifyRoots(repository: Repository): Metadata<Root> {
	const latest = repository.latestVersion('root');
	let before: Metadata<Root> | null = null;
	for (let version = 1; version <= latest; version++) {
		const root = repository.root(version);
		if (!root) throw wrong(repository, `metadata/${version}.root.json is missing; boxes climb the roots one by one`);
		if (root.signed.version !== version)
			throw wrong(repository, `metadata/${version}.root.json says version ${root.signed.version}`);
		const missing = (before && missingSignatures(before, 'root', root)) ?? missingSignatures(root, 'root', root);
		if (missing) throw wrong(repository, `metadata/${version}.root.json: ${missing}`);
		before = root;
	}
	if (!before) throw wrong(repository, 'no root is signed yet');
	return before;
}

function verified<R extends Exclude<Role, 'root'>>(repository: Repository, root: Metadata<Root>, role: R) {
	const metadata = repository.released(role);
	if (!metadata) throw wrong(repository, `no ${role} is signed yet`);
	const missing = missingSignatures(root, role, metadata as AnyMetadata);
	if (missing) throw wrong(repository, missing);
	return metadata;
}

function fits(
	repository: Repository,
	meta: { version: number; length?: number; hashes?: Record<string, string> },
	name: string,
	by: string,
): void {
	const bytes = repository.bytes(`metadata/${name}`);
	const same = name.startsWith(`${meta.version}.`) && bytes.length === meta.length;
	if (!same || sha256Of(bytes) !== meta.hashes?.sha256)
		throw wrong(repository, `metadata/${name} is not the one that ${by} names`);
}

function wrong(repository: Repository, words: string): PhleboxError {
	return new PhleboxError('repository-invalid', `${repository.folder}: ${words}`);
}
