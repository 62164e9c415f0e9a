import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { messageOf, PhleboxError } from '../../errors.ts';

/** One attribute of a sysfs device, opened once and written at its start, without allocation. */
export class SysfsFile {
	readonly path: string;
	#file = -1;

	constructor(path: string) {
		this.path = path;
	}

	/** @throws PhleboxError light-failed */
	open(): void {
		this.close();
		try {
			this.#file = openSync(this.path, constants.O_WRONLY);
		} catch (error) {
			throw ledFailed(`${this.path} cannot be opened for writing`, error);
		}
	}

	/** @throws PhleboxError light-failed */
	write(bytes: Uint8Array, length = bytes.length): void {
		try {
			writeSync(this.#file, bytes, 0, length, 0);
		} catch (error) {
			throw ledFailed(`${this.path} cannot be written`, error);
		}
	}

	/** May be called at any time. */
	close(): void {
		if (this.#file < 0) return;
		const file = this.#file;
		this.#file = -1;
		try {
			closeSync(file);
		} catch {
			// The device is gone, and the file with it.
		}
	}
}

/** @returns the text without its line end; null when there is no such file */
export function readSysfs(path: string): string | null {
	try {
		return readFileSync(path, 'utf8').trim();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw ledFailed(`${path} cannot be read`, error);
	}
}

export function ledFailed(what: string, error: unknown): PhleboxError {
	const hint = 'check that the LED is there and that this user may write it (udev rule in deploy)';
	const cause = (error as NodeJS.ErrnoException).code ?? messageOf(error);
	return new PhleboxError('light-failed', `LED: ${what} (${cause}); ${hint}`, { cause: error });
}
