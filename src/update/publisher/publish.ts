import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Targets } from '@tufjs/models';
import { PhleboxError } from '../../errors.ts';
import type { Manifest } from '../../inference/package/manifest.ts';
import { proveEveryGraph } from '../../inference/package/modelPackage.ts';
import { sha256Of } from '../../inference/package/packageFile.ts';
import { writeAtomically } from '../atomicFile.ts';
import { packageFiles } from '../packageFiles.ts';
import { draft, type Json } from '../tuf/metadata.ts';
import { listedModels, storedPath, targetPath } from '../tuf/modelTargets.ts';
import type { Repository } from './repository.ts';

/**
 * Checks a package as boxes would, those with a variant and those without, puts its files among the targets and a new list of models up for signing. What is
 * already waiting to be signed is kept and added to; signatures on it fall away, for it has changed.
 * @throws PhleboxError repository-invalid; what `proveEveryGraph` throws
 */
export function publishModel(repository: Repository, folder: string, now: Date): Manifest {
	const manifest = proveEveryGraph(folder);
	const { name, version } = manifest;
	const targets = targetsToChange(repository);
	if (listedModels(targets).some((listed) => listed.name === name && listed.version === version)) {
		const words = `${name} ${version} is in the repository already`;
		throw new PhleboxError('repository-invalid', `${words}; what is out stays as it is, give the model a new version`);
	}
	const body = targetsBody(targets);
	for (const file of packageFiles(manifest)) {
		const bytes = readFileSync(join(folder, file));
		const path = targetPath(name, version, file);
		const sha256 = sha256Of(bytes);
		const stored = join(repository.folder, 'targets', storedPath(path, sha256));
		if (!existsSync(stored)) writeAtomically(stored, bytes);
		body[path] = { length: bytes.length, hashes: { sha256 }, custom: { name, version } };
	}
	proposeTargets(repository, body, now);
	return manifest;
}

/**
 * Takes a model off the list. Its files stay for boxes that hold the list before; boxes that run it go on running it.
 * @throws PhleboxError repository-invalid
 */
export function retireModel(repository: Repository, name: string, version: string, now: Date): void {
	const targets = targetsToChange(repository);
	const models = listedModels(targets);
	if (!models.some((listed) => listed.name === name && listed.version === version)) {
		const there = models.map((listed) => `${listed.name} ${listed.version}`).join(', ') || 'none';
		throw new PhleboxError('repository-invalid', `${name} ${version} is not in the repository; there: ${there}`);
	}
	const kept = Object.entries(targetsBody(targets)).filter(([path]) => !path.startsWith(targetPath(name, version, '')));
	proposeTargets(repository, Object.fromEntries(kept), now);
}

/** The same list under a new version and expiry; for a new key, or before the old one expires. */
export function renewTargets(repository: Repository, now: Date): void {
	proposeTargets(repository, targetsBody(targetsToChange(repository)), now);
}

function targetsToChange(repository: Repository): Targets {
	const targets = repository.pending('targets') ?? repository.released('targets');
	if (!targets)
		throw new PhleboxError('repository-invalid', `${repository.folder} has no list of models; is it a repository?`);
	return targets.signed;
}

function targetsBody({ targets }: Targets): Record<string, Json> {
	return Object.fromEntries(Object.entries(targets).map(([path, target]) => [path, target.toJSON()]));
}

function proposeTargets(repository: Repository, targets: Record<string, Json>, now: Date): void {
	const version = repository.latestVersion('targets') + 1;
	const days = repository.settings().expiryDays.targets;
	repository.writePending('targets', draft('targets', version, { targets }, now, days));
}
