import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { draft } from './draft.ts';
import { Listener } from './listener.ts';
import { Mosquitto, withoutMosquitto } from './mosquitto.ts';
import { Rig } from './rig.ts';

const names = (count: number, prefix = 'm') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const eventIds = (listener: Listener) => listener.on('phlebox/v1/box-1/event').map((one) => `${one.payload?.id}`);

test('messages arrive in order, with their numbers, and leave the store', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t);
	await broker.start();
	const listener = await Listener.at(t, broker.url);
	const rig = new Rig(t, { url: broker.url });
	await rig.start();
	for (const id of names(200)) {
		await rig.outbox.append(draft(id));
		rig.sender.wake();
	}
	await listener.until('all', () => eventIds(listener).length >= 200);
	t.deepEqual(eventIds(listener), names(200));
	t.deepEqual(
		listener.heard.map((one) => one.payload?.seq),
		Array.from({ length: 200 }, (_, i) => i + 1),
	);
	t.true(listener.heard.every((one) => one.qos === 1 && one.payload?.boot === 1 && one.payload.historical === false));
	t.true(await rig.sender.drain(2000));
	t.is(rig.outbox.pending(), 0);
});

test('a broker that is killed again and again: nothing is missing, nothing is out of order', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t, ['persistence false']);
	await broker.start();
	const rig = new Rig(t, { url: broker.url });
	await rig.start();
	const seen: string[] = [];
	const sent: string[] = [];
	for (let life = 0; life < 3; life += 1) {
		const listener = await Listener.at(t, broker.url);
		const batch = names(300, `${life}-`);
		await Promise.all(batch.map((id) => rig.outbox.append(draft(id))));
		sent.push(...batch);
		rig.sender.wake();
		await listener.until('some', () => eventIds(listener).length >= 50);
		await broker.kill();
		await rig.until('notices', () => rig.link.state.phase !== 'online');
		// What the broker passed on before it died is still on its way to the listener.
		await sleep(50);
		seen.push(...eventIds(listener));
		listener.end();
		await broker.start();
	}
	const listener = await Listener.at(t, broker.url);
	await rig.until('empty', () => rig.outbox.pending() === 0);
	await listener.until('last', () => eventIds(listener).includes('2-299') || seen.includes('2-299'));
	seen.push(...eventIds(listener));
	t.log(`${seen.length - new Set(seen).size} of ${sent.length} came twice`);
	// A message that was acknowledged just when the broker died may have died with it: the broker took it over.
	const unique = [...new Set(seen)];
	t.deepEqual(
		unique,
		sent.filter((id) => unique.includes(id)),
	);
	t.deepEqual(
		sent.filter((id) => !unique.includes(id)),
		[],
	);
});

test('a half-open connection is noticed, and everything arrives once the broker answers again', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t);
	await broker.start();
	const listener = await Listener.at(t, broker.url);
	const rig = new Rig(t, { url: broker.url, keepaliveSeconds: 1, connectTimeoutMs: 300 });
	await rig.start();
	await rig.until('online', () => rig.link.state.phase === 'online');
	broker.freeze();
	await rig.until('noticed', () => rig.link.state.phase === 'offline');
	t.regex(rig.states.find((state) => state.phase === 'offline')!.reason, /is out of reach: it does not answer any more$/);
	for (const id of names(40)) await rig.outbox.append(draft(id));
	await rig.until('tried again', () => rig.link.state.reason.includes('takes connections, but does not answer'));
	broker.thaw();
	await listener.until('all', () => new Set(eventIds(listener)).size === 40);
	t.deepEqual([...new Set(eventIds(listener))], names(40));
	t.true(await rig.sender.drain(2000));
});

test('a message that is never acknowledged shows that the connection is dead', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t);
	await broker.start();
	const rig = new Rig(t, { url: broker.url, keepaliveSeconds: 60, publishTimeoutMs: 200 });
	await rig.start();
	await rig.until('online', () => rig.link.state.phase === 'online');
	broker.freeze();
	await rig.outbox.append(draft('a'));
	rig.sender.wake();
	await rig.until('noticed', () => rig.link.state.phase === 'offline');
	t.regex(rig.link.state.reason, /it did not acknowledge a message in 200 ms$/);
	broker.thaw();
	await rig.until('sent', () => rig.outbox.pending() === 0);
});

