// Child process of outboxCrash.test.ts: appends until it is killed and writes to a file what was acknowledged.
import { openSync, writeSync } from 'node:fs';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { draft } from './draft.ts';

const outbox = new LevelOutbox({ folder: process.argv[2]!, quotaBytes: 1e9, reserveBytes: 0 });
await outbox.open();
const said = openSync(process.argv[3]!, 'w');
for (let i = 0; ; i += 1) {
	const one = draft(`${outbox.boot}-${i}`, { filler: 'x'.repeat((i * 37) % 3000) });
	const appended = outbox.append(one).then(() => writeSync(said, `${one.id}\n`));
	// Now and then several at once, so that shared writes are killed too.
	if (i % 7 > 2) await appended;
	if (i % 11 === 10) {
		const [oldest] = await outbox.peek(1);
		writeSync(said, `-${oldest!.id}\n`);
		await outbox.acknowledge(oldest!.seq);
	}
}
