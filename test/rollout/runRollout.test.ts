import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import mqtt from 'mqtt';
import { planned, type Rollout } from '../../src/rollout/rollout.ts';
import { ask, readRollout, writeRollout } from '../../src/rollout/rolloutFile.ts';
import { runRollout } from '../../src/rollout/runRollout.ts';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { type Job, jobStatusExample } from '../../src/telemetry/messages/job.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';

/** A broker, boxes that answer each job with `answer`, and a rollout over two rings. */
async function setUp(t: ExecutionContext, answer: (box: string) => 'SUCCEEDED' | 'FAILED' | null) {
	const broker = new DemoBroker({ port: 0 });
	const url = `mqtt://127.0.0.1:${await broker.start()}`;
	const boxes = await mqtt.connectAsync(url);
	const client = await mqtt.connectAsync(url);
	t.teardown(async () => {
		await boxes.endAsync(true);
		await client.endAsync(true);
		await broker.stop();
	});
	const jobs: string[] = [];
	boxes.on('message', (topic, payload) => {
		const box = topic.split('/')[2]!;
		const { id } = JSON.parse(payload.toString()) as Job;
		jobs.push(box);
		const status = answer(box);
		const news = { ...jobStatusExample, job: id, status };
		if (status) boxes.publish(`phlebox/v1/${box}/job/${id}/status`, JSON.stringify(news), { qos: 1 });
	});
	await boxes.subscribeAsync('phlebox/v1/+/job', { qos: 1 });
	const file = join(temporaryFolder(), 'rollout.json');
	const rings = [['a'], ['b', 'c']];
	const rules = { perMinute: 100, soakMinutes: 0, abortShare: 0.2, silentMinutes: 60 };
	writeRollout(file, planned({ id: 'r1', model: { name: 'dual', version: '1.0.0' }, rings, ...rules }));
	const run = (said: (rollout: Rollout) => void = () => undefined) =>
		runRollout(file, client, 'phlebox', said, new AbortController().signal);
	return { file, jobs, run };
}

test('a fleet is brought on, ring by ring, by what its boxes say', async (t) => {
	const { file, jobs, run } = await setUp(t, () => 'SUCCEEDED');
	t.is((await run()).state, 'done');
	t.deepEqual(jobs, ['a', 'b', 'c']);
	t.is(readRollout(file).state, 'done');
});

test('a box of the first ring fails: the second never hears of it', async (t) => {
	const { jobs, run } = await setUp(t, () => 'FAILED');
	const end = await run();
	t.is(end.state, 'aborted');
	t.deepEqual(jobs, ['a']);
});

test('paused and begun again: the job without an end is sent again, the box knows it', async (t) => {
	let silent = true;
	const { file, jobs, run } = await setUp(t, () => (silent ? null : 'SUCCEEDED'));
	const paused = await run((rollout) => {
		if (rollout.boxes.a?.sentMs) ask(file, 'pause');
	});
	t.is(paused.state, 'paused');
	silent = false;
	t.is((await run()).state, 'done');
	t.deepEqual(jobs, ['a', 'a', 'b', 'c']);
});

test('an abort that is asked for while nobody runs it holds for the next start', async (t) => {
	const { file, jobs, run } = await setUp(t, () => 'SUCCEEDED');
	ask(file, 'abort');
	t.is((await run()).state, 'aborted');
	t.deepEqual(jobs, []);
});
