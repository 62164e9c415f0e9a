import test from 'ava';
import { faultTable } from './table.ts';
import { World } from './world.ts';

let doubled = 0;

// One after the other: a row may set the clock of this process.
for (const { name, world: options, inject, brokerMayLose } of faultTable)
	test.serial(`${name}: nothing is lost, nothing doubled after de-duplication, the order is kept`, async (t) => {
		t.timeout(120_000);
		const world = await World.make(t, options);
		world.append(40);
		await inject(world);
		const atTheEnd = new Set(brokerMayLose ? world.acknowledged : []);
		world.append(20);
		await world.settled();
		await world.until('all sent', () => world.outbox.pending() === 0);
		const last = world.appended.at(-1)!;
		await world.until('the last heard', () => world.heard().includes(last));

		const heard = world.heard();
		const unique = [...new Set(heard)];
		doubled += heard.length - unique.length;
		const missing = world.appended.filter((id) => !unique.includes(id));
		t.deepEqual(
			missing.filter((id) => !atTheEnd.has(id)),
			[],
			'missing',
		);
		t.deepEqual(
			unique,
			world.appended.filter((id) => unique.includes(id)),
			'order',
		);
	});

test.serial('the table', (t) => {
	t.log(`${faultTable.length} rows; ${doubled} messages came again and were told apart by their id`);
	t.pass();
});
