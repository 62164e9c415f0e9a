import { PhleboxError } from '../../errors.ts';
import { keyIdOf, type PublicKey, publicKeySchema } from '../tuf/keyFile.ts';
import { draft } from '../tuf/metadata.ts';
import type { Role } from '../tuf/roles.ts';
import { type RoleKeys, rootBody } from './initRepository.ts';
import { renewTargets } from './publish.ts';
import type { Repository } from './repository.ts';

export interface Rotation {
	role: Role;
	add: readonly PublicKey[];
	/** Key ids, or the beginnings of them, at least 8 digits. */
	remove: readonly string[];
	/** Left out: as it was. */
	threshold?: number;
}

/**
 * Puts a root with other keys up for signing: by enough keys of the root before and by enough of its own. Without any
 * change it is a root with a later expiry. Where the list of models needs other signers, it is put up as well.
 * @throws PhleboxError bad-usage, repository-invalid
 */
export function rotate(repository: Repository, { role, add, remove, threshold }: Rotation, now: Date): number {
	const released = repository.released('root');
	if (!released) throw new PhleboxError('repository-invalid', `${repository.folder}: the first root is not signed yet`);
	const before = (repository.pending('root') ?? released).signed;
	const keysOf = (each: Role): RoleKeys => {
		const { keyIDs, threshold } = before.roles[each]!;
		return { keys: keyIDs.map((id) => publicKeySchema.parse(before.keys[id]!.toJSON())), threshold };
	};
	const plan: Record<Role, RoleKeys> = {
		root: keysOf('root'),
		targets: keysOf('targets'),
		snapshot: keysOf('snapshot'),
		timestamp: keysOf('timestamp'),
	};
	let keys = [...plan[role].keys, ...add];
	for (const id of remove) {
		const found = keys.filter((key) => keyIdOf(key).startsWith(id));
		if (id.length < 8 || found.length !== 1)
			throw new PhleboxError(
				'bad-usage',
				`"${id}" names ${found.length} keys of ${role}; give its id, at least 8 digits: ${keys.map(keyIdOf).join(', ')}`,
			);
		keys = keys.filter((key) => key !== found[0]);
	}
	plan[role] = { keys, threshold: threshold ?? plan[role].threshold };
	const version = released.signed.version + 1;
	const days = repository.settings().expiryDays.root;
	repository.writePending('root', draft('root', version, rootBody(plan), now, days));
	if (role === 'targets') renewTargets(repository, now);
	return version;
}
