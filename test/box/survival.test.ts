import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import mqtt from 'mqtt';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { startPhlebox } from '../cli/phlebox.ts';

interface Received {
	topic: string;
	message: { id: string; seq: number; boot: number; historical: boolean; outcome?: string; site?: string };
}

function configFor(port: number): string {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-survival-'));
	const file = join(folder, 'box.yaml');
	writeFileSync(
		file,
		`box: {id: survivor}
capture: {source: simulator, simulator: {seed: 10}}
exam: {idleEndMs: 3500}
mqtt: {url: "mqtt://127.0.0.1:${port}", protocol: 4, backoffMaxSeconds: 1, healthSeconds: 1}
web: {enabled: false}
store: {folder: ${join(folder, 'store')}}
`,
	);
	return file;
}

async function until(condition: () => boolean, deadlineMs: number, what: string): Promise<void> {
	const end = Date.now() + deadlineMs;
	while (!condition()) {
		if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

test('a result recorded without a broker survives kill -9 and reaches the broker of the next start, once', async (t) => {
	// A port that was free a moment ago: the first life of the box finds no broker there.
	const broker = new DemoBroker({ port: 0 });
	const port = await broker.start();
	await broker.stop();
	const file = configFor(port);

	const first = startPhlebox(['run', '--config', file]);
	await first.says(/"record":"site"/, 90_000);
	// Recorded is said at once, stored a few milliseconds later.
	await new Promise((resolve) => setTimeout(resolve, 500));
	first.child.kill('SIGKILL');
	await first.end();

	const again = new DemoBroker({ port });
	await again.start();
	const received: Received[] = [];
	const watcher = mqtt.connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4 });
	watcher.on('message', (topic, payload) => {
		if (payload.length > 0) received.push({ topic, message: JSON.parse(payload.toString()) });
	});
	await watcher.subscribeAsync('phlebox/v1/survivor/#');

	const second = startPhlebox(['run', '--config', file]);
	try {
		const sites = () => received.filter(({ topic, message }) => topic.endsWith('/result/site') && message.boot === 1);
		await until(() => sites().length > 0, 60_000, 'the result of the first life');
		await until(() => received.some(({ topic }) => topic.endsWith('/health')), 30_000, 'health');
		const ids = sites().map(({ message }) => message.id);
		t.is(new Set(ids).size, ids.length);
		t.is(sites()[0]!.message.outcome, 'captured');
		t.true(sites().every(({ message }) => message.historical));
		const kinds = new Set(received.map(({ topic }) => topic.split('/')[3]));
		for (const kind of ['status', 'birth', 'health', 'event', 'result']) t.true(kinds.has(kind), kind);
		const order = received.filter(({ message }) => message.seq && message.id).map(({ message }) => message.seq);
		t.deepEqual(
			order,
			order.toSorted((a, b) => a - b),
		);
	} finally {
		second.child.kill('SIGTERM');
		const { code } = await second.end();
		t.is(code, 0);
		await watcher.endAsync(true);
		await again.stop();
	}
	t.true(
		received.some(
			({ topic, message }) => topic.endsWith('/status') && (message as { status?: string }).status === 'offline',
		),
	);
});
