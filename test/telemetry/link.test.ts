import test from 'ava';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { backoffMs, refusedBackoffMs } from '../../src/telemetry/link/backoff.ts';
import { brokerAddress } from '../../src/telemetry/link/brokerAddress.ts';
import type { LinkCause } from '../../src/telemetry/link/linkCause.ts';
import { linkCauseOf, linkFault, needsMending } from '../../src/telemetry/link/linkFault.ts';
import { Link } from '../../src/telemetry/link.ts';
import { draft } from './draft.ts';
import { Listener } from './listener.ts';
import { quickLink, Rig } from './rig.ts';
import { maximumPacketSize, receiveMaximum, ScriptedBroker } from './scriptedBroker.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`);

test('waits double up to the longest and are spread over all of it', (t) => {
	const options = { minMs: 1000, maxMs: 120_000 };
	t.deepEqual(
		[1, 2, 3, 7, 8, 9, 5000].map((failures) => backoffMs(failures, options, 1)),
		[1000, 2000, 4000, 64_000, 120_000, 120_000, 120_000],
	);
	t.is(backoffMs(3, options, 0), 0);
	t.is(backoffMs(3, options, 0.5), 2000);
	t.is(refusedBackoffMs(options, 0), 60_000);
	t.is(refusedBackoffMs(options, 1), 120_000);
});

test('an address is taken apart, with the usual ports, and shown without credentials', (t) => {
	t.deepEqual(brokerAddress('mqtt://box:se%40cret@broker.example'), {
		protocol: 'mqtt',
		host: 'broker.example',
		port: 1883,
		username: 'box',
		password: 'se@cret',
		shown: 'mqtt://broker.example:1883',
	});
	t.is(brokerAddress('mqtts://b:1').port, 1);
	t.is(brokerAddress('mqtts://b').port, 8883);
	t.is(brokerAddress('mqtt://[::1]:1884').host, '::1');
});

for (const url of ['', 'broker', 'http://box:secret@broker', 'mqtt://', 'mqtt//box:secret@broker:1883'])
	test(`'${url}' is no broker, and the line that says so shows no password`, (t) => {
		const error = t.throws(
			() =>
				new Link({ ...quickLink, url, clientId: 'x' }, { will: () => ({ topic: '', payload: '' }), onState: () => {} }),
			{
				code: 'config-invalid',
			},
		);
		t.regex(error!.message, /^mqtt\.url \S* ?is no broker: write mqtt:\/\/HOST/);
		t.notRegex(error!.message, /secret/);
	});

