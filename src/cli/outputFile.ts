import { closeSync, openSync, writeFileSync } from 'node:fs';
import { messageOf, PhleboxError } from '../errors.ts';

/**
 * A file that a command writes at its end. That it can be written is known at the beginning, not after long work.
 * @throws PhleboxError store-failed
 */
export function outputFile(file: string): { write(text: string): void } {
	const attempt = (act: () => void) => {
		try {
			act();
		} catch (error) {
			throw new PhleboxError('store-failed', `${file} cannot be written: ${messageOf(error)}`, { cause: error });
		}
	};
	attempt(() => closeSync(openSync(file, 'a')));
	return { write: (text) => attempt(() => writeFileSync(file, text)) };
}
