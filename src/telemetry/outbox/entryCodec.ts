import { crc32 } from 'node:zlib';
import type { AsideEntry, Draft, Entry } from '../outbox.ts';

/** Keys are zero-padded, so that the order of the keys is the order of the numbers. */
const digits = 16;
export const entryRange = { gte: 'entry/', lt: 'entry0' } as const;
export const asideRange = { gte: 'aside/', lt: 'aside0' } as const;
export const lastSeqKey = 'meta/last-seq';
export const bootKey = 'meta/boot';

export function entryKey(seq: number): string {
	return `entry/${String(seq).padStart(digits, '0')}`;
}

export function asideKey(seq: number): string {
	return `aside/${String(seq).padStart(digits, '0')}`;
}

/** The number in an entry's key; NaN for none. */
export function seqOf(key: string): number {
	return Number(key.slice(key.indexOf('/') + 1));
}

/**
 * A stored value: the CRC-32 of the JSON in eight hex digits, then the JSON. LevelDB checks its blocks only when it
 * compacts them, and a record that is read wrong would be sent wrong.
 */
export function encodeEntry(draft: Draft, boot: number): string {
	const { id, topic, qos, payload, createdAt } = draft;
	const json = JSON.stringify({ id, topic, qos, payload, createdAt, boot });
	return checksum(json) + json;
}

/** The entry behind a key; null when the value is damaged. */
export function decodeEntry(key: string, value: string): Entry | null {
	const json = value.slice(8);
	const seq = seqOf(key);
	if (!Number.isSafeInteger(seq) || checksum(json) !== value.slice(0, 8)) return null;
	return { ...(JSON.parse(json) as Omit<Entry, 'seq'>), seq };
}

/** What is stored of a message that was set aside: the stored value as it was, why and when. */
export function encodeAside(value: string, reason: string, now: Date): string {
	return JSON.stringify({ reason, at: now.toISOString(), value });
}

/** The dead letter behind a key. One whose own value is damaged comes with an empty payload. */
export function decodeAside(key: string, text: string): AsideEntry & { value: string } {
	const { reason, at, value } = JSON.parse(text) as { reason: string; at?: string; value: string };
	const asideAt = at ?? new Date(0).toISOString();
	const entry = decodeEntry(key, value) ?? {
		...{ id: '', topic: '', qos: 1 as const, payload: {}, createdAt: asideAt, boot: 0, seq: seqOf(key) },
	};
	return { ...entry, reason, asideAt, value };
}

function checksum(json: string): string {
	return crc32(json).toString(16).padStart(8, '0');
}
