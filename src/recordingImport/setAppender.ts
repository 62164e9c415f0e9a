import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PhleboxError } from '../errors.ts';
import { type Recording, type RecordingSet, readRecordingSet } from '../evaluation/recordingSet.ts';
import { SetFolder } from '../simulator/setFolder.ts';

const draftPrefix = '.import-';

/**
 * Adds one recording to a set, or makes a set of it. Files are written into a folder of their own and moved in when they
 * are whole; the index, replaced by rename, comes last. Whatever fails before leaves the set as it was.
 */
export class SetAppender {
	readonly #set: string;
	readonly #id: string;
	readonly #made: Pick<RecordingSet, 'name' | 'license' | 'source'>;
	#draft = '';
	#newFolder = false;

	/**
	 * @param id of the recording; its files have this name
	 * @param made what a new set's index says of it
	 */
	constructor(set: string, id: string, made: Pick<RecordingSet, 'name' | 'license' | 'source'>) {
		this.#set = set;
		this.#id = id;
		this.#made = made;
	}

	/**
	 * Makes sure that the recording can be added.
	 * @returns where its files are to be written
	 * @throws PhleboxError bad-usage, set-invalid, store-failed
	 */
	async open(): Promise<SetFolder> {
		this.#check();
		try {
			this.#newFolder = (await mkdir(this.#set, { recursive: true })) !== undefined;
			const there = (await readdir(this.#set)).filter((name) => !name.startsWith(draftPrefix));
			if (there.length > 0 && !there.includes('index.json'))
				throw new PhleboxError(
					'bad-usage',
					`${this.#set} holds ${there[0]} and no index.json; give a recording set, or a new or empty folder`,
				);
			this.#draft = await mkdtemp(join(this.#set, draftPrefix));
		} catch (error) {
			await this.abandon();
			throw this.#named(error);
		}
		return new SetFolder(this.#draft);
	}

	/** Moves the files in and adds the recording to the index. @returns how many recordings the set has now */
	async commit(entry: Recording): Promise<number> {
		const index = join(this.#set, 'index.json');
		const next = `${index}.part`;
		const moved: string[] = [];
		let begun = false;
		try {
			// Nobody else gets past this line before the rename: what is read below is still true then.
			const file = await open(next, 'wx');
			begun = true;
			try {
				this.#check();
				const tree = existsSync(index) ? JSON.parse(await readFile(index, 'utf8')) : { ...this.#made, recordings: [] };
				tree.recordings.push(entry);
				await file.writeFile(`${JSON.stringify(tree, null, '\t')}\n`);
				await file.sync();
				for (const name of [entry.video, entry.labels]) {
					await rename(join(this.#draft, name), join(this.#set, name));
					moved.push(name);
				}
				await rename(next, index);
				return tree.recordings.length;
			} finally {
				await file.close();
			}
		} catch (error) {
			for (const name of moved) await rm(join(this.#set, name), { force: true });
			if (begun) await rm(next, { force: true });
			throw this.#named(error);
		} finally {
			await rm(this.#draft, { recursive: true, force: true });
		}
	}

	/** Leaves the set as it was. */
	async abandon(): Promise<void> {
		if (this.#draft !== '') await rm(this.#draft, { recursive: true, force: true });
		// Only if it is empty.
		if (this.#newFolder) await rmdir(this.#set).catch(() => undefined);
	}

	#check(): void {
		const known = existsSync(join(this.#set, 'index.json')) ? readRecordingSet(this.#set).recordings : [];
		if (known.some(({ id }) => id === this.#id))
			throw new PhleboxError('bad-usage', `${this.#set} has a recording ${this.#id} already; give another --id`);
		for (const name of [`${this.#id}.y4m`, `${this.#id}.csv`])
			if (existsSync(join(this.#set, name)))
				throw new PhleboxError(
					'bad-usage',
					`${join(this.#set, name)} is there already; remove it or give another --id`,
				);
	}

	#named(error: unknown): PhleboxError {
		if (error instanceof PhleboxError) return error;
		const { code, path } = error as NodeJS.ErrnoException;
		if (code === 'EEXIST' && path?.endsWith('.part'))
			return new PhleboxError('store-failed', `${path} is there: another import is at work; if none is, remove it`);
		return new PhleboxError('store-failed', `cannot write to ${this.#set}: ${messageOf(error)}`, { cause: error });
	}
}
