import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetFile } from '@tufjs/models';
import { Updater } from 'tuf-js';
import { messageOf, PhleboxError } from '../../errors.ts';
import { type AnyMetadata, issuedAt, parseMetadata } from '../tuf/metadata.ts';
import { type Role, roles } from '../tuf/roles.ts';
import { metadataBase, OriginFetcher } from './fetcher.ts';
import { Generations } from './generations.ts';
import type { Origin } from './origin.ts';

/** The list of models as it was signed. */
export interface TrustedList {
	targets: Readonly<Record<string, TargetFile>>;
	versions: Record<Role, number>;
	/** Key ids of whoever signed the list, for the record. */
	signedBy: string[];
}

const sizes = { rootMaxLength: 64 * 1024, timestampMaxLength: 16 * 1024, snapshotMaxLength: 64 * 1024 };
const limits = { ...sizes, targetsMaxLength: 4 * 1024 * 1024, maxRootRotations: 64 };
const floorFile = 'floor.json';
/** tuf-js's words for a file that it could not write; it hands the error itself on in some places only. */
const notWritten = /Failed to persist metadata/;

/**
 * What this box knows of a repository, on disk: the newest metadata that it has found right, and a floor of time. Every
 * refresh works on a copy, and each file in it is right as far as it goes; so the copy takes the place of the one before
 * even when the refresh ends half way, as long as tuf-js itself came to an end.
 */
export class TrustedMetadata {
	readonly #generations: Generations;
	readonly #firstRoot: string;

	/**
	 * @param folder where it lies
	 * @param firstRoot the text of the root that this box was given to trust
	 */
	constructor(folder: string, firstRoot: string) {
		this.#generations = new Generations(folder);
		this.#firstRoot = firstRoot;
	}

	/**
	 * The latest time that a signed file is known to have been made at: the clock may be wrong, that time has been. Only
	 * signed words raise it, so a clock that once ran ahead does no lasting harm.
	 */
	floor(): Date {
		const times = this.#generations.readable().map(floorIn);
		return new Date(Math.max(0, ...times));
	}

	/**
	 * Asks the repository what there is.
	 * @param clock the machine's, right or wrong
	 * @throws PhleboxError update-unreachable; update-rejected: what is there is not right; update-expired; store-failed
	 */
	async refresh(origin: Origin, clock: Date): Promise<TrustedList> {
		const floor = this.floor();
		const folder = this.#prepare();
		const fetcher = new OriginFetcher(origin);
		let failed: unknown = null;
		try {
			const updater = new Updater({ metadataDir: folder, metadataBaseUrl: metadataBase, fetcher, config: limits });
			judgeBy(updater, new Date(Math.max(clock.getTime(), floor.getTime())));
			await updater.refresh();
		} catch (error) {
			failed = fetcher.failed ?? error;
			// A file may be there in part: the one before it stays, or an older one could pass for new the next time.
			if (failed === error && notWritten.test(messageOf(error))) {
				rmSync(folder, { recursive: true, force: true });
				throw new PhleboxError('store-failed', `${folder} cannot be written: ${messageOf(error)}`, { cause: error });
			}
		}
		const root = this.#read('root', folder, origin);
		const issued = failed ? null : issuedAt(this.#read('timestamp', folder, origin) as AnyMetadata);
		const raised = new Date(Math.max(floor.getTime(), issued?.getTime() ?? 0));
		writeFileSync(join(folder, floorFile), JSON.stringify({ floor: raised.toISOString() }));
		try {
			this.#generations.commit(folder);
		} catch (cause) {
			throw new PhleboxError('store-failed', `${folder} cannot be put in place: ${messageOf(cause)}`, { cause });
		}
		if (failed) throw rejection(origin, failed);
		const all = {
			root,
			targets: this.#read('targets', folder, origin),
			snapshot: this.#read('snapshot', folder, origin),
			timestamp: this.#read('timestamp', folder, origin),
		};
		const time = new Date(Math.max(clock.getTime(), raised.getTime()));
		for (const role of roles) {
			const { expires } = all[role].signed;
			if (all[role].signed.isExpired(time))
				throw new PhleboxError(
					'update-expired',
					`${origin.name}: its ${role} expired on ${expires}; it is ${time.toISOString()}`,
				);
		}
		const version = (role: Role) => all[role].signed.version;
		return {
			targets: all.targets.signed.targets,
			versions: {
				root: version('root'),
				targets: version('targets'),
				snapshot: version('snapshot'),
				timestamp: version('timestamp'),
			},
			signedBy: Object.keys(all.targets.signatures),
		};
	}

	/** A copy of the newest generation whose root can be read; else the first root alone. */
	#prepare(): string {
		const from = this.#generations.readable().find((folder) => {
			try {
				parseMetadata('root', readFileSync(join(folder, 'root.json'), 'utf8'), folder);
				return true;
			} catch {
				return false;
			}
		});
		const next = this.#generations.begin(from ?? null);
		if (!from) writeFileSync(join(next, 'root.json'), this.#firstRoot);
		return next;
	}

	/** A root that TUF takes and this box does not (see `checkRoot`) is not kept. */
	#read<R extends Role>(role: R, folder: string, origin: Origin) {
		try {
			return parseMetadata(role, readFileSync(join(folder, `${role}.json`), 'utf8'), role);
		} catch (error) {
			rmSync(folder, { recursive: true, force: true });
			throw rejection(origin, error);
		}
	}
}

/**
 * tuf-js judges expiry by the machine's clock and has no option for another. Its version is pinned, and tests run it by
 * clocks years from here.
 */
function judgeBy(updater: Updater, time: Date): void {
	const { trustedSet } = updater as unknown as { trustedSet: { referenceTime?: Date } };
	if (!(trustedSet.referenceTime instanceof Date)) throw new Error('this version of tuf-js keeps its time elsewhere');
	trustedSet.referenceTime = time;
}

function floorIn(folder: string): number {
	try {
		return Date.parse(JSON.parse(readFileSync(join(folder, floorFile), 'utf8')).floor) || 0;
	} catch {
		return 0;
	}
}

function rejection(origin: Origin, error: unknown): PhleboxError {
	if (error instanceof PhleboxError && error.code !== 'repository-invalid') return error;
	const words = messageOf(error);
	if (/expired/.test(words))
		return new PhleboxError('update-expired', `${origin.name}: ${words}; or is the clock wrong?`);
	return new PhleboxError('update-rejected', `${origin.name}: ${words}`, { cause: error });
}
