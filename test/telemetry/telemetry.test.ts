import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { monotonicMs } from '../../src/clock.ts';
import type { ExamRecord } from '../../src/exam/record.ts';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { catalogue } from '../../src/telemetry/messages/catalogue.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { type TelemetryOptions, telemetryDefaults } from '../../src/telemetry/telemetryOptions.ts';
import type { TelemetryParts } from '../../src/telemetry/telemetryParts.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { freePort } from '../freePort.ts';
import { Listener } from './listener.ts';
import { quickLink } from './rig.ts';
import { ScriptedBroker } from './scriptedBroker.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const sha256 = 'ab'.repeat(32);
const ready = {
	source: 'simulator',
	model: { name: 'm', version: '1.0.0', sha256, provider: 'cpu' },
	providersRefused: [{ provider: 'tensorrt', reason: 'no engine was built for it yet', unbuilt: true }],
};
/** As messages tell it. */
const refused = [{ provider: 'tensorrt', reason: 'no engine was built for it yet' }];

function options(folder: string, url: string, more: Partial<TelemetryOptions> = {}): TelemetryOptions {
	return {
		...telemetryDefaults,
		box: 'box-1',
		label: 'Bench',
		link: { ...quickLink, url },
		sender: { ...telemetryDefaults.sender, backoff: quickLink.backoff },
		store: { ...telemetryDefaults.store, folder: join(folder, 'outbox'), reserveBytes: 0, retryMs: 10 },
		health: { ...telemetryDefaults.health, intervalMs: 60_000 },
		drainMs: 2000,
		...more,
	};
}

function make(t: ExecutionContext, settings: TelemetryOptions, parts: Partial<TelemetryParts> = {}): Telemetry {
	const telemetry = new Telemetry(settings, {
		log: { info() {}, warn() {}, error() {} },
		software: '9.9.9',
		input: 'simulator',
		sites: ['sfj', 'fv'],
		ready: () => ready,
		board: () => null,
		...parts,
	});
	t.teardown(() => telemetry.stop());
	return telemetry;
}

async function demoBroker(t: ExecutionContext, port = 0): Promise<{ broker: DemoBroker; url: string }> {
	const broker = new DemoBroker({ port });
	const url = `mqtt://127.0.0.1:${await broker.start()}`;
	t.teardown(() => broker.stop());
	return { broker, url };
}

const site = {
	site: 'sfj',
	outcome: 'captured' as const,
	presses: 1,
	firstSeenMs: 1,
	openMs: 2,
	closedMs: 3,
	capturedMs: 4,
	closedForMs: 200,
	closedConfidence: 0.9,
	landmarkConfidence: 0.9,
	closedImages: 12,
};
const started = (examination: number): ExamRecord => {
	const atMs = monotonicMs();
	return { kind: 'examination-started', examination, side: 'left', atMs };
};
const captured = (examination: number): ExamRecord => {
	const atMs = monotonicMs();
	return { kind: 'site', examination, side: 'left', atMs, site };
};
const ended = (examination: number): ExamRecord => {
	const atMs = monotonicMs();
	return {
		...{ kind: 'examination', examination, side: 'left', startedMs: atMs - 1000, atMs },
		...{ outcome: 'captured', endedBy: 'complete', sites: [site] },
	} as ExamRecord;
};

const prefix = 'phlebox/v1/box-1';
const schemas = new Map(Object.values(catalogue).map((entry) => [entry.topic.replace('/{code}', ''), entry.schema]));

/** Every message heard obeys the schema of its topic. */
function obeysSchemas(t: ExecutionContext, listener: Listener): void {
	for (const { topic, payload } of listener.heard) {
		if (!payload) continue;
		const name = topic.slice(prefix.length + 1).replace(/^alert\/.*/, 'alert');
		const result = schemas.get(name)!.safeParse(payload);
		t.true(result.success, `${topic} ${JSON.stringify(payload)} ${result.error?.message}`);
	}
}

