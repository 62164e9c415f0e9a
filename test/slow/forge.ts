import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../../src/update/publisher/repository.ts';
import type { SigningKey } from '../../src/update/tuf/keyFile.ts';
import { draft, textOf } from '../../src/update/tuf/metadata.ts';
import type { Role } from '../../src/update/tuf/roles.ts';
import { makeKey } from '../update/publishing.ts';
import { start, type World } from '../update/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever a forger writes
export type Body = Record<string, any>;

export interface Forged {
	/** Of what the publisher's next file would say. */
	change?(body: Body): void;
	/** Who signs it; left out, those who should. */
	by?: readonly SigningKey[];
}

const after = ['targets', 'snapshot', 'timestamp'] as const;

/** Any words, signed as they are. */
export function signedText(body: Body, keys: readonly SigningKey[]): string {
	const metadata = draft('targets', 1, { targets: {} }, start, 900);
	Object.defineProperty(metadata.signed, 'toJSON', { value: () => body });
	for (const key of keys) metadata.sign((data) => key.sign(data));
	return textOf(metadata);
}

/**
 * A copy of the repository in which the files of these roles are followed by new ones, each as the publisher would make
 * it but for the change; the files above say of those below what is true, unless that is the change. It is what the
 * server answers from now on.
 */
export function forge(world: World, forged: Partial<Record<Role, Forged>>): Repository {
	const repository = world.copy();
	const { root, targets, snapshot, timestamp } = world.keys;
	const rightful: Record<Role, SigningKey[]> = {
		root: [root[0].signing, root[1].signing],
		targets: targets.map(({ signing }) => signing),
		snapshot: [snapshot.signing],
		timestamp: [timestamp.signing],
	};
	const file = (name: string) => join(repository.folder, 'metadata', name);
	const bodyOf = (role: Role): Body => structuredClone(repository.released(role)!.signed.toJSON());
	if (forged.root) {
		const body = bodyOf('root');
		body.version += 1;
		forged.root.change?.(body);
		const name = `${repository.latestVersion('root') + 1}.root.json`;
		writeFileSync(file(name), signedText(body, forged.root.by ?? rightful.root));
	}
	const begin = after.findIndex((role) => forged[role]);
	let below: Body | null = null;
	for (const role of begin < 0 ? [] : after.slice(begin)) {
		const body = bodyOf(role);
		body.version += 1;
		if (below) body.meta = { [below.name]: below.meta };
		forged[role]?.change?.(body);
		const text = signedText(body, forged[role]?.by ?? rightful[role]);
		writeFileSync(file(role === 'timestamp' ? 'timestamp.json' : `${body.version}.${role}.json`), text);
		const sha256 = createHash('sha256').update(text).digest('hex');
		const meta = { version: body.version, length: Buffer.byteLength(text), hashes: { sha256 } };
		below = { name: `${role}.json`, meta };
	}
	world.impersonate(repository);
	return repository;
}

/** Renames a file of a forged repository. */
export function alsoAs({ folder }: Repository, name: string, other: string): void {
	writeFileSync(join(folder, 'metadata', other), readFileSync(join(folder, 'metadata', name)));
}

export const stranger = (): SigningKey => makeKey('stranger').signing;
