import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { spanOfDays } from '../../src/provisioning/authority.ts';
import type { LinkCause } from '../../src/telemetry/link/linkCause.ts';
import { draft } from '../telemetry/draft.ts';
import { noTls } from '../telemetry/noTls.ts';
import { Rig } from '../telemetry/rig.ts';
import { Mosquitto } from './mosquitto.ts';
import { Site } from './mutualTls.ts';

const day = 86_400_000;
const past = { notBefore: new Date(Date.now() - 3 * day), notAfter: new Date(Date.now() - day) };
const future = { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 3 * day) };
/** Long waits: each state has to be reached at the first try. */
const patient = { backoff: { minMs: 1, maxMs: 60_000 } };

test('a box with its certificate reports over mutual TLS, in MQTT 5 and in 3.1.1', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const tls = await site.client('box-1');
	for (const protocolVersion of [5, 4] as const) {
		const rig = new Rig(t, { url: broker.url, tls, protocolVersion });
		await rig.start();
		await rig.outbox.append(draft('a'));
		rig.sender.wake();
		await rig.until('sent', () => rig.outbox.pending() === 0 && rig.link.state.phase === 'online');
		t.is(rig.link.protocolVersion, protocolVersion);
		await rig.stop();
	}
});

interface Row {
	what: string;
	cause: LinkCause;
	says: RegExp;
	make: (t: Parameters<typeof Site.make>[0]) => Promise<Rig>;
}

const rows: Row[] = [
	{
		what: "the broker's certificate has expired",
		cause: 'broker-certificate-expired',
		says: /the broker's certificate has expired; renew it there/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t, past);
			return new Rig(t, { url: broker.url, tls: await site.client('box-1'), ...patient });
		},
	},
	{
		what: "the clock stands before the start of the broker's certificate",
		cause: 'clock-before-certificate',
		says: /the clock of the box stands before the start of the broker's certificate; set the clock$/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t, future);
			return new Rig(t, { url: broker.url, tls: await site.client('box-1'), ...patient });
		},
	},
	{
		what: "the broker's certificate is of another host",
		cause: 'broker-certificate-untrusted',
		says: /not trusted .*check mqtt\.tls\.caFile and the host name/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t, undefined, ['broker.example']);
			return new Rig(t, { url: broker.url, tls: await site.client('box-1'), ...patient });
		},
	},
	{
		what: "the broker's certificate is of another authority",
		cause: 'broker-certificate-untrusted',
		says: /not trusted/,
		make: async (t) => {
			const broker = await (await Site.make(t)).broker(t);
			const other = await Site.make(t, 'another authority');
			return new Rig(t, { url: broker.url, tls: await other.client('box-1'), ...patient });
		},
	},
	{
		what: "the box's certificate has expired",
		cause: 'box-certificate-expired',
		says: /^the certificate of this box ended at .*: renew /,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t);
			return new Rig(t, { url: broker.url, tls: await site.client('box-1', past), ...patient });
		},
	},
	{
		what: "the clock stands before the start of the box's own certificate",
		cause: 'clock-before-certificate',
		says: /stands before the start of its own certificate .*: set the clock$/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t);
			return new Rig(t, { url: broker.url, tls: await site.client('box-1', future), ...patient });
		},
	},
	{
		what: "the box's certificate is of another authority",
		cause: 'box-certificate-refused',
		says: /the broker does not take the certificate of this box/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t);
			const other = await Site.make(t, 'another authority');
			const { certFile, keyFile } = await other.client('box-1');
			const { caFile } = await site.client('box-1');
			return new Rig(t, { url: broker.url, tls: { caFile, certFile, keyFile }, ...patient });
		},
	},
	{
		what: 'the box has no certificate',
		cause: 'box-certificate-refused',
		says: /the broker does not take the certificate of this box/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t);
			const { caFile } = await site.client('box-1');
			return new Rig(t, { url: broker.url, tls: { ...noTls, caFile }, ...patient });
		},
	},
	{
		what: 'key and certificate do not belong together',
		cause: 'box-certificate-unusable',
		says: /is not the key of the certificate/,
		make: async (t) => {
			const site = await Site.make(t);
			const broker = await site.broker(t);
			const one = await site.client('box-1');
			const { keyFile } = await site.client('box-2');
			return new Rig(t, { url: broker.url, tls: { ...one, keyFile }, ...patient });
		},
	},
	{
		what: 'the broker speaks no TLS on that port',
		cause: 'unreachable',
		says: /it does not speak TLS on that port|it closed the connection|broke the connection off/,
		make: async (t) => {
			const broker = await Mosquitto.make(t);
			await broker.start();
			return new Rig(t, { url: broker.url.replace('mqtt:', 'mqtts:'), ...patient });
		},
	},
	{
		what: 'the broker does not take the password',
		cause: 'credentials',
		says: /refuses the connection \(reason code 135\)/,
		make: async (t) => {
			const broker = await Mosquitto.make(t, [], { 'box-1': 'right' });
			await broker.start();
			return new Rig(t, { url: broker.url, username: 'box-1', password: 'wrong', ...patient });
		},
	},
];