test('a box tells who it is, what it found and how it ended, all by the schemas', async (t) => {
	const { url } = await demoBroker(t);
	const listener = await Listener.at(t, url, { protocolVersion: 4 });
	const board = new StatusBoard(['sfj', 'fv']);
	board.signal = 'ok';
	board.scene = 'live';
	const settings = options(temporaryFolder(t), url);
	settings.health = { ...settings.health, intervalMs: 100 };
	const telemetry = make(t, settings, { board: () => board });
	await telemetry.start();
	telemetry.setStatus('online', '');
	board.histogram[30] = 7;
	telemetry.record(started(1));
	board.histogram[30]! += 40;
	telemetry.record(captured(1));
	telemetry.record(ended(1));
	telemetry.record(started(2));
	telemetry.event('input-changed', { signal: 'no-signal' });
	await listener.until('events', () => listener.on(`${prefix}/event`).length === 3);
	await listener.until('results', () => listener.on(`${prefix}/result/examination`).length === 1);
	await listener.until('health', () => listener.on(`${prefix}/health`).length > 0);
	await telemetry.stop();
	await listener.until('offline', () => listener.heard.at(-1)?.payload?.status === 'offline');
	obeysSchemas(t, listener);

	t.like(listener.on(`${prefix}/birth`)[0]!.payload, {
		boot: 1,
		label: 'Bench',
		input: 'simulator',
		source: 'simulator',
		provider: 'cpu',
		providersRefused: refused,
		model: { name: 'm', version: '1.0.0', sha256 },
		sites: ['sfj', 'fv'],
	});
	t.like(listener.on(`${prefix}/health`)[0]!.payload, { inference: { provider: 'cpu', refused } });
	const results = listener.heard.filter(({ topic }) => topic.includes('/result/')).map(({ payload }) => payload!);
	t.like(results[0], { side: 'left', site: 'sfj', software: '9.9.9', input: 'simulator', historical: false });
	t.is((results[0]!.latency as { frames: number }).frames, 40);
	const [first, second] = listener.on(`${prefix}/event`).map(({ payload }) => payload!);
	const examination = (first!.details as { examination: string }).examination;
	t.deepEqual(
		results.map((result) => result.examination),
		[
			{ id: examination, number: 1 },
			{ id: examination, number: 1 },
		],
	);
	t.not((second!.details as { examination: string }).examination, examination);
	const stored = listener.heard.filter(({ payload }) => payload?.id).map(({ payload }) => payload!);
	t.deepEqual(
		stored.map((message) => message.seq),
		[1, 2, 3, 4, 5],
	);
	t.true(listener.heard.every(({ topic, qos }) => qos === (topic.endsWith('/health') ? 0 : 1)));
	const statuses = listener.on(`${prefix}/status`).map(({ payload }) => payload!.status);
	t.deepEqual(statuses.slice(-3), ['online', 'stopping', 'offline']);
});

test('results made while the broker was away arrive after a restart, marked historical', async (t) => {
	const folder = temporaryFolder(t);
	const port = await freePort();
	const url = `mqtt://127.0.0.1:${port}`;
	const first = make(t, options(folder, url));
	await first.start();
	first.record(started(1));
	first.record(captured(1));
	await first.stop();
	t.is(first.state().pending, 2);

	await demoBroker(t, port);
	const listener = await Listener.at(t, url, { protocolVersion: 4 });
	const second = make(t, options(folder, url));
	await second.start();
	second.record(started(1));
	await listener.until('all', () => listener.heard.filter(({ payload }) => payload?.id).length === 3);
	t.deepEqual(
		listener.heard
			.filter(({ payload }) => payload?.id)
			.map(({ payload }) => [payload!.seq, payload!.boot, payload!.historical]),
		[
			[1, 1, true],
			[2, 1, true],
			[3, 2, false],
		],
	);
	t.is(second.state().boot, 2);
	obeysSchemas(t, listener);
});

