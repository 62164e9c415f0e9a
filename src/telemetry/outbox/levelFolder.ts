import { readdir, rename } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { PhleboxError } from '../../errors.ts';
import type { Entry } from '../outbox.ts';
import { decodeEntry, entryRange } from './entryCodec.ts';

/** LevelDB rewrites a log of up to this size when it opens. Its default of 4 MiB asks much of a disk that is full. */
const logBytes = 1 << 20;
/** Room that opening a database again takes at most: its log as a table, a new log and a new manifest. */
export const reopenBytes = 3 * logBytes;

/** Opens the LevelDB in `folder`; makes one where there is none. */
export async function openLevel(folder: string): Promise<ClassicLevel> {
	await refuseHeadless(folder);
	const level = new ClassicLevel(folder);
	await level.open({ writeBufferSize: logBytes });
	return level;
}

/**
 * LevelDB that finds no CURRENT begins anew and deletes the tables it does not know (classic-level 3.0.0: 2000 records
 * gone without an error). Such a folder is damaged, not new.
 */
async function refuseHeadless(folder: string): Promise<void> {
	const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
		if (error.code === 'ENOENT') return [];
		throw error;
	});
	if (names.includes('CURRENT') || !names.some((name) => /\.(ldb|sst|log)$/.test(name))) return;
	const cause = Object.assign(new Error('CURRENT is missing'), { code: 'LEVEL_CORRUPTION' });
	throw new PhleboxError('store-failed', `the store ${folder} has lost its file CURRENT`, { cause });
}

/** Renames the folder beside itself; nothing in it is touched. Returns the new path. */
export async function putAside(folder: string, now: Date): Promise<string> {
	const stamp = now.toISOString().replace(/[:.]/g, '-');
	const target = `${folder}.damaged-${stamp}`;
	await rename(folder, target);
	return target;
}

/** What can still be read of a damaged store, from both ends up to the damage. */
export async function salvage(level: ClassicLevel): Promise<Entry[]> {
	const found = new Map<number, Entry>();
	for (const reverse of [false, true]) {
		try {
			for await (const [key, value] of level.iterator({ ...entryRange, reverse })) {
				const entry = decodeEntry(key, value);
				if (entry) found.set(entry.seq, entry);
			}
		} catch {
			// The damage: the other end is tried, then what was found has to do.
		}
	}
	return [...found.values()].sort((a, b) => a.seq - b.seq);
}
