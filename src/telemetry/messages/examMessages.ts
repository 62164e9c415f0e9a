import type { z } from 'zod';
import { wallClockOf } from '../../clock.ts';
import type { ExamRecord, SiteRecord } from '../../exam/record.ts';
import type { EventMessage } from './event.ts';
import type { ExaminationResult } from './examinationResult.ts';
import {
	type inputs,
	type latencyFigures,
	type Made,
	type modelRef,
	schemaVersion,
	type siteEvidence,
} from './fields.ts';
import type { SiteResult } from './siteResult.ts';

/** What a result carries that the exam does not know. */
export interface ExamContext {
	/** ULID of the examination, the same for all its messages. */
	examinationId: string;
	input: (typeof inputs)[number];
	model: z.infer<typeof modelRef> | null;
	software: string;
	latency: z.infer<typeof latencyFigures> | null;
	/** A fresh ULID for each message. */
	nextId: () => string;
	/** ISO wall-clock time of a moment on the monotonic clock. */
	wallClock?: (momentMs: number) => string;
}

export type ExamMessage =
	| { name: 'event'; payload: Made<EventMessage> }
	| { name: 'siteResult'; payload: Made<SiteResult> }
	| { name: 'examinationResult'; payload: Made<ExaminationResult> };

/**
 * The message that tells of a record: monotonic moments become wall-clock times as the clock stands now, durations stay
 * what the monotonic clock measured.
 */
export function examMessage(record: ExamRecord, context: ExamContext): ExamMessage {
	const wallClock = context.wallClock ?? wallClockOf;
	const stored = { schema: schemaVersion, id: context.nextId(), measuredAt: wallClock(record.atMs) } as const;
	if (record.kind === 'examination-started') {
		const details = { examination: context.examinationId, number: record.examination, side: record.side };
		return { name: 'event', payload: { ...stored, event: 'examination-started', details } };
	}
	const { input, model, software, latency } = context;
	const examination = { id: context.examinationId, number: record.examination };
	const result = { ...stored, examination, input, model, software, latency, side: record.side };
	if (record.kind === 'site')
		return { name: 'siteResult', payload: { ...result, ...evidenceOf(record.site, wallClock) } };
	return {
		name: 'examinationResult',
		payload: {
			...result,
			outcome: record.outcome,
			endedBy: record.endedBy,
			startedAt: wallClock(record.startedMs),
			endedAt: wallClock(record.atMs),
			durationMs: rounded(record.atMs - record.startedMs, 1),
			sites: record.sites.map((site) => evidenceOf(site, wallClock)),
		},
	};
}

function evidenceOf(site: SiteRecord, wallClock: (momentMs: number) => string): z.infer<typeof siteEvidence> {
	const moment = (ms: number | null) => (ms === null ? null : wallClock(ms));
	return {
		site: site.site,
		outcome: site.outcome,
		presses: site.presses,
		firstSeenAt: moment(site.firstSeenMs),
		openAt: moment(site.openMs),
		closedAt: moment(site.closedMs),
		capturedAt: moment(site.capturedMs),
		closedForMs: rounded(site.closedForMs, 1),
		closedImages: site.closedImages,
		closedConfidence: rounded(site.closedConfidence, 4),
		landmarkConfidence: rounded(site.landmarkConfidence, 4),
	};
}

/** To so many places after the point: more is no knowledge. */
function rounded(value: number, places: number): number {
	return Math.round(value * 10 ** places) / 10 ** places;
}
