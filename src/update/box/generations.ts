import {
	closeSync,
	cpSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readlinkSync,
	renameSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../atomicFile.ts';

/**
 * A folder of files that is changed in a copy and switched in one step: `current` is a link to the newest generation,
 * and the one before is kept. Whatever was killed half way is not pointed at, and is swept away by the next change.
 */
export class Generations {
	readonly folder: string;

	constructor(folder: string) {
		this.folder = folder;
	}

	/** Folders to read from, best first. */
	readable(): string[] {
		const current = this.#current();
		const names = this.#names().filter((name) => current !== null && number(name) <= number(current));
		return names.sort((a, b) => number(b) - number(a)).map((name) => join(this.folder, name));
	}

	/** A new folder, with a copy of `from` where that is given. */
	begin(from: string | null): string {
		const current = this.#current();
		for (const name of this.#names())
			if (current === null || number(name) > number(current)) rmSync(join(this.folder, name), { recursive: true });
		const next = join(this.folder, `g${current === null ? 1 : number(current) + 1}`);
		mkdirSync(next, { recursive: true });
		if (from) cpSync(from, next, { recursive: true });
		return next;
	}

	/** From here on the new folder is the current one, even after a power cut. */
	commit(next: string): void {
		for (const name of readdirSync(next)) {
			const file = openSync(join(next, name), 'r');
			fsyncSync(file);
			closeSync(file);
		}
		syncFolder(next);
		const aside = join(this.folder, 'current.new');
		rmSync(aside, { force: true });
		symlinkSync(next.slice(this.folder.length + 1), aside);
		renameSync(aside, join(this.folder, 'current'));
		syncFolder(this.folder);
		for (const old of this.readable().slice(2)) rmSync(old, { recursive: true, force: true });
	}

	#current(): string | null {
		const link = join(this.folder, 'current');
		try {
			const name = readlinkSync(link);
			return isName(name) && existsSync(join(this.folder, name)) ? name : null;
		} catch {
			return null;
		}
	}

	#names(): string[] {
		return existsSync(this.folder) ? readdirSync(this.folder).filter(isName) : [];
	}
}

const isName = (name: string) => /^g[1-9]\d{0,14}$/.test(name);
const number = (name: string) => Number(name.slice(1));
