import { createHash } from 'node:crypto';
import {
	closeSync,
	createReadStream,
	fsyncSync,
	linkSync,
	mkdirSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	statfsSync,
	statSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, PhleboxError } from '../../errors.ts';
import { syncFolder } from '../atomicFile.ts';

export interface StoreLimits {
	/** Most that the store may take, bytes: the model that runs, the one before, the one that comes. */
	maxBytes: number;
	/** What has to be left free on the disk for all else, bytes. */
	reserveBytes: number;
}

export const storeDefaults: StoreLimits = { maxBytes: 2 * 1024 ** 3, reserveBytes: 256 * 1024 ** 2 };

export interface Content {
	sha256: string;
	length: number;
}

/**
 * Files by what is in them, and packages that are hard links to them.
 *
 *     partial/HASH         what has come of a file so far
 *     objects/HASH         whole and checked
 *     packages/HASH/       a model package, by the hash of its manifest's file
 */
export class ObjectStore {
	readonly folder: string;
	readonly #limits: StoreLimits;
	readonly #freeBytes: (folder: string) => number;

	constructor(folder: string, limits: StoreLimits = storeDefaults, freeBytes = freeOnDisk) {
		this.folder = folder;
		this.#limits = limits;
		this.#freeBytes = freeBytes;
	}

	/** @throws PhleboxError store-failed */
	open(): void {
		try {
			for (const name of ['partial', 'objects', 'packages']) mkdirSync(join(this.folder, name), { recursive: true });
		} catch (cause) {
			throw new PhleboxError('store-failed', `${this.folder} cannot be made: ${messageOf(cause)}`, { cause });
		}
	}

	partial({ sha256 }: Content): string {
		return join(this.folder, 'partial', sha256);
	}

	/** Whole, by its length: its hash was right when it came in, and is checked again when a package is loaded. */
	has({ sha256, length }: Content): boolean {
		return statSync(join(this.folder, 'objects', sha256), { throwIfNoEntry: false })?.size === length;
	}

	/**
	 * Before anything is fetched: is there room for what is missing?
	 * @throws PhleboxError store-full
	 */
	checkRoom(contents: readonly Content[]): void {
		const missing = contents.filter((content) => !this.has(content));
		const there = (content: Content) => statSync(this.partial(content), { throwIfNoEntry: false })?.size ?? 0;
		const needed = missing.reduce((sum, content) => sum + Math.max(0, content.length - there(content)), 0);
		if (needed === 0) return;
		const used = bytesIn(join(this.folder, 'objects')) + bytesIn(join(this.folder, 'partial'));
		if (used + needed > this.#limits.maxBytes)
			throw full(
				`${this.folder} holds ${used} bytes and would need ${needed} more, of ${this.#limits.maxBytes} allowed`,
			);
		const free = this.#freeBytes(this.folder);
		if (free - needed < this.#limits.reserveBytes)
			throw full(
				`${this.folder}: ${free} bytes are free, ${needed} are needed, ${this.#limits.reserveBytes} have to be left`,
			);
	}

	/**
	 * Takes over what has come whole, if it is what was signed.
	 * @throws PhleboxError update-rejected, and what has come is thrown away; store-failed
	 */
	async accept(content: Content): Promise<void> {
		const partial = this.partial(content);
		const found = await hashOf(partial);
		if (found !== content.sha256) {
			rmSync(partial, { force: true });
			throw new PhleboxError(
				'update-rejected',
				`a file has sha256 ${found}, signed is ${content.sha256}; it is thrown away`,
			);
		}
		try {
			const handle = openSync(partial, 'r');
			fsyncSync(handle);
			closeSync(handle);
			renameSync(partial, join(this.folder, 'objects', content.sha256));
			syncFolder(join(this.folder, 'objects'));
		} catch (cause) {
			throw new PhleboxError('store-failed', `${partial} cannot be taken over: ${messageOf(cause)}`, { cause });
		}
	}

	packageFolder(sha256: string): string {
		return join(this.folder, 'packages', sha256);
	}

	/**
	 * Lays a package's files together, in one step.
	 * @param files by name in the package
	 * @throws PhleboxError store-failed
	 */
	assemble(sha256: string, files: ReadonlyMap<string, Content>): string {
		const folder = this.packageFolder(sha256);
		const aside = `${folder}.new`;
		try {
			rmSync(aside, { recursive: true, force: true });
			mkdirSync(aside, { recursive: true });
			for (const [name, content] of files) linkSync(join(this.folder, 'objects', content.sha256), join(aside, name));
			syncFolder(aside);
			rmSync(folder, { recursive: true, force: true });
			renameSync(aside, folder);
			syncFolder(join(this.folder, 'packages'));
		} catch (cause) {
			throw new PhleboxError('store-failed', `${folder} cannot be made: ${messageOf(cause)}`, { cause });
		}
		return folder;
	}

	/** Removes all packages but these, and every file that none of them holds. */
	collect(keep: ReadonlySet<string>): void {
		for (const name of readdirSync(join(this.folder, 'packages')))
			if (!keep.has(name)) rmSync(join(this.folder, 'packages', name), { recursive: true, force: true });
		// A file that is in no package has no other name.
		for (const name of readdirSync(join(this.folder, 'objects')))
			if (statSync(join(this.folder, 'objects', name)).nlink === 1) rmSync(join(this.folder, 'objects', name));
		for (const name of readdirSync(join(this.folder, 'partial'))) rmSync(join(this.folder, 'partial', name));
	}
}

function full(words: string): PhleboxError {
	return new PhleboxError('store-full', `${words}; nothing was fetched`);
}

function freeOnDisk(folder: string): number {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize;
}

function bytesIn(folder: string): number {
	return readdirSync(folder).reduce(
		(sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
		0,
	);
}

async function hashOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
	return hash.digest('hex');
}
