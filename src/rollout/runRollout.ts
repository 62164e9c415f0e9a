import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { jobStatusSchema } from '../telemetry/messages/job.ts';
import { advanced, heard, type Rollout } from './rollout.ts';
import { readRollout, takeAsked, writeRollout } from './rolloutFile.ts';

const lookMs = 200;
/** How long a box may take to begin with a job that the broker keeps for it. */
const notAfterMs = 24 * 3_600_000;
const publishMs = 15_000;

/**
 * Runs a rollout to its end, to a pause or to its abort; what it knows is on disk before it acts on it, so that it can be
 * killed and begun again. Jobs that have no end yet are sent again at a start: their boxes know them.
 * @param client connected
 * @param said told of each change
 */
export async function runRollout(
	file: string,
	client: MqttClient,
	root: string,
	said: (rollout: Rollout) => void,
	signal: AbortSignal,
): Promise<Rollout> {
	let rollout: Rollout = { ...readRollout(file), state: 'running', reason: '' };
	// A pause that was asked for before this start is over with it.
	if (takeAsked(file) === 'abort') rollout = { ...rollout, state: 'aborted', reason: 'asked for' };
	const keep = (next: Rollout) => {
		if (next === rollout) return;
		rollout = next;
		writeRollout(file, rollout);
		said(rollout);
	};
	writeRollout(file, rollout);
	const onMessage = (topic: string, payload: Buffer) => {
		const box = topic.slice(`${root}/v1/`.length).split('/')[0]!;
		const { data } = jobStatusSchema.safeParse(read(payload));
		if (data?.job === rollout.id) keep(heard(rollout, box, data, Date.now()));
	};
	client.on('message', onMessage);
	try {
		await client.subscribeAsync(`${root}/v1/+/job/${rollout.id}/status`, { qos: 1 });
		// What these said while nobody heard them, they say anew.
		for (const [box, { sentMs, endedMs }] of Object.entries(rollout.boxes))
			if (rollout.state === 'running' && sentMs !== null && endedMs === null)
				await begin(client, `${root}/v1/${box}/job`, rollout);
		while (rollout.state === 'running' && !signal.aborted) {
			const asked = takeAsked(file);
			if (asked) {
				keep({ ...rollout, state: asked === 'pause' ? 'paused' : 'aborted', reason: 'asked for' });
				break;
			}
			const { rollout: next, send } = advanced(rollout, Date.now());
			if (JSON.stringify(next) !== JSON.stringify(rollout)) keep(next);
			for (const box of send) await begin(client, `${root}/v1/${box}/job`, rollout);
			await sleep(lookMs, undefined, { signal }).catch(() => undefined);
		}
	} finally {
		client.off('message', onMessage);
	}
	return rollout;
}

async function begin(client: MqttClient, topic: string, { id, model }: Rollout): Promise<void> {
	const notAfter = new Date(Date.now() + notAfterMs).toISOString();
	const job = JSON.stringify({ schema: 1, id, operation: 'install-model', model, notAfter });
	const late = sleep(publishMs, undefined, { ref: false });
	// One that the broker did not take is heard of as silent.
	await Promise.race([client.publishAsync(topic, job, { qos: 1 }).catch(() => undefined), late]);
}

function read(payload: Buffer): unknown {
	try {
		return JSON.parse(payload.toString('utf8'));
	} catch {
		return undefined;
	}
}
