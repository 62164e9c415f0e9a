import type { Entry } from './outbox.ts';

/**
 * The payload of a stored message as it is sent: its own fields, and the number, the start it happened in and whether it
 * comes late.
 * @param boot the present start
 */
export function wirePayload(entry: Entry, boot: number, nowMs: number, historicalAfterMs: number): string {
	const historical = entry.boot !== boot || nowMs - Date.parse(entry.createdAt) > historicalAfterMs;
	const { schema, id, ...fields } = entry.payload;
	return JSON.stringify({ schema, id, seq: entry.seq, boot: entry.boot, historical, ...fields });
}
