import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Metadata, Root } from '@tufjs/models';
import { z } from 'zod';
import { messageOf, PhleboxError } from '../../errors.ts';
import { writeAtomically } from '../atomicFile.ts';
import { type AnyMetadata, parseMetadata, type SignedOf, textOf } from '../tuf/metadata.ts';
import { type Role, roles } from '../tuf/roles.ts';

const days = z.int().min(1).max(3650);
const settingsSchema = z.strictObject({
	schema: z.literal(1),
	expiryDays: z.strictObject({ root: days, targets: days, snapshot: days, timestamp: days }),
});
export type Settings = z.infer<typeof settingsSchema>;

/**
 * A repository as the publisher holds it: plain files.
 *
 *     repository.json           how long new files are valid; boxes do not read it
 *     pending/ROLE.json         what waits for signatures; boxes do not read it
 *     targets/NAME/VERSION/HASH.FILE   files of model packages
 *     metadata/N.root.json, N.targets.json, N.snapshot.json, timestamp.json
 */
export class Repository {
	readonly folder: string;

	constructor(folder: string) {
		this.folder = folder;
	}

	/** @throws PhleboxError repository-invalid */
	settings(): Settings {
		const file = join(this.folder, 'repository.json');
		let json: unknown;
		try {
			json = JSON.parse(readFileSync(file, 'utf8'));
		} catch (cause) {
			const words = `${file}: cannot be read (${messageOf(cause)}); \`phlebox model init-repository\` makes a repository`;
			throw new PhleboxError('repository-invalid', words, { cause });
		}
		const result = settingsSchema.safeParse(json);
		if (result.success) return result.data;
		const issue = result.error.issues[0]!;
		throw new PhleboxError('repository-invalid', `${file}: ${issue.path.join('.')}: ${issue.message}`);
	}

	writeSettings(settings: Settings): void {
		writeAtomically(join(this.folder, 'repository.json'), `${JSON.stringify(settings, null, '\t')}\n`);
	}

	/** Highest version that was released; 0 for none. The timestamp's stands in its file only. */
	latestVersion(role: Exclude<Role, 'timestamp'>): number {
		const folder = join(this.folder, 'metadata');
		if (!existsSync(folder)) return 0;
		const name = new RegExp(`^([1-9]\\d*)\\.${role}\\.json$`);
		return Math.max(0, ...readdirSync(folder).map((file) => Number(name.exec(file)?.[1] ?? 0)));
	}

	/** The latest that was released; null for none. */
	released<R extends Role>(role: R): Metadata<SignedOf[R]> | null {
		const version = role === 'timestamp' ? null : this.latestVersion(role as Exclude<Role, 'timestamp'>);
		if (version === 0) return null;
		return this.#read(role, join('metadata', version === null ? `${role}.json` : `${version}.${role}.json`));
	}

	root(version: number): Metadata<Root> | null {
		return this.#read('root', join('metadata', `${version}.root.json`));
	}

	pending<R extends Role>(role: R): Metadata<SignedOf[R]> | null {
		return this.#read(role, join('pending', `${role}.json`));
	}

	writePending(role: Role, metadata: AnyMetadata): void {
		writeAtomically(join(this.folder, 'pending', `${role}.json`), textOf(metadata));
	}

	discardPending(role: Role): void {
		rmSync(join(this.folder, 'pending', `${role}.json`), { force: true });
	}

	pendingRoles(): Role[] {
		return roles.filter((role) => existsSync(join(this.folder, 'pending', `${role}.json`)));
	}

	/** Puts a file that enough keys have signed where the boxes look; returns its name in the folder. */
	release(role: Role, metadata: AnyMetadata): string {
		const name = role === 'timestamp' ? 'timestamp.json' : `${metadata.signed.version}.${role}.json`;
		writeAtomically(join(this.folder, 'metadata', name), textOf(metadata));
		this.discardPending(role);
		return join('metadata', name);
	}

	/** The bytes of released metadata or of a target. */
	bytes(name: string): Buffer {
		try {
			return readFileSync(join(this.folder, name));
		} catch (cause) {
			const words = `${join(this.folder, name)}: cannot be read: ${messageOf(cause)}`;
			throw new PhleboxError('repository-invalid', words, { cause });
		}
	}

	#read<R extends Role>(role: R, name: string): Metadata<SignedOf[R]> | null {
		if (!existsSync(join(this.folder, name))) return null;
		return parseMetadata(role, this.bytes(name).toString('utf8'), join(this.folder, name));
	}
}
