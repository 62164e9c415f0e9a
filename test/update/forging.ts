import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { draft, type Json, textOf } from '../../src/update/tuf/metadata.ts';
import { start, type World } from './world.ts';

/** Targets metadata that whoever holds these keys would sign. */
export function forgedTargets(world: World, keys: number[], targets: Record<string, Json> = {}) {
	const repository = world.copy();
	const forged = draft('targets', 9, { targets }, start, 900);
	for (const at of keys) forged.sign((data) => world.keys.targets[at]!.signing.sign(data));
	writeFileSync(join(repository.folder, 'metadata/9.targets.json'), textOf(forged));
	// The online keys are the attacker's.
	signRepository(repository, [world.keys.snapshot.signing, world.keys.timestamp.signing], start);
	world.impersonate(repository);
}

/** The one file of the repository that matches. */
export function only(world: World, match: RegExp): string {
	const all = readdirSync(world.repository.folder, { recursive: true, encoding: 'utf8' });
	return all.find((name) => match.test(name))!;
}
