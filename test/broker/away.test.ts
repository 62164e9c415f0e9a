import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { draft } from '../telemetry/draft.ts';
import { Listener } from '../telemetry/listener.ts';
import { Rig } from '../telemetry/rig.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { FaultProxy } from './faults/faultProxy.ts';
import { Mosquitto } from './mosquitto.ts';

const count = 20_000;
const hour = 3_600_000;

function percentiles(times: number[]): string {
	const sorted = times.toSorted((a, b) => a - b);
	const at = (share: number) => `${Math.round(sorted[Math.floor((sorted.length - 1) * share)]! * 1000)} µs`;
	return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`;
}

test('after 72 hours away with 20,000 results, all arrive in order, once, and marked historical', async (t) => {
	t.timeout(600_000);
	const broker = await Mosquitto.make(t, ['max_queued_messages 0', 'max_inflight_messages 0']);
	const folder = join(temporaryFolder(t), 'outbox');
	const store = new LevelOutbox({ folder, quotaBytes: 1e9, reserveBytes: 0 });
	// The line is open once the consumer listens: a box that is quicker would be heard by nobody.
	const line = await FaultProxy.start(t, broker.port);
	line.refuse = true;
	const rig = new Rig(t, { url: line.url }, {}, Math.random, store);
	await store.open();
	t.teardown(() => store.close());
	// The last one is an hour old: what is younger than half a minute is not marked.
	const begun = Date.now() - 73 * hour;
	// Within one result each, as they come; the others many at a time, to be done some day.
	const times: number[] = [];
	const append = (place: number) => {
		const createdAt = new Date(begun + (place / count) * 72 * hour).toISOString();
		return store.append({ ...draft(`m${place}`, { filler: 'x'.repeat(1200) }), topic: 'result/site', createdAt });
	};
	for (let place = 0; place < 1000; place += 1) {
		const start = performance.now();
		await append(place);
		times.push(performance.now() - start);
	}
	for (let place = 1000; place < count; place += 500)
		await Promise.all(Array.from({ length: 500 }, (_, more) => append(place + more)));
	t.is(store.pending(), count);

	// Away: the link tries, the store lies still.
	rig.link.start();
	rig.sender.start();
	await rig.until('tried', () => rig.phases().filter((phase) => phase === 'offline').length >= 5);
	global.gc?.();
	const rssAway = process.memoryUsage.rss();

	await broker.start();
	const listener = await Listener.at(t, broker.url);
	line.refuse = false;
	const start = performance.now();
	await rig.until('drained', () => store.pending() === 0, 300_000);
	const seconds = (performance.now() - start) / 1000;
	const heard = () => listener.heard.filter(({ topic }) => topic.endsWith('/result/site'));
	await rig.until('heard', () => heard().length >= count, 60_000);
	const ids = heard().map(({ payload }) => payload!.id);
	const unique = [...new Set(ids)];
	t.is(unique.length, count);
	t.true(unique.every((id, place) => id === `m${place}`));
	t.true(heard().every(({ payload }) => payload!.historical === true));
	t.log(`durable write, one message of 1.4 kB: ${percentiles(times)}`);
	t.log(`append and fdatasync of a plain file: ${percentiles(plainWrites(join(folder, '..', 'plain'), 1400))}`);
	t.log(
		`${count} drained in ${seconds.toFixed(1)} s, ${ids.length - count} came twice; resident ${Math.round(rssAway / 2 ** 20)} MiB while away, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB after`,
	);
});

/** What the disk itself takes, for comparison. Milliseconds. */
function plainWrites(file: string, bytes: number): number[] {
	const handle = openSync(file, 'a');
	const text = 'x'.repeat(bytes);
	const times = Array.from({ length: 500 }, () => {
		const start = performance.now();
		writeSync(handle, text);
		fdatasyncSync(handle);
		return performance.now() - start;
	});
	closeSync(handle);
	return times;
}