for (const { code, line, cause } of [
	{ code: 'ENOTFOUND', line: /is out of reach: the host name is not known/, cause: 'unreachable' },
	{ code: 'EHOSTUNREACH', line: /is out of reach: there is no way to that host/, cause: 'unreachable' },
	{ code: 'ENOSUCHCODE', line: /is out of reach: told$/, cause: 'unreachable' },
	{ code: 'CERT_HAS_EXPIRED', line: /has expired; renew it there/, cause: 'broker-certificate-expired' },
	{ code: 'CERT_NOT_YET_VALID', line: /clock .* stands before .*; set the clock$/, cause: 'clock-before-certificate' },
	{ code: 'SELF_SIGNED_CERT_IN_CHAIN', line: /not trusted \(told\)/, cause: 'broker-certificate-untrusted' },
	{ code: 'ERR_TLS_CERT_ALTNAME_INVALID', line: /not trusted \(told\)/, cause: 'broker-certificate-untrusted' },
	{ code: 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', line: /this box has expired/, cause: 'box-certificate-expired' },
	{ code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', line: /does not take/, cause: 'box-certificate-refused' },
	{ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', line: /does not take/, cause: 'box-certificate-refused' },
	{ code: 'ERR_OSSL_PEM_NO_START_LINE', line: /files of mqtt\.tls/, cause: 'box-certificate-unusable' },
	{ code: 'ERR_SSL_WRONG_VERSION_NUMBER', line: /does not speak TLS on that port/, cause: 'unreachable' },
])
	test(`${code} is told in one line and is the state ${cause}`, (t) => {
		const fault = linkFault(Object.assign(new Error('told\nat length'), { code }), 'mqtt://b:1');
		t.is(linkCauseOf(fault), cause as LinkCause);
		t.regex(fault.message, line);
		t.notRegex(fault.message, /\n/);
		t.is(needsMending(fault), !['unreachable', 'clock-before-certificate'].includes(cause));
	});

for (const { reasonCode, text, mend } of [
	{ reasonCode: 134, text: 'wrong user name or password; check mqtt.username and mqtt.password', mend: true },
	{ reasonCode: 135, text: 'the user may not do that; check the credentials and rights at the broker', mend: true },
	{ reasonCode: 133, text: 'it does not take the client id; check box.id', mend: true },
	{ reasonCode: 138, text: 'this box is banned there', mend: true },
	{ reasonCode: 136, text: 'it is not available now', mend: false },
	{ reasonCode: 137, text: 'it is busy', mend: false },
	{ reasonCode: 159, text: 'connections come too fast', mend: false },
	{ reasonCode: 200, text: 'unknown reason', mend: false },
])
	test(`a connection refused with ${reasonCode} is told in one line and ${mend ? 'seldom' : 'soon'} tried again`, async (t) => {
		const broker = await ScriptedBroker.start(t, { connack: () => reasonCode });
		const rig = new Rig(t, { url: broker.url, backoff: { minMs: 1, maxMs: mend ? 60_000 : 5 } });
		await rig.start();
		await rig.until('refused', () => rig.link.state.phase === 'refused');
		t.is(rig.link.state.reason, `the broker ${broker.url} refuses the connection (reason code ${reasonCode}): ${text}`);
		t.is(rig.link.state.needsMending, mend);
		if (mend) t.is(broker.connects.length, 1);
		else await rig.until('again', () => broker.connects.length > 2);
	});

test('a broker that says that the id is used twice is not bothered again soon', async (t) => {
	const broker = await ScriptedBroker.start(t, {});
	const rig = new Rig(t, { url: broker.url, backoff: { minMs: 1, maxMs: 60_000 } });
	await rig.start();
	await rig.until('online', () => rig.link.state.phase === 'online');
	broker.disconnect(142);
	await rig.until('refused', () => rig.link.state.phase === 'refused');
	t.regex(rig.link.state.reason, /reason code 142\): another client uses the same id; give each box its own box\.id$/);
	t.is(broker.connects.length, 1);
});

test('a broker that takes the connection and says nothing is left after the time limit', async (t) => {
	const broker = await ScriptedBroker.start(t, { connack: () => null });
	const rig = new Rig(t, { url: broker.url, connectTimeoutMs: 50 });
	await rig.start();
	await rig.until('offline', () => rig.link.state.phase === 'offline');
	t.regex(rig.link.state.reason, /is out of reach: it takes connections, but does not answer$/);
});

for (const reasonCode of [0x90, 0x99])
	test(`a message refused with 0x${reasonCode.toString(16)} is set aside and holds up nobody`, async (t) => {
		const broker = await ScriptedBroker.start(t, {
			puback: (_, payload) => (JSON.parse(payload).id === 'm1' ? reasonCode : 0),
		});
		const rig = new Rig(t, { url: broker.url });
		await rig.outbox.open();
		for (const id of names(4)) await rig.outbox.append(draft(id));
		await rig.start();
		await rig.until('done', () => rig.outbox.pending() === 0);
		t.is(rig.outbox.aside(), 1);
		t.regex(rig.aside.join(), new RegExp(`^m1: the broker \\S+ refuses a message .*reason code ${reasonCode}`));
		t.is(broker.published.length, 4);
	});

test('a message larger than the broker takes is set aside without being sent', async (t) => {
	const broker = await ScriptedBroker.start(t, { properties: maximumPacketSize(1000) });
	const rig = new Rig(t, { url: broker.url });
	await rig.outbox.open();
	await rig.outbox.append(draft('big', { filler: 'x'.repeat(1000) }));
	await rig.outbox.append(draft('small'));
	await rig.start();
	await rig.until('done', () => rig.outbox.pending() === 0);
	t.is(rig.outbox.aside(), 1);
	t.deepEqual(
		broker.published.map(({ payload }) => JSON.parse(payload).id),
		['small'],
	);
});

for (const reasonCode of [0x80, 0x83, 0x87, 0x97])
	test(`messages refused with 0x${reasonCode.toString(16)} stay, are told of once and sent when the broker takes them`, async (t) => {
		let refused = 0;
		const broker = await ScriptedBroker.start(t, {
			puback: () => {
				if (refused >= 12) return 0;
				refused += 1;
				return reasonCode;
			},
		});
		const rig = new Rig(t, { url: broker.url }, { window: 4 });
		await rig.outbox.open();
		for (const id of names(5)) await rig.outbox.append(draft(id));
		await rig.start();
		await rig.until('done', () => rig.outbox.pending() === 0);
		t.is(rig.outbox.aside(), 0);
		t.is(rig.refusals.length, 2);
		t.regex(`${rig.refusals[0]}`, new RegExp(`reason code ${reasonCode}`));
		t.is(rig.refusals[1], null);
		t.deepEqual(
			broker.published.slice(-5).map(({ payload }) => JSON.parse(payload).id),
			names(5),
		);
	});

test('a retained document that is refused does not hold up the results', async (t) => {
	const broker = await ScriptedBroker.start(t, { puback: (topic) => (topic.endsWith('/birth') ? 0x87 : 0) });
	const rig = new Rig(t, { url: broker.url });
	rig.retained.set('birth', { a: 1 });
	await rig.outbox.open();
	await rig.outbox.append(draft('a'));
	await rig.start();
	await rig.until('sent', () => rig.outbox.pending() === 0);
	t.regex(rig.refusals.join(), /birth \(reason code 135\)/);
});

test('a document that has not changed is not sent again, one that has is', async (t) => {
	const broker = await ScriptedBroker.start(t, {});
	const rig = new Rig(t, { url: broker.url });
	rig.retained.set('birth', { a: 1 });
	await rig.start();
	await rig.until('sent', () => broker.published.length === 1);
	rig.retained.set('birth', { a: 1 });
	rig.sender.wake();
	rig.retained.set('status', { b: 1 });
	rig.sender.wake();
	await rig.until('status', () => broker.published.length === 2);
	rig.retained.set('birth', { a: 2 });
	rig.sender.wake();
	await rig.until('again', () => broker.published.length === 3);
	t.deepEqual(
		broker.published.map(({ payload }) => payload),
		['{"a":1}', '{"b":1}', '{"a":2}'],
	);
});

test('a broker that takes one message at a time gets one at a time, documents included', async (t) => {
	let under = 0;
	let most = 0;
	const broker = await ScriptedBroker.start(t, {
		properties: receiveMaximum(1),
		puback: () => {
			under += 1;
			most = Math.max(most, under);
			setImmediate(() => {
				under -= 1;
			});
			return 0;
		},
	});
	const rig = new Rig(t, { url: broker.url });
	rig.retained.set('status', { a: 1 });
	rig.retained.set('birth', { a: 1 });
	await rig.outbox.open();
	for (const id of names(6)) await rig.outbox.append(draft(id));
	await rig.start();
	await rig.until('sent', () => rig.outbox.pending() === 0);
	t.is(most, 1);
	t.deepEqual(
		broker.published.map(({ topic }) => topic.split('/').at(-1)),
		['status', 'birth', ...names(6).map(() => 'event')],
	);
});

test('a broker of MQTT 3.1.1 is spoken to in 3.1.1', async (t) => {
	const broker = new DemoBroker({ port: 0 });
	const url = `mqtt://127.0.0.1:${await broker.start()}`;
	t.teardown(() => broker.stop());
	const listener = await Listener.at(t, url, { protocolVersion: 4 });
	const rig = new Rig(t, { url, protocolVersion: 5 });
	await rig.outbox.open();
	for (const id of names(50)) await rig.outbox.append(draft(id));
	await rig.start();
	await listener.until('all', () => listener.heard.length === 50);
	t.is(rig.link.protocolVersion, 4);
	t.deepEqual(
		listener.heard.map((one) => one.payload?.id),
		names(50),
	);
	t.false(rig.phases().includes('refused'));
});

test('messages of an earlier start and old ones are marked historical', async (t) => {
	const broker = await ScriptedBroker.start(t, {});
	const rig = new Rig(t, { url: broker.url }, { historicalAfterMs: 60_000 });
	await rig.outbox.open();
	await rig.outbox.append(draft('earlier start'));
	await rig.outbox.close();
	await rig.outbox.open();
	await rig.outbox.append({ ...draft('old'), createdAt: new Date(Date.now() - 61_000).toISOString() });
	await rig.outbox.append(draft('new'));
	rig.link.start();
	rig.sender.start();
	await rig.until('sent', () => rig.outbox.pending() === 0);
	t.deepEqual(
		broker.published.map(({ payload }) => {
			const { id, boot, seq, historical } = JSON.parse(payload);
			return { id, boot, seq, historical };
		}),
		[
			{ id: 'earlier start', boot: 1, seq: 1, historical: true },
			{ id: 'old', boot: 2, seq: 2, historical: true },
			{ id: 'new', boot: 2, seq: 3, historical: false },
		],
	);
});

test('draining gives up at its deadline, and at once without a connection', async (t) => {
	t.timeout(60_000);
	const broker = await ScriptedBroker.start(t, { puback: () => null });
	const rig = new Rig(t, { url: broker.url, publishTimeoutMs: 3_600_000 });
	await rig.start();
	await rig.outbox.append(draft('a'));
	await rig.until('online', () => rig.link.state.phase === 'online');
	t.false(await rig.sender.drain(150));
	await rig.stop();
	t.false(await rig.sender.drain(3_600_000));
	t.is(rig.outbox.pending(), 1);
});