test('a broker that comes later is found; until then the link says in one line what is wrong', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t);
	const rig = new Rig(t, { url: broker.url });
	await rig.start();
	await rig.until('offline', () => rig.link.state.phase === 'offline');
	t.is(
		rig.link.state.reason,
		`the broker ${broker.url} is out of reach: nothing listens there; start the broker or correct mqtt.url`,
	);
	t.false(rig.link.state.needsMending);
	await broker.start();
	await rig.until('online', () => rig.link.state.phase === 'online');
	t.is(rig.link.state.reason, '');
});

test('a wrong password is refused with a reason, tried again seldom, and never shown', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t, [], { 'box-1': 'right' });
	await broker.start();
	const url = `mqtt://box-1:wr0ng@127.0.0.1:${broker.port}`;
	const rig = new Rig(t, { url, backoff: { minMs: 1, maxMs: 60_000 } });
	await rig.start();
	await rig.until('refused', () => rig.link.state.phase === 'refused');
	t.regex(rig.link.state.reason, /^the broker mqtt:\/\/127\.0\.0\.1:\d+ refuses the connection \(reason code 135\): .+rights/);
	t.true(rig.link.state.needsMending);
	t.notRegex(JSON.stringify(rig.states), /wr0ng/);
	await sleep(100);
	t.is(rig.phases().filter((phase) => phase === 'connecting').length, 1);

	const right = new Rig(t, { url, password: 'right' });
	await right.start();
	await right.until('online', () => right.link.state.phase === 'online');
});

test('a box that is gone without a word is shown as lost, one that says goodbye is not', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t);
	await broker.start();
	const listener = await Listener.at(t, broker.url);
	const rig = new Rig(t, { url: broker.url });
	rig.retained.set('status', { status: 'online' });
	await rig.start();
	const statuses = () => listener.on('phlebox/v1/box-1/status').map((one) => one.payload?.status);
	await listener.until('online', () => statuses().length === 1);
	// A second box with the same id takes the connection over, as a box does that comes back before the broker noticed.
	const twin = new Rig(t, { url: broker.url, backoff: { minMs: 5000, maxMs: 60_000 } });
	twin.retained.set('status', { status: 'online', who: 'twin' });
	await rig.until('online', () => rig.link.state.phase === 'online');
	await twin.start();
	await rig.until('told', () => rig.link.state.phase === 'refused');
	t.regex(rig.link.state.reason, /reason code 142\): another client uses the same id; give each box its own box.id$/);
	t.true(rig.link.state.needsMending);
	await listener.until('twin', () => statuses().length === 3);
	t.deepEqual(statuses(), ['online', 'lost', 'online']);
	await rig.stop();
	await twin.stop();
	await sleep(100);
	t.is(statuses().length, 3);
});

test('no more messages are under way than the broker takes', async (t) => {
	if (withoutMosquitto(t)) return;
	const broker = await Mosquitto.make(t, ['max_inflight_messages 3']);
	await broker.start();
	for (const { protocolVersion, window, most } of [
		{ protocolVersion: 5 as const, window: 16, most: 3 },
		{ protocolVersion: 5 as const, window: 2, most: 2 },
		{ protocolVersion: 4 as const, window: 5, most: 5 },
	]) {
		const rig = new Rig(t, { url: broker.url, protocolVersion }, { window });
		await rig.outbox.open();
		for (const id of names(30)) await rig.outbox.append(draft(id));
		let under = 0;
		let seen = 0;
		const publish = rig.link.publish.bind(rig.link);
		rig.link.publish = async (message) => {
			under += 1;
			seen = Math.max(seen, under);
			await publish(message).finally(() => {
				under -= 1;
			});
		};
		await rig.start();
		await rig.until('empty', () => rig.outbox.pending() === 0);
		t.is(seen, most);
		await rig.stop();
	}
});
