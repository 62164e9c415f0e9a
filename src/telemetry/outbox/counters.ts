import { readFile } from 'node:fs/promises';
import { writeDurably } from './writeDurably.ts';

/**
 * What has to outlive the store itself: after a damaged store was put aside the new one goes on counting.
 * `lastSeq` is a number that was surely used, `seqBelow` one that surely was not yet.
 */
export interface Counters {
	boot: number;
	lastSeq: number;
	seqBelow: number;
}

/** All zero when the file is not there or cannot be read: the store's own numbers then stand alone. */
export async function readCounters(file: string): Promise<Counters> {
	try {
		const { boot, lastSeq, seqBelow } = JSON.parse(await readFile(file, 'utf8'));
		if ([boot, lastSeq, seqBelow].every((value) => Number.isSafeInteger(value) && value >= 0))
			return { boot, lastSeq, seqBelow };
	} catch {
		// Missing or damaged.
	}
	return { boot: 0, lastSeq: 0, seqBelow: 0 };
}

/** Durable and atomic: after a crash the file holds the old counters or the new ones. */
export async function writeCounters(file: string, counters: Counters): Promise<void> {
	await writeDurably(file, JSON.stringify(counters));
}
