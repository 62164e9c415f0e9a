import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import mqtt, { type MqttClient } from 'mqtt';
import type { Mosquitto } from './mosquitto.ts';
import { Site, tlsSettings } from './mutualTls.ts';

async function join(t: ExecutionContext, site: Site, broker: Mosquitto, id: string, clientId = id) {
	const client = mqtt.connect(broker.url, {
		...tlsSettings(await site.client(id)),
		clientId,
		protocolVersion: 5,
		reconnectPeriod: 0,
	});
	const heard: string[] = [];
	client.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
	client.on('error', () => {});
	t.teardown(() => client.end(true));
	await new Promise((resolve) => client.once('connect', resolve));
	return { client, heard };
}

/** Reason code with which the broker answers a publish. */
async function published(client: MqttClient, topic: string, retain = false): Promise<number> {
	return client.publishAsync(topic, 'x', { qos: 1, retain }).then(
		() => 0,
		(error: { code: number }) => error.code,
	);
}

test('with the shipped rules a box can neither read nor write the topics of another', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const one = await join(t, site, broker, 'box-1');
	const two = await join(t, site, broker, 'box-2');
	const ingest = await join(t, site, broker, 'ingest');
	await ingest.client.subscribeAsync('phlebox/v1/#', { qos: 1 });
	for (const filter of ['phlebox/v1/box-1/#', 'phlebox/v1/+/cmd', '#', '$share/x/phlebox/v1/box-1/#'])
		await two.client.subscribeAsync(filter, { qos: 1 }).catch(() => {});

	const foreign = ['status', 'event', 'result/site', 'desired', 'cmd', 'cmd/reply', 'alert/store-full'];
	for (const topic of foreign) {
		t.is(await published(two.client, `phlebox/v1/box-1/${topic}`), 135, topic);
		t.is(await published(one.client, `phlebox/v1/box-1/${topic}`), 0, topic);
	}
	t.is(await published(two.client, 'phlebox/v1/box-1/status', true), 135);
	t.is(await published(two.client, 'somewhere/else'), 135);
	await published(two.client, 'phlebox/v1/box-2/event');
	for (let tries = 0; ingest.heard.length < foreign.length + 1 && tries < 500; tries += 1) await sleep(10);
	t.deepEqual(ingest.heard, [...foreign.map((topic) => `phlebox/v1/box-1/${topic} x`), 'phlebox/v1/box-2/event x']);
	// What it was refused to hear did not come either, and its own did.
	t.deepEqual(two.heard, ['phlebox/v1/box-2/event x']);
});

test('a box cannot speak through its last will in the name of another', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const ingest = await join(t, site, broker, 'ingest');
	await ingest.client.subscribeAsync('phlebox/v1/#', { qos: 1 });
	const files = tlsSettings(await site.client('box-2'));
	const evil = mqtt.connect(broker.url, {
		...files,
		clientId: 'box-2',
		protocolVersion: 5,
		reconnectPeriod: 0,
		will: { topic: 'phlebox/v1/box-1/status', payload: Buffer.from('lost'), qos: 1, retain: true },
	});
	evil.on('error', () => {});
	await new Promise((resolve) => {
		evil.once('connect', () => resolve(null));
		evil.once('close', () => resolve(null));
	});
	evil.stream.destroy();
	await sleep(200);
	t.deepEqual(ingest.heard, []);
});

test('a box cannot take the id of another and push it off', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const one = await join(t, site, broker, 'box-1');
	await join(t, site, broker, 'box-2', 'box-1');
	t.is(await published(one.client, 'phlebox/v1/box-1/event'), 0);
	t.true(one.client.connected);
});

test('who takes in results cannot command, and a console may', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const box = await join(t, site, broker, 'box-1');
	await box.client.subscribeAsync('phlebox/v1/box-1/cmd', { qos: 1 });
	const ingest = await join(t, site, broker, 'ingest');
	const console_ = await join(t, site, broker, 'console');
	t.is(await published(ingest.client, 'phlebox/v1/box-1/cmd'), 135);
	t.is(await published(console_.client, 'phlebox/v1/box-1/result/site'), 135);
	t.is(await published(console_.client, 'phlebox/v1/box-1/cmd'), 0);
	for (let tries = 0; box.heard.length < 1 && tries < 500; tries += 1) await sleep(10);
	t.deepEqual(box.heard, ['phlebox/v1/box-1/cmd x']);
});
