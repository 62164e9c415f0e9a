import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { Origin, Part } from './origin.ts';

/** A repository in a folder: on a stick, or mounted. */
export class FolderOrigin implements Origin {
	readonly name: string;

	constructor(folder: string) {
		this.name = folder;
	}

	async read(file: string, maxBytes: number): Promise<Buffer | null> {
		const handle = await this.#open(file);
		if (!handle) return null;
		try {
			const { size } = await handle.stat();
			if (size > maxBytes)
				throw new PhleboxError(
					'update-rejected',
					`${join(this.name, file)} has ${size} bytes; at most ${maxBytes} are taken`,
				);
			return await handle.readFile();
		} catch (error) {
			throw error instanceof PhleboxError ? error : this.#lost(file, error);
		} finally {
			await handle.close().catch(() => undefined);
		}
	}

	async open(file: string, from: number): Promise<Part | null> {
		const handle = await this.#open(file);
		if (!handle) return null;
		await handle.close();
		return { from, bytes: createReadStream(join(this.name, file), { start: from }) };
	}

	async #open(file: string): Promise<FileHandle | null> {
		// A stick that was pulled out is no repository without the file.
		try {
			await (await open(this.name)).close();
		} catch (error) {
			throw this.#lost('', error);
		}
		try {
			return await open(join(this.name, file));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
			throw this.#lost(file, error);
		}
	}

	#lost(file: string, cause: unknown): PhleboxError {
		const words = `${join(this.name, file)} cannot be read: ${messageOf(cause)}; is the stick plugged in?`;
		return new PhleboxError('update-unreachable', words, { cause });
	}
}
