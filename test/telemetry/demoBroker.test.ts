import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { Listener } from './listener.ts';

test('a port that is taken is told in one line, with what to do', async (t) => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	const { port } = server.address() as { port: number };
	const broker = new DemoBroker({ port });
	const error = await t.throwsAsync(broker.start(), { code: 'port-taken' });
	t.is(
		error!.message,
		`port ${port} for the embedded MQTT broker cannot be used (EADDRINUSE): give another with --mqtt-port, or 0 for any free one`,
	);
	await broker.stop();
});

test('it stops at once with clients connected, and its port is free again', async (t) => {
	const broker = new DemoBroker({ port: 0 });
	const port = await broker.start();
	await Listener.at(t, `mqtt://127.0.0.1:${port}`, { protocolVersion: 4 });
	await broker.stop();
	await broker.stop();
	const again = new DemoBroker({ port });
	t.is(await again.start(), port);
	await again.stop();
});
