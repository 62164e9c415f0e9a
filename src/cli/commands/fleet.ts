import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { PhleboxError } from '../../errors.ts';
import { numberOption } from '../numberOption.ts';

interface Options {
	url: string;
	root: string;
	username: string;
	ca: string;
	cert: string;
	key: string;
	group: string;
	silentSeconds: number;
	seconds?: number;
	json?: boolean;
}

const passwordName = 'PHLEBOX_FLEET_PASSWORD';

export function fleetCommand(): Command {
	return new Command('fleet')
		.description('Every box at a broker: state, version, model, signal, light, last result, alerts, and who is lost')
		.option('--url <url>', 'the broker, mqtt:// or mqtts://', 'mqtt://127.0.0.1:1883')
		.option('--root <topic>', 'first level of the topics (mqtt.root of the boxes)', 'phlebox')
		.option('--username <name>', `user name; the password is taken from ${passwordName}`, '')
		.option('--ca <file>', 'PEM: who signed the certificate of the broker', '')
		.option('--cert <file>', 'PEM: own certificate, for mutual TLS', '')
		.option('--key <file>', 'PEM: its key', '')
		.option('--group <name>', 'views with the same group share the stream of health and results', '')
		.option('--silent-seconds <n>', 'a box unheard for so long is silent', numberOption(1, 1e6, false), 100)
		.option('--seconds <n>', 'end by itself after so long', numberOption(1, 1e7, false))
		.option('--json', 'print one JSON document at the end (after 3 s, or --seconds)')
		.action(fleet);
}

async function fleet(options: Options): Promise<void> {
	const { url, root, username, group } = options;
	if (!/^mqtts?:\/\/[^\s/]+/.test(url) || !URL.canParse(url))
		throw new PhleboxError('bad-usage', `--url ${url} is no broker: write mqtt://HOST[:PORT] or mqtts://HOST[:PORT]`);
	const { FleetWatch } = await import('../../fleet/fleetWatch.ts');
	const watch = new FleetWatch({
		...{ url, root, username, group, password: process.env[passwordName] ?? '' },
		tls: { caFile: options.ca, certFile: options.cert, keyFile: options.key },
		silentMs: options.silentSeconds * 1000,
	});
	await watch.start();
	const stopped = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
	const seconds = options.seconds ?? (options.json ? 3 : undefined);
	const timer = seconds === undefined ? undefined : setTimeout(() => stopped.abort(), seconds * 1000);
	if (!options.json) await show(watch, stopped.signal);
	else await sleep(2 ** 31 - 1, undefined, { signal: stopped.signal }).catch(() => {});
	clearTimeout(timer);
	watch.stop();
	const { messages, malformed } = watch.fleet;
	if (options.json) console.log(JSON.stringify({ messages, malformed, boxes: watch.fleet.boxes(Date.now()) }, null, 2));
}

async function show(watch: import('../../fleet/fleetWatch.ts').FleetWatch, signal: AbortSignal): Promise<void> {
	const { fleetText } = await import('../../fleet/fleetText.ts');
	const terminal = process.stdout.isTTY === true;
	while (!signal.aborted) {
		await sleep(terminal ? 1000 : 5000, undefined, { signal }).catch(() => {});
		const { rows = 24, columns = 200 } = process.stdout;
		const text = fleetText(watch.fleet, Date.now(), terminal ? rows - 1 : 1e9, terminal ? columns : 1000);
		process.stdout.write(`${terminal ? '\u001b[2J\u001b[H' : ''}${watch.trouble ? `${watch.trouble}\n` : ''}${text}\n`);
	}
}
