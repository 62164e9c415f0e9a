import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { messageOf, PhleboxError } from '../errors.ts';

/** The folder that a set is written into. Its index is written last, so that a set with an index is whole. */
export class SetFolder {
	readonly path: string;

	constructor(path: string) {
		this.path = path;
	}

	/** Makes the folder. @throws PhleboxError bad-usage if there is something in it, store-full, store-failed */
	async open(): Promise<void> {
		try {
			await mkdir(this.path, { recursive: true });
			const there = await readdir(this.path);
			if (there.length > 0)
				throw new PhleboxError(
					'bad-usage',
					`${this.path} is not empty (${there[0]}); give a new or empty folder for the set`,
				);
		} catch (error) {
			throw this.#named(error);
		}
	}

	/** Writes chunks one after the other, waiting for the disk; a chunk may be reused once `write` has resolved. */
	async file(name: string, fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<void>): Promise<void> {
		const stream = createWriteStream(join(this.path, name), { flags: 'wx', highWaterMark: 1 << 20 });
		const done = finished(stream);
		done.catch(() => {});
		try {
			await fill((chunk) => put(stream, chunk));
			stream.end();
			await done;
		} catch (error) {
			// The file may only now be opened: whoever is told of the failure finds nothing under way any more.
			stream.destroy();
			await done.catch(() => {});
			throw this.#named(error);
		}
	}

	async text(name: string, content: string): Promise<void> {
		try {
			await writeFile(join(this.path, name), content, { flag: 'wx' });
		} catch (error) {
			throw this.#named(error);
		}
	}

	/** Writes index.json, whole or not at all. */
	async index(content: unknown): Promise<void> {
		await this.text('index.json.part', `${JSON.stringify(content, null, '\t')}\n`);
		try {
			await rename(join(this.path, 'index.json.part'), join(this.path, 'index.json'));
		} catch (error) {
			throw this.#named(error);
		}
	}

	#named(error: unknown): PhleboxError {
		if (error instanceof PhleboxError) return error;
		const code = (error as NodeJS.ErrnoException).code;
		if (code === 'ENOSPC' || code === 'EDQUOT')
			return new PhleboxError(
				'store-full',
				`no space left for ${this.path}; free some, or write fewer or smaller recordings`,
				{
					cause: error,
				},
			);
		return new PhleboxError('store-failed', `cannot write to ${this.path}: ${messageOf(error)}`, { cause: error });
	}
}

function put(stream: WriteStream, chunk: Uint8Array): Promise<void> {
	return new Promise((resolve, reject) => {
		stream.write(chunk, (error) => (error ? reject(error) : resolve()));
	});
}
