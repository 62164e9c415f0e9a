import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { PhleboxError } from '../../errors.ts';
import { planned, type Rollout, rolloutSchema } from '../../rollout/rollout.ts';
import { ask, readRollout, writeRollout } from '../../rollout/rolloutFile.ts';
import { numberOption } from '../numberOption.ts';

interface PlanOptions {
	model: string;
	ring: string[];
	perMinute: number;
	soakMinutes: number;
	abortShare: number;
	silentMinutes: number;
}

interface StartOptions {
	url: string;
	root: string;
	username: string;
	ca: string;
	cert: string;
	key: string;
}

const passwordName = 'PHLEBOX_FLEET_PASSWORD';

/** Sends a model to a fleet ring by ring, by jobs over MQTT, and stops when too many fail. */
export function rolloutCommand(): Command {
	const rollout = new Command('rollout').description('Brings a model to a fleet, ring by ring, by jobs over MQTT');
	rollout
		.command('plan')
		.description('writes a plan; nothing is sent')
		.argument('<file>', 'where the rollout is kept')
		.requiredOption('--model <name version>', 'such as "phlebox-dual 0.4.0"')
		.requiredOption('--ring <boxes...>', 'boxes of a ring, with commas between; once for each ring, in their order')
		.option('--per-minute <n>', 'jobs sent a minute at most', numberOption(1, 10_000), 10)
		.option('--soak-minutes <n>', 'between two rings', numberOption(0, 1e6, false), 60)
		.option('--abort-share <n>', 'share of boxes that may fail', numberOption(0, 1, false), 0.1)
		.option('--silent-minutes <n>', 'a box without an end for so long has failed', numberOption(0.01, 1e6, false), 1440)
		.action((file: string, options: PlanOptions) => plan(file, options));
	rollout
		.command('start')
		.description('begins it, or goes on after a pause; runs until all is done, paused or aborted')
		.argument('<file>', 'the rollout')
		.option('--url <url>', 'the broker, mqtt:// or mqtts://', 'mqtt://127.0.0.1:1883')
		.option('--root <topic>', 'first level of the topics (mqtt.root of the boxes)', 'phlebox')
		.option('--username <name>', `user name; the password is taken from ${passwordName}`, '')
		.option('--ca <file>', 'PEM: who signed the certificate of the broker', '')
		.option('--cert <file>', 'PEM: own certificate, for mutual TLS', '')
		.option('--key <file>', 'PEM: its key', '')
		.action(start);
	for (const [name, words] of [
		['pause', 'sends no more jobs; boxes that have theirs go on'],
		['abort', 'ends it for good; boxes that have their job go on'],
	] as const)
		rollout
			.command(name)
			.description(words)
			.argument('<file>', 'the rollout')
			.action((file: string) => {
				readRollout(file);
				ask(file, name);
				console.log(`${name} is asked for; the \`rollout start\` that runs does it, or the next one`);
			});
	rollout
		.command('show')
		.description('how far it is')
		.argument('<file>', 'the rollout')
		.option('--json', 'print it as JSON')
		.action((file: string, { json }: { json?: boolean }) => {
			const read = readRollout(file);
			console.log(json ? JSON.stringify(read, null, 2) : lines(read).join('\n'));
		});
	return rollout;
}

function plan(file: string, { model, ring, ...rules }: PlanOptions): void {
	if (existsSync(file)) throw new PhleboxError('bad-usage', `${file} exists; a rollout is never written over`);
	const [name = '', version = '', ...more] = model.split(' ');
	const rings = ring.map((boxes) => boxes.split(',').filter((box) => box !== ''));
	const id = `${name}-${version}-${Date.now().toString(36)}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 64);
	const made = rolloutSchema.safeParse(planned({ id, model: { name, version }, rings, ...rules }));
	if (!version || more.length > 0)
		throw new PhleboxError('bad-usage', `--model "${model}": write name and version, such as "phlebox-dual 0.4.0"`);
	if (!made.success) {
		const { path, message } = made.error.issues[0]!;
		throw new PhleboxError('bad-usage', `the plan: ${path.join('.')}: ${message}`);
	}
	const twice = rings.flat().find((box, at, all) => all.indexOf(box) !== at);
	if (twice !== undefined) throw new PhleboxError('bad-usage', `--ring: ${twice} is named twice`);
	writeRollout(file, made.data);
	console.log(lines(made.data).join('\n'));
}

async function start(file: string, options: StartOptions): Promise<void> {
	const { state } = readRollout(file);
	if (state === 'aborted' || state === 'done') throw new PhleboxError('bad-usage', `${file} is ${state}; plan another`);
	const { connectRollout } = await import('../../rollout/connectRollout.ts');
	const { runRollout } = await import('../../rollout/runRollout.ts');
	const { url, root, username, ca, cert, key } = options;
	const client = await connectRollout({
		...{ url, username, password: process.env[passwordName] ?? '' },
		tls: { caFile: ca, certFile: cert, keyFile: key },
	});
	const stopped = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
	try {
		const end = await runRollout(file, client, root, (now) => console.log(lines(now)[0]), stopped.signal);
		console.log(lines(end).join('\n'));
		if (end.state === 'aborted') process.exitCode = 1;
	} finally {
		await client.endAsync(true);
	}
}

function lines({ id, model, state, reason, rings, boxes }: Rollout): string[] {
	const all = Object.values(boxes);
	const ended = all.filter(({ endedMs }) => endedMs !== null);
	const good = ended.filter(({ status }) => status === 'SUCCEEDED').length;
	const sent = all.filter(({ sentMs }) => sentMs !== null).length;
	return [
		`${state}${reason ? ` (${reason})` : ''}: ${model.name} ${model.version}, ${sent} of ${all.length} sent, ${good} installed, ${ended.length - good} failed`,
		`job ${id}`,
		...rings.flatMap((ring, at) =>
			ring.map((box) => {
				const { status, step, reason: why } = boxes[box]!;
				return `ring ${at + 1}  ${box}  ${status ?? 'not sent'}${step ? ` ${step}` : ''}${why ? `: ${why}` : ''}`;
			}),
		),
	];
}
