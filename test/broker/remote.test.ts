import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { connect } from 'mqtt';
import { startPhlebox } from '../cli/phlebox.ts';
import { Listener } from '../telemetry/listener.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { Mosquitto } from './mosquitto.ts';

const prefix = 'phlebox/v1/box-1';

/** `phlebox run` on the simulator at a real broker, with a console beside it. */
async function world(t: ExecutionContext, more = '') {
	const broker = await Mosquitto.make(t, ['max_queued_messages 0']);
	await broker.start();
	const folder = temporaryFolder(t);
	const file = join(folder, 'box.yaml');
	writeFileSync(
		file,
		`box: {id: box-1}
capture: {source: simulator}
mqtt: {url: "${broker.url}", healthSeconds: 1, backoffMinSeconds: 0.1, backoffMaxSeconds: 1${more}}
vision: {startMs: 60000, watchdogMs: 30000}
web: {enabled: false}
store: {folder: ${join(folder, 'store')}}
`,
	);
	const listener = await Listener.at(t, broker.url);
	const console_ = connect(broker.url, { clientId: 'console', protocolVersion: 5 });
	t.teardown(() => console_.end(true));
	const on = (topic: string) => listener.on(`${prefix}/${topic}`).map(({ payload }) => payload!);
	const soon = async (what: string, condition: () => boolean) => {
		for (const end = performance.now() + 120_000; !condition(); await new Promise((r) => setTimeout(r, 50)))
			if (performance.now() > end) throw new Error(`never came: ${what}: ${box.stderr.slice(-2000)}`);
	};
	const box = startPhlebox(['run', '--config', file]);
	await soon('online', () => on('status').some(({ status }) => status === 'online'));
	const command = async (name: string, args: object = {}, properties = {}) => {
		const id = `c${Math.random().toString(36).slice(2)}`;
		const notAfter = new Date(Date.now() + 600_000).toISOString();
		const message = { schema: 1, id, name, args, notAfter };
		await console_.publishAsync(`${prefix}/cmd`, JSON.stringify(message), { qos: 1, properties });
		await soon(`reply to ${name}`, () => listener.heard.some(({ payload }) => payload?.id === id && payload.outcome));
		return listener.heard.find(({ payload }) => payload?.id === id && payload.outcome)!;
	};
	const desire = (version: number, config: object) =>
		console_.publishAsync(`${prefix}/desired`, JSON.stringify({ schema: 1, version, config }), {
			qos: 1,
			retain: true,
		});
	const reported = (state: string, version: number) => () =>
		on('reported').some((one) => one.state === state && one.asked === version);
	return { box, listener, on, soon, command, desire, reported };
}

test.serial('commands are run and answered, with their correlation data and within the fence', async (t) => {
	t.timeout(600_000);
	const { box, command, on, soon, listener } = await world(t);
	const started = await command('examination-start', { side: 'left' }, { correlationData: Buffer.from('abc') });
	t.is(started.topic, `${prefix}/cmd/reply`);
	t.like(started.payload, { outcome: 'done', name: 'examination-start' });
	t.is(`${started.properties.correlationData}`, 'abc');
	await soon('the examination', () => on('event').some(({ event }) => event === 'examination-started'));
	t.regex(`${(await command('identify', { seconds: 2 })).payload!.reason}`, /^$|^an examination runs$/);
	t.like((await command('side', { side: 'right' })).payload, { outcome: 'done' });
	t.like((await command('examination-cancel')).payload, { outcome: 'done' });
	await soon('its end', () => on('result/examination').some(({ endedBy }) => endedBy === 'cancelled'));

	const own = `${prefix}/cmd/reply/desk-3`;
	t.is((await command('doctor', {}, { responseTopic: own })).topic, own);
	const foreign = await command('doctor', {}, { responseTopic: 'phlebox/v1/box-2/desired' });
	t.is(foreign.topic, `${prefix}/cmd/reply`);
	t.true((foreign.payload!.result as { check: string }[]).some(({ check }) => check === 'store'));
	t.like((await command('snapshot')).payload, {
		outcome: 'refused',
		reason: 'mqtt.snapshots does not allow it on this box',
	});

	t.like((await command('logs', { seconds: 30, level: 'info' })).payload, { outcome: 'done' });
	await command('examination-start', {});
	await soon('a line of the log', () => on('log').some(({ text }) => text === 'recorded'));

	const boot = on('status').at(-1)!.boot as number;
	t.like((await command('restart')).payload, { outcome: 'done' });
	await soon('the next start', () => on('status').some((one) => one.boot === boot + 1 && one.status === 'online'));
	t.is(box.child.exitCode, null);
	t.true(on('event').filter(({ event }) => event === 'command').length >= 9);
	t.false(listener.heard.some(({ topic }) => topic.includes('box-2')));
	box.child.kill('SIGTERM');
	t.is((await box.end()).code, 0);
});

test.serial('a desired configuration is applied, refused or rolled back, and said to be so', async (t) => {
	t.timeout(600_000);
	const { box, on, soon, desire, reported } = await world(t, ', snapshots: true');
	await soon('reported', reported('none', 0));
	const boot = on('status').at(-1)!.boot as number;

	await desire(1, { box: { label: 'Room 3' }, mqtt: { healthSeconds: 2 } });
	await soon('applied without a restart', reported('applied', 1));
	await soon('the label', () => on('birth').at(-1)!.label === 'Room 3');
	t.is(on('status').at(-1)!.boot, boot);

	await desire(2, { mqtt: { url: 'mqtt://evil' }, vision: { previewHz: 99 } });
	await soon('refused', reported('refused', 2));
	t.like(on('reported').at(-1), { version: 1, config: { box: { label: 'Room 3' } } });
	t.is((on('reported').at(-1)!.problems as string[]).length, 2);

	await desire(3, { box: { label: 'Room 3' }, indicator: { expiryMs: 300 } });
	await soon('applied with a restart', reported('applied', 3));
	t.is(on('status').at(-1)!.boot, boot + 1);

	// Valid by itself; but the model knows no such site.
	await desire(4, { exam: { sites: ['nowhere'] } });
	await soon('rolled back', reported('rolled-back', 4));
	t.like(on('reported').at(-1), { version: 3, asked: 4 });
	await soon('online again', () => on('status').at(-1)!.status === 'online');

	await desire(2, { box: { label: 'old' } });
	const count = on('reported').length;
	await desire(5, { box: { label: 'Room 5' }, indicator: { expiryMs: 300 } });
	await soon('the next', reported('applied', 5));
	t.false(
		on('reported')
			.slice(count - 1)
			.some(({ asked }) => asked === 2),
	);
	t.is(on('birth').at(-1)!.label, 'Room 5');
	box.child.kill('SIGTERM');
	t.is((await box.end()).code, 0);
});
