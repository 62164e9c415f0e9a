import { createHash } from 'node:crypto';
import type { Metadata, Root } from '@tufjs/models';
import { PhleboxError } from '../../errors.ts';
import type { SigningKey } from '../tuf/keyFile.ts';
import { type AnyMetadata, draft, missingSignatures, type SignedOf } from '../tuf/metadata.ts';
import type { Role } from '../tuf/roles.ts';
import { renewTargets } from './publish.ts';
import type { Repository } from './repository.ts';

export interface SignReport {
	/** Files that enough keys have signed now, in the order in which they are to be uploaded. */
	released: string[];
	/** What still waits, and for how much. */
	waiting: { role: Role; version: number; missing: string }[];
	/** Roles that each key has signed, by key id. */
	signed: Record<string, Role[]>;
}

/**
 * Signs whatever waits and a given key may sign; releases what is complete: root, targets, then a snapshot and a
 * timestamp where these no longer fit. Nobody has to hold all keys: signatures gather in `pending/`.
 * @param renew roles that get a new version and expiry though nothing else changed
 * @throws PhleboxError key-invalid for a key that has nothing to sign; repository-invalid
 */
export function signRepository(
	repository: Repository,
	keys: readonly SigningKey[],
	now: Date,
	renew: ReadonlySet<Role> = new Set(),
): SignReport {
	const report: SignReport = { released: [], waiting: [], signed: Object.fromEntries(keys.map(({ id }) => [id, []])) };
	const settle = <R extends Role>(role: R, metadata: Metadata<SignedOf[R]>, judges: readonly Metadata<Root>[]) => {
		addSignatures(role, metadata as AnyMetadata, judges, keys, report);
		repository.writePending(role, metadata as AnyMetadata);
		const missing = judges.map((judge) => missingSignatures(judge, role, metadata as AnyMetadata)).find(Boolean);
		if (missing) report.waiting.push({ role, version: metadata.signed.version, missing });
		else report.released.push(repository.release(role, metadata as AnyMetadata));
	};

	const before = repository.released('root');
	const next = repository.pending('root');
	if (next) settle('root', next, before ? [before, next] : [next]);
	// A root that still waits comes first; by its keys the list of models can be signed already.
	const coming = repository.pending('root');
	const root = coming ?? repository.released('root');
	if (root && renew.has('targets')) renewTargets(repository, now);
	const targets = repository.pending('targets');
	if (coming && targets) {
		addSignatures('targets', targets, [coming], keys, report);
		repository.writePending('targets', targets);
		report.waiting.push({ role: 'targets', version: targets.signed.version, missing: 'the root comes first' });
	} else if (root && !coming) {
		if (targets) settle('targets', targets, [root]);
		const snapshot = snapshotToSign(repository, root, now, renew.has('snapshot'));
		if (snapshot) settle('snapshot', snapshot, [root]);
		const timestamp = timestampToSign(repository, root, now, renew.has('timestamp'));
		if (timestamp) settle('timestamp', timestamp, [root]);
	}
	const idle = keys.find(({ id }) => report.signed[id]!.length === 0);
	if (idle && report.released.length === 0) {
		const words = `key ${idle.id} has nothing to sign in ${repository.folder}`;
		throw new PhleboxError('key-invalid', `${words}; \`phlebox model verify\` says whose keys are known`);
	}
	return report;
}

function addSignatures(
	role: Role,
	metadata: AnyMetadata,
	judges: readonly Metadata<Root>[],
	keys: readonly SigningKey[],
	report: SignReport,
): void {
	for (const key of keys) {
		if (!judges.some((judge) => judge.signed.roles[role]!.keyIDs.includes(key.id))) continue;
		metadata.sign((data) => key.sign(data));
		report.signed[key.id]!.push(role);
	}
}

/** What a file says of the one below it: its version, and its bytes so that none other can stand in for it. */
function metaOf(repository: Repository, role: 'targets' | 'snapshot', version: number) {
	const bytes = repository.bytes(`metadata/${version}.${role}.json`);
	return { version, length: bytes.length, hashes: { sha256: createHash('sha256').update(bytes).digest('hex') } };
}

function snapshotToSign(repository: Repository, root: Metadata<Root>, now: Date, renew: boolean) {
	const targets = repository.latestVersion('targets');
	if (targets === 0) return null;
	const fits = (snapshot: Metadata<SignedOf['snapshot']>) => snapshot.signed.meta['targets.json']?.version === targets;
	const released = repository.released('snapshot');
	if (released && fits(released) && !renew && !missingSignatures(root, 'snapshot', released)) return null;
	const pending = repository.pending('snapshot');
	if (pending && fits(pending)) return pending;
	const body = { meta: { 'targets.json': metaOf(repository, 'targets', targets) } };
	const version = repository.latestVersion('snapshot') + 1;
	return draft('snapshot', version, body, now, repository.settings().expiryDays.snapshot);
}

function timestampToSign(repository: Repository, root: Metadata<Root>, now: Date, renew: boolean) {
	const snapshot = repository.latestVersion('snapshot');
	if (snapshot === 0 || missingSignatures(root, 'snapshot', repository.released('snapshot')!)) return null;
	const fits = (timestamp: Metadata<SignedOf['timestamp']>) => timestamp.signed.snapshotMeta.version === snapshot;
	const released = repository.released('timestamp');
	if (released && fits(released) && !renew && !missingSignatures(root, 'timestamp', released)) return null;
	const pending = repository.pending('timestamp');
	if (pending && fits(pending)) return pending;
	const body = { meta: { 'snapshot.json': metaOf(repository, 'snapshot', snapshot) } };
	const version = (released?.signed.version ?? 0) + 1;
	return draft('timestamp', version, body, now, repository.settings().expiryDays.timestamp);
}

/** What two signers compare by voice before either signs: of the content alone, whoever has signed it so far. */
export function contentHash(metadata: AnyMetadata): string {
	return createHash('sha256').update(JSON.stringify(metadata.signed.toJSON())).digest('hex');
}