for (const { what, cause, says, make } of rows)
	test(`${what}: the state is ${cause}, in one line`, async (t) => {
		const rig = await make(t);
		await rig.start();
		await rig.until('a cause', () => rig.states.some((state) => state.cause !== null));
		const state = rig.states.find((one) => one.cause !== null)!;
		t.is(state.cause, cause);
		t.regex(state.reason, says);
		t.notRegex(state.reason, /\n/);
		t.not(state.phase, 'online');
	});

test('a renewed certificate is used without a restart, and nothing is shown as lost', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const tls = await site.client('box-1', spanOfDays(2));
	const rig = new Rig(t, { url: broker.url, tls, certificateWatchMs: 20 });
	await rig.start();
	await rig.until('online', () => rig.link.state.phase === 'online');
	const before = rig.states.length;
	await site.client('box-1', spanOfDays(90));
	await rig.until('online again', () => rig.phases().slice(before).includes('online'));
	t.deepEqual(rig.phases().slice(before), ['connecting', 'online']);
	await rig.outbox.append(draft('a'));
	rig.sender.wake();
	await rig.until('sent', () => rig.outbox.pending() === 0);
});

test('a certificate that is renewed after it has expired ends the wait', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const tls = await site.client('box-1', past);
	const rig = new Rig(t, { url: broker.url, tls, certificateWatchMs: 20, ...patient });
	await rig.start();
	await rig.until('expired', () => rig.link.state.cause === 'box-certificate-expired');
	await site.client('box-1');
	await rig.until('online', () => rig.link.state.phase === 'online');
	t.is(rig.link.state.cause, null);
});

test('a certificate whose key is not there yet is waited for', async (t) => {
	const site = await Site.make(t);
	const broker = await site.broker(t);
	const tls = await site.client('box-1');
	const rig = new Rig(t, { url: broker.url, tls, certificateWatchMs: 10 });
	await rig.start();
	await rig.until('online', () => rig.link.state.phase === 'online');
	const before = rig.states.length;
	const key = readFileSync(tls.keyFile);
	await site.client('box-1');
	const renewed = readFileSync(tls.keyFile);
	// As an unlucky look finds it: the new certificate beside the old key.
	writeFileSync(tls.keyFile, key);
	await new Promise((resolve) => setTimeout(resolve, 100));
	const between = rig
		.phases()
		.slice(before)
		.filter((phase) => phase !== 'connecting' && phase !== 'online');
	t.deepEqual(between, []);
	writeFileSync(tls.keyFile, renewed);
	await rig.until('renewed', () => rig.phases().slice(before).includes('online'));
	t.is(rig.link.state.phase, 'online');
});

test('the next broker is used when the first is out of reach, and the first again once the second breaks', async (t) => {
	const first = await Mosquitto.make(t);
	const second = await Mosquitto.make(t);
	await second.start();
	const rig = new Rig(t, { url: first.url, otherUrls: [second.url] });
	await rig.start();
	await rig.until('second', () => rig.link.state.phase === 'online');
	t.is(rig.link.broker, second.url);
	await rig.outbox.append(draft('a'));
	rig.sender.wake();
	await rig.until('sent', () => rig.outbox.pending() === 0);
	await first.start();
	await second.kill();
	await rig.until('first', () => rig.link.state.phase === 'online' && rig.link.broker === first.url);
	await rig.outbox.append(draft('b'));
	rig.sender.wake();
	await rig.until('sent', () => rig.outbox.pending() === 0);
});
