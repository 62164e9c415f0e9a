import { readFileSync } from 'node:fs';
import { messageOf, PhleboxError } from '../errors.ts';

const variable = 'PHLEBOX_KEY_PASSPHRASE';

/**
 * The passphrase of signing keys: the file's first line, else the environment's. Never an argument, which every user of
 * the machine can read; null for none.
 * @throws PhleboxError file-not-found
 */
export function passphrase(file: string | undefined): string | null {
	if (file === undefined) return process.env[variable] || null;
	try {
		return readFileSync(file, 'utf8').split('\n', 1)[0] || null;
	} catch (cause) {
		throw new PhleboxError('file-not-found', `${file}: cannot be read: ${messageOf(cause)}`, { cause });
	}
}
