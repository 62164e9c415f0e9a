// Child process of disk.test.ts, run under strace: appends messages until all are stored, whatever the disk says, and prints
// what was acknowledged.
import { writeSync } from 'node:fs';
import { messageOf } from '../../src/errors.ts';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';

const [folder, count] = [process.argv[2]!, Number(process.argv[3])];
const say = (line: string) => writeSync(1, `${line}\n`);

async function untilDone<T>(what: string, act: () => Promise<T>): Promise<T> {
	for (let tries = 0; ; tries += 1)
		try {
			return await act();
		} catch (error) {
			if (tries > 20) throw error;
			say(`failed ${what}: ${messageOf(error)}`);
		}
}

const outbox = new LevelOutbox({ folder, quotaBytes: 1e8, reserveBytes: 0 });
await untilDone('open', () => outbox.open());
for (let place = 0; place < count; place += 1) {
	const id = `m${String(place).padStart(2, '0')}`;
	const createdAt = new Date().toISOString();
	// Two of them large, so that tables are written too.
	const payload = { id, filler: 'x'.repeat(place % 4 === 1 ? 700_000 : 100) };
	await untilDone('append', () => outbox.append({ id, topic: 'event', qos: 1, payload, createdAt }));
	say(`stored ${id}`);
	if (place === 5) {
		const [oldest] = await untilDone('peek', () => outbox.peek(1));
		say(`dropped ${oldest!.id}`);
		await outbox.acknowledge(oldest!.seq);
	}
}
await untilDone('close', () => outbox.close());
say('done');
