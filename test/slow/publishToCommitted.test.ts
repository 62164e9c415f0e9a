import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import mqtt from 'mqtt';
import { shippedPath } from '../../src/packageRoot.ts';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { jobStatusSchema } from '../../src/telemetry/messages/job.ts';
import { publishModel } from '../../src/update/publisher/publish.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { phlebox } from '../cli/phlebox.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';
import { makeKeys, makeRepository, releasers } from '../update/publishing.ts';
import { RepositoryServer } from '../update/server.ts';
import { variant } from './variant.ts';

const topic = 'phlebox/v1/box';

test('from publishing to committed: a whole box, a web server, a job over MQTT', async (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys);
	const server = new RepositoryServer(repository.folder);
	const source = await server.start();
	const broker = new DemoBroker({ port: 0 });
	const port = await broker.start();
	const folder = temporaryFolder();
	const config = {
		capture: { source: 'simulator', simulator: { width: 640, height: 480, hdmiHz: 15, scannerHz: 15, seed: 10 } },
		exam: { idleEndMs: 3500 },
		// On a machine that does much else a thread may rest for longer without any fault.
		vision: { watchdogMs: 60_000, startMs: 600_000 },
		mqtt: { url: `mqtt://127.0.0.1:${port}`, protocol: 4 },
		store: { folder },
		web: { enabled: false },
		update: {
			...{ source, trust: join(repository.folder, 'metadata/1.root.json'), jitterMinutes: 0 },
			...{ shadowImages: 100, shadowSeconds: 30, probationSeconds: 10, latencyMs: 1000, probationMisses: 1 },
		},
	};
	const file = join(folder, 'box.json');
	writeFileSync(file, JSON.stringify(config));
	const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
	const heard = new Map<string, string[]>();
	client.on('message', (at, payload) => {
		heard.set(at, [...(heard.get(at) ?? []), payload.toString()]);
	});
	await client.subscribeAsync(`${topic}/#`, { qos: 1 });
	const box: ChildProcess = spawn(process.execPath, [shippedPath('dist/cli/main.js'), 'run', '--config', file], {
		stdio: 'ignore',
	});
	t.teardown(async () => {
		box.kill('SIGKILL');
		await client.endAsync(true);
		await broker.stop();
		await server.stop();
	});
	const last = (name: string) => JSON.parse(heard.get(`${topic}/${name}`)?.at(-1) ?? '{}') as Record<string, unknown>;
	const until = async (holds: () => boolean) => {
		const deadline = Date.now() + 240_000;
		while (!holds()) {
			if (Date.now() > deadline) throw new Error(`waited in vain: ${JSON.stringify(last('event'))}`);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	};
	const version = () => (last('birth').model as { version: string } | null | undefined)?.version;
	await until(() => version() !== undefined && last('status').status === 'online');
	t.deepEqual(last('birth').capabilities, ['commands', 'desired', 'jobs']);

	publishModel(repository, variant('9.0.0'), new Date());
	signRepository(repository, releasers(keys), new Date());
	const begin = performance.now();
	const job = {
		...{ schema: 1, id: 'first', operation: 'install-model' },
		model: { name: 'phlebox-dual', version: '9.0.0' },
		notAfter: new Date(Date.now() + 600_000).toISOString(),
	};
	await client.publishAsync(`${topic}/job`, JSON.stringify(job), { qos: 1 });
	const times: string[] = [];
	let step = '';
	await until(() => {
		const now = last('job/first/status');
		if (now.step !== step && now.step) {
			step = String(now.step);
			times.push(`${step} ${((performance.now() - begin) / 1000).toFixed(1)}`);
		}
		return now.percent === 100;
	});
	t.log(`seconds since the model was published: ${times.join(', ')}`);
	const news = (heard.get(`${topic}/job/first/status`) ?? []).map((text) => jobStatusSchema.parse(JSON.parse(text)));
	t.is(news.at(-1)?.status, 'SUCCEEDED', news.at(-1)?.reason);
	t.is(version(), '9.0.0');
	t.false(heard.get(`${topic}/status`)?.some((text) => text.includes('degraded')));
	const steps = (heard.get(`${topic}/event`) ?? []).map((text) => JSON.parse(text) as { details: { step?: string } });
	const allowed = steps.find(({ details }) => details.step === 'waiting-idle');
	const status = await phlebox(['model', 'status', '--config', file]);
	t.is(status.code, 0, status.stderr);
	t.regex(status.stdout, /^starts with {6}phlebox-dual 9\.0\.0 \(installed in the field\)/);
	t.regex(status.stdout, /phlebox-dual 9\.0\.0 {2}committed {2}came through its probation/);
	t.log(`beside the old one: ${JSON.stringify(allowed?.details)}`);
});
