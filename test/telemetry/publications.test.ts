import { setTimeout as sleep } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import test from 'ava';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { Link } from '../../src/telemetry/link.ts';
import { quickLink } from './rig.ts';

/** Promises that are still held by something, after a collection. */
const promises = () => queryObjects(Promise, { format: 'count' }) as unknown as number;

test('what was published leaves nothing behind, however long the connection lasts', async (t) => {
	const broker = new DemoBroker({ port: 0 });
	const port = await broker.start();
	t.teardown(() => broker.stop());
	const options = { ...quickLink, url: `mqtt://127.0.0.1:${port}`, clientId: 'box-1' };
	const link = new Link(options, { will: () => ({ topic: 'w', payload: '{}' }), onState: () => {} });
	link.start();
	t.teardown(() => link.stop());
	for (let tries = 0; link.state.phase !== 'online' && tries < 500; tries++) await sleep(20);
	const publish = async (count: number) => {
		for (let at = 0; at < count; at++)
			await link.publish({ topic: 't', payload: `{"at":${at}}`, qos: at % 2 === 0 ? 1 : 0, retain: false });
	};
	await publish(20);
	const before = promises();
	await publish(300);
	const left = promises() - before;
	t.true(left < 30, `${left} promises`);
});
