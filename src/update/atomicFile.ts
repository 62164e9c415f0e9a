import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, PhleboxError } from '../errors.ts';

/** What was written into a folder (a new name, a rename) outlives a power cut only after this. */
export function syncFolder(folder: string): void {
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

/**
 * A power cut, a full disk or a kill leaves the old file or the new one whole, never a part.
 * @throws PhleboxError store-failed
 */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o644): void {
	const aside = `${path}.new`;
	try {
		mkdirSync(dirname(path), { recursive: true });
		const file = openSync(aside, 'w', mode);
		try {
			writeFileSync(file, content);
			fsyncSync(file);
		} finally {
			closeSync(file);
		}
		renameSync(aside, path);
		syncFolder(dirname(path));
	} catch (cause) {
		try {
			rmSync(aside, { force: true });
		} catch {
			// Where no file can be, none was left.
		}
		throw new PhleboxError('store-failed', `${path} cannot be written: ${messageOf(cause)}`, { cause });
	}
}
