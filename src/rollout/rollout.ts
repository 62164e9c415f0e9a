import { z } from 'zod';
import { jobStates } from '../telemetry/messages/job.ts';

const boxState = z.strictObject({
	/** When the job was sent, milliseconds since 1970; null: not yet. */
	sentMs: z.number().nullable(),
	status: z.enum(jobStates).nullable(),
	step: z.string(),
	reason: z.string(),
	/** When it came to its end; null: not yet. */
	endedMs: z.number().nullable(),
});

/** A rollout, whole: what is planned and how far it is. It lies in one file on the publisher's machine. */
export const rolloutSchema = z.strictObject({
	schema: z.literal(1),
	/** Also the id of the job at every box, so that a box that hears it twice begins it once. */
	id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
	model: z.strictObject({ name: z.string(), version: z.string() }),
	/** One after the other: the next begins when all of one have come to their end and `soakMinutes` are over. */
	rings: z.array(z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)).min(1)).min(1),
	/** Jobs sent a minute at most. */
	perMinute: z.number().positive(),
	soakMinutes: z.number().min(0),
	/** Share of the boxes that have ended, over all rings, that may fail. */
	abortShare: z.number().min(0).max(1),
	/** A box that does not come to its end for so long has failed. */
	silentMinutes: z.number().positive(),
	state: z.enum(['planned', 'running', 'paused', 'aborted', 'done']),
	reason: z.string(),
	boxes: z.record(z.string(), boxState),
});

export type Rollout = z.infer<typeof rolloutSchema>;
export type BoxState = z.infer<typeof boxState>;

const untouched: BoxState = { sentMs: null, status: null, step: '', reason: '', endedMs: null };
const minute = 60_000;

export function planned(plan: Omit<Rollout, 'schema' | 'state' | 'reason' | 'boxes'>): Rollout {
	const boxes = Object.fromEntries(plan.rings.flat().map((box) => [box, untouched]));
	return { schema: 1, ...plan, state: 'planned', reason: '', boxes };
}

/** What a box says of its job. Pure. What comes for another box, or after the end, changes nothing. */
export function heard(
	rollout: Rollout,
	box: string,
	news: Pick<BoxState, 'step' | 'reason'> & { status: NonNullable<BoxState['status']> },
	nowMs: number,
): Rollout {
	const before = rollout.boxes[box];
	if (!before || before.sentMs === null || before.endedMs !== null) return rollout;
	const ended = news.status !== 'QUEUED' && news.status !== 'IN_PROGRESS';
	const { status, step, reason } = news;
	const after = { ...before, status, step, reason, endedMs: ended ? nowMs : null };
	return { ...rollout, boxes: { ...rollout.boxes, [box]: after } };
}

/** What is to be done now: the boxes to send the job to, and the rollout as it is then. Pure. */
export function advanced(rollout: Rollout, nowMs: number): { rollout: Rollout; send: string[] } {
	if (rollout.state !== 'running') return { rollout, send: [] };
	const boxes = withSilent(rollout, nowMs);
	const all = Object.values(boxes);
	const ended = all.filter(({ endedMs }) => endedMs !== null);
	const failed = ended.filter(({ status }) => status !== 'SUCCEEDED');
	if (failed.length > 0 && failed.length / ended.length > rollout.abortShare) {
		const reason = `${failed.length} of ${ended.length} boxes failed; allowed is a share of ${rollout.abortShare}`;
		return { rollout: { ...rollout, boxes, state: 'aborted', reason }, send: [] };
	}
	if (ended.length === all.length) return { rollout: { ...rollout, boxes, state: 'done', reason: '' }, send: [] };
	const sent = all.filter(({ sentMs }) => sentMs !== null && nowMs - sentMs < minute).length;
	const room = Math.max(0, Math.floor(Math.max(1, rollout.perMinute) - sent));
	const send = openRing({ ...rollout, boxes }, nowMs)
		.filter((box) => boxes[box]!.sentMs === null)
		.slice(0, room);
	const after = { ...boxes };
	for (const box of send) after[box] = { ...after[box]!, sentMs: nowMs };
	return { rollout: { ...rollout, boxes: after }, send };
}

function withSilent({ boxes, silentMinutes }: Rollout, nowMs: number): Rollout['boxes'] {
	return Object.fromEntries(
		Object.entries(boxes).map(([box, state]) => {
			const { sentMs, endedMs } = state;
			if (sentMs === null || endedMs !== null || nowMs - sentMs <= silentMinutes * minute) return [box, state];
			const reason = `no end was heard of for ${silentMinutes} minutes`;
			return [box, { ...state, status: 'TIMED_OUT' as const, reason, endedMs: nowMs }];
		}),
	);
}

/** The first ring that is not through; none while the one before it has to stand the time. */
function openRing({ rings, boxes, soakMinutes }: Rollout, nowMs: number): string[] {
	const through = (ring: string[]) => ring.every((box) => boxes[box]!.endedMs !== null);
	const at = rings.findIndex((ring) => !through(ring));
	if (at < 0) return [];
	const before = rings[at - 1];
	const last = before ? Math.max(...before.map((box) => boxes[box]!.endedMs!)) : Number.NEGATIVE_INFINITY;
	return nowMs - last >= soakMinutes * minute ? rings[at]! : [];
}