test('status and birth are published again with every connection', async (t) => {
	const port = await freePort();
	const { broker, url } = await demoBroker(t, port);
	const telemetry = make(t, options(temporaryFolder(t), url));
	await telemetry.start();
	telemetry.setStatus('degraded', 'no light');
	const before = await Listener.at(t, url, { protocolVersion: 4, clientId: 'before' });
	await before.until('birth', () => before.on(`${prefix}/birth`).length > 0);
	await before.until('status', () => before.on(`${prefix}/status`).at(-1)?.payload?.status === 'degraded');
	await broker.stop();
	// This broker remembers nothing of the first.
	await demoBroker(t, port);
	const listener = await Listener.at(t, url, { protocolVersion: 4 });
	await listener.until('status', () => listener.on(`${prefix}/status`).length > 0);
	await listener.until('birth', () => listener.on(`${prefix}/birth`).length > 0);
	t.like(listener.on(`${prefix}/status`).at(-1)!.payload, { status: 'degraded', reason: 'no light' });
});

test('an alert is retained while it stands and emptied when it is mended, also one of an earlier start', async (t) => {
	const folder = temporaryFolder(t);
	const { url } = await demoBroker(t);
	const first = make(t, options(folder, url));
	await first.start();
	first.raise('light-failed', 'critical', 'no light');
	first.raise('signal-lost', 'warning', 'no cable');
	first.raise('signal-lost', 'warning', 'no signal');
	first.clear('vision-stuck');
	await untilTrue(() => first.state().link.phase === 'online');
	t.deepEqual(
		first.alerts().map(({ code, text }) => `${code}: ${text}`),
		['light-failed: no light', 'signal-lost: no signal'],
	);
	await first.stop();

	const between = await Listener.at(t, url, { protocolVersion: 4, clientId: 'between' });
	await between.until('alerts', () => between.heard.filter(({ topic }) => topic.includes('/alert/')).length === 2);
	t.like(between.on(`${prefix}/alert/signal-lost`)[0], { retain: true });
	t.like(between.on(`${prefix}/alert/signal-lost`)[0]!.payload, { code: 'signal-lost', text: 'no signal' });
	obeysSchemas(t, between);

	const second = make(t, options(folder, url));
	await second.start();
	await between.until('emptied', () => between.on(`${prefix}/alert/light-failed`).at(-1)?.payload === null);
	second.raise('light-failed', 'critical', 'still no light');
	await between.until('again', () => between.on(`${prefix}/alert/light-failed`).length === 3);
	second.clear('light-failed');
	await between.until('mended', () => between.on(`${prefix}/alert/light-failed`).at(-1)?.payload === null);
	t.deepEqual(second.alerts(), []);
});

