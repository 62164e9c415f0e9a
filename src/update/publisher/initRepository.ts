import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhleboxError } from '../../errors.ts';
import { keyIdOf, type PublicKey } from '../tuf/keyFile.ts';
import { draft, type Json } from '../tuf/metadata.ts';
import { type Role, roles } from '../tuf/roles.ts';
import { Repository, type Settings } from './repository.ts';

export interface RoleKeys {
	keys: readonly PublicKey[];
	threshold: number;
}

/** The body of a root's metadata. */
export function rootBody(plan: Readonly<Record<Role, RoleKeys>>): Json {
	const keys: Record<string, Json> = {};
	const byRole: Record<string, Json> = {};
	for (const role of roles) {
		const { threshold } = plan[role];
		const ids = [...new Set(plan[role].keys.map(keyIdOf))];
		if (ids.length < threshold) {
			const words = `${role} needs ${threshold} different keys to sign and is given ${ids.length}`;
			throw new PhleboxError('bad-usage', `${words}; name more keys, or a lower threshold`);
		}
		for (const key of plan[role].keys) keys[keyIdOf(key)] = { ...key };
		byRole[role] = { keyids: ids, threshold };
	}
	return { consistent_snapshot: true, keys, roles: byRole };
}

/**
 * Begins a repository: the first root and an empty list of models wait for their signatures (`signRepository`).
 * @throws PhleboxError repository-invalid when there is one already; bad-usage for too few keys
 */
export function initRepository(
	folder: string,
	plan: Readonly<Record<Role, RoleKeys>>,
	expiryDays: Settings['expiryDays'],
	now: Date,
): Repository {
	if (existsSync(join(folder, 'repository.json')) || existsSync(join(folder, 'metadata')))
		throw new PhleboxError('repository-invalid', `${folder} holds a repository already; it is never written over`);
	const body = rootBody(plan);
	const repository = new Repository(folder);
	repository.writePending('root', draft('root', 1, body, now, expiryDays.root));
	repository.writePending('targets', draft('targets', 1, { targets: {} }, now, expiryDays.targets));
	repository.writeSettings({ schema: 1, expiryDays });
	return repository;
}
