import { ulid } from 'ulid';
import type { Draft } from '../../src/telemetry/outbox.ts';

/** A small message to be stored; `id` names it in a test. */
export function draft(id: string = ulid(), payload: Record<string, unknown> = {}): Draft {
	const createdAt = new Date().toISOString();
	return { id, topic: 'event', qos: 1, payload: { id, measuredAt: createdAt, ...payload }, createdAt };
}