test('a result that neither store nor memory takes is an alert, and stays in the journal', async (t) => {
	const lines: string[] = [];
	const settings = options(temporaryFolder(t), 'mqtt://127.0.0.1:1', { enabled: false });
	settings.store = { ...settings.store, reserveBytes: 2 ** 60, memoryMessages: 1, retryMs: 60_000 };
	const telemetry = make(t, settings, {
		log: { info() {}, warn() {}, error: (...words: unknown[]) => lines.push(JSON.stringify(words)) },
	});
	await telemetry.start();
	telemetry.record(started(1));
	telemetry.record(captured(1));
	await untilTrue(() => telemetry.alerts().length === 2);
	t.deepEqual(
		telemetry
			.alerts()
			.map(({ code, severity }) => `${code} ${severity}`)
			.sort(),
		['results-lost critical', 'store-full critical'],
	);
	t.is(telemetry.state().waiting, 1);
	t.regex(lines.join(), /"lost":\{"topic":"result\/site".*"closedForMs":200/);
});

test('a store in use by another box is told before anything starts', async (t) => {
	const folder = temporaryFolder(t);
	const first = make(t, options(folder, 'mqtt://127.0.0.1:1', { enabled: false }));
	await first.start();
	const error = await t.throwsAsync(make(t, options(folder, 'mqtt://127.0.0.1:1', { enabled: false })).start(), {
		code: 'store-failed',
	});
	t.regex(error!.message, /in use by another Phlebox/);
});

test('without a broker, starting and stopping wait for nothing', async (t) => {
	t.timeout(60_000);
	const url = `mqtt://127.0.0.1:${await freePort()}`;
	const telemetry = make(t, options(temporaryFolder(t), url, { drainMs: 3_600_000 }));
	await telemetry.start();
	telemetry.event('something');
	await telemetry.stop();
	t.is(telemetry.state().pending, 1);
});

test('an aborted signal stops it', async (t) => {
	const { url } = await demoBroker(t);
	const listener = await Listener.at(t, url, { protocolVersion: 4 });
	const telemetry = make(t, options(temporaryFolder(t), url));
	const abort = new AbortController();
	await telemetry.start(abort.signal);
	await listener.until('starting', () => listener.on(`${prefix}/status`).length > 0);
	abort.abort();
	await listener.until('offline', () => listener.heard.at(-1)?.payload?.status === 'offline');
	await telemetry.stop();
	t.is(telemetry.state().link.phase, 'stopped');
});

test('a broker out of reach for long is an alert', async (t) => {
	const settings = options(temporaryFolder(t), `mqtt://127.0.0.1:${await freePort()}`, { unreachableMs: 50 });
	settings.health = { ...settings.health, intervalMs: 30 };
	const telemetry = make(t, settings);
	await telemetry.start();
	await untilTrue(() => telemetry.alerts().length === 1);
	t.like(telemetry.alerts()[0], { code: 'broker-unreachable', severity: 'warning' });
	t.regex(telemetry.alerts()[0]!.text, /nothing listens there/);
});

test('wrong credentials are an alert until the broker takes them', async (t) => {
	let right = false;
	const broker = await ScriptedBroker.start(t, { connack: () => (right ? 0 : 134) });
	const telemetry = make(t, options(temporaryFolder(t), broker.url));
	await telemetry.start();
	await untilTrue(() => telemetry.alerts().length === 1);
	t.like(telemetry.alerts()[0], { code: 'broker-credentials', severity: 'warning' });
	t.regex(telemetry.alerts()[0]!.text, /wrong user name or password/);
	right = true;
	await untilTrue(() => telemetry.state().link.phase === 'online');
	t.deepEqual(telemetry.alerts(), []);
});

test('a message that the broker will never take is an alert, and kept', async (t) => {
	const broker = await ScriptedBroker.start(t, { puback: (topic) => (topic.endsWith('/event') ? 0x99 : 0) });
	const telemetry = make(t, options(temporaryFolder(t), broker.url));
	await telemetry.start();
	telemetry.event('strange');
	await untilTrue(() => telemetry.alerts().length === 1);
	t.regex(telemetry.alerts()[0]!.text, /^1 set aside, the last on event: .*reason code 153/);
	t.like(telemetry.state(), { pending: 0, setAside: 1 });
});

test('a damaged store is an alert, and the box works on', async (t) => {
	const folder = temporaryFolder(t);
	const settings = options(folder, 'mqtt://127.0.0.1:1', { enabled: false });
	const first = make(t, settings);
	await first.start();
	await first.stop();
	writeFileSync(join(folder, 'outbox/level/CURRENT'), 'garbage');
	const second = make(t, settings);
	await second.start();
	t.regex(
		second
			.alerts()
			.map(({ code, text }) => `${code}: ${text}`)
			.join(),
		/^store-damaged: .*put aside as \S+damaged-/,
	);
	second.event('something');
	await untilTrue(() => second.state().pending === 1);
	t.is(second.state().boot, 2);
});

/** Resolves when the condition holds; rejects after a minute. */
async function untilTrue(condition: () => boolean): Promise<void> {
	for (const end = performance.now() + 60_000; !condition(); await sleep(5))
		if (performance.now() > end) throw new Error(`never came: ${condition}`);
}
