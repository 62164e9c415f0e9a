import { copyFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { PhleboxError } from '../../errors.ts';
import type { AsideEntry, Entry } from '../outbox.ts';
import { asideRange, decodeAside, decodeEntry, entryRange } from './entryCodec.ts';
import { storeFault } from './storeFault.ts';

export interface OutboxContent {
	/** Oldest first. */
	pending: Entry[];
	aside: AsideEntry[];
}

const tries = 10;

/**
 * What a store holds, read from a copy: the box may go on using it. A copy during which LevelDB added or removed a file
 * could miss messages, so it is made anew then.
 * @param folder that of the outbox
 * @throws PhleboxError file-not-found | store-failed
 */
export async function readOutbox(folder: string): Promise<OutboxContent> {
	const level = join(folder, 'level');
	let last: unknown;
	for (let attempt = 0; attempt < tries; attempt += 1) {
		const copy = await mkdtemp(join(tmpdir(), 'phlebox-outbox-'));
		try {
			const before = await listing(level);
			for (const name of names(before)) await copyFile(join(level, name), join(copy, name));
			if (files(await listing(level)) === files(before)) return await read(copy);
		} catch (error) {
			if (error instanceof PhleboxError) throw error;
			last = error;
		} finally {
			await rm(copy, { recursive: true, force: true });
		}
	}
	throw storeFault(last ?? new Error('its files changed all the time'), folder);
}

interface Listed {
	name: string;
	/** Of the MANIFEST: it grows whenever files come or go. */
	bytes: number;
}

async function listing(level: string): Promise<Listed[]> {
	try {
		const found = (await readdir(level))
			.filter((name) => /^(CURRENT|MANIFEST-\d+|\d+\.(ldb|log|sst))$/.test(name))
			.sort();
		return await Promise.all(
			found.map(async (name) => ({
				name,
				bytes: name.startsWith('MANIFEST') ? (await stat(join(level, name))).size : 0,
			})),
		);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		throw new PhleboxError('file-not-found', `there is no outbox in ${level}: give store.folder of the box`, {
			cause: error,
		});
	}
}

const names = (listed: readonly Listed[]) => listed.map(({ name }) => name);
const files = (listed: readonly Listed[]) => listed.map(({ name, bytes }) => `${name} ${bytes}`).join();

async function read(folder: string): Promise<OutboxContent> {
	const level = new ClassicLevel(folder, { createIfMissing: false });
	await level.open();
	try {
		const content: OutboxContent = { pending: [], aside: [] };
		for await (const [key, value] of level.iterator(entryRange)) {
			const entry = decodeEntry(key, value);
			if (entry) content.pending.push(entry);
		}
		for await (const [key, text] of level.iterator(asideRange)) {
			const { value: _, ...entry } = decodeAside(key, text);
			content.aside.push(entry);
		}
		return content;
	} finally {
		await level.close();
	}
}
