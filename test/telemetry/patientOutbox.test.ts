import test from 'ava';
import fc from 'fast-check';
import { PhleboxError } from '../../src/errors.ts';
import { MemoryOutbox } from '../../src/telemetry/outbox/memoryOutbox.ts';
import { PatientOutbox, type StoreTrouble } from '../../src/telemetry/outbox/patientOutbox.ts';
import type { Draft } from '../../src/telemetry/outbox.ts';
import { draft } from './draft.ts';

/** A store that takes messages as long as `room` lasts. */
class TightOutbox extends MemoryOutbox {
	room = 0;
	override async append(one: Draft): Promise<void> {
		if (this.room <= 0) throw new PhleboxError('store-full', 'no room');
		this.room -= 1;
		await super.append(one);
	}
}

const ids = async (outbox: MemoryOutbox) => (await outbox.peek(1e6)).map((entry) => entry.id);

test('messages come into the store in order and none is lost, however its room comes and goes', async (t) => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.record({ appends: fc.nat(5), room: fc.nat(7), wait: fc.boolean() }), { minLength: 1, maxLength: 12 }),
			async (rounds) => {
				const store = new TightOutbox();
				const outbox = new PatientOutbox(store, { memoryMessages: 1000, retryMs: 1 });
				await outbox.open();
				const names: string[] = [];
				const appended: Promise<void>[] = [];
				for (const { appends, room, wait } of rounds) {
					store.room = room;
					for (let i = 0; i < appends; i += 1) {
						names.push(`m${names.length}`);
						appended.push(outbox.append(draft(names.at(-1))));
					}
					if (wait) await new Promise((resolve) => setTimeout(resolve, 2));
					t.is(outbox.waiting() + outbox.pending() >= names.length, true);
				}
				store.room = 1e6;
				await Promise.all(appended);
				t.deepEqual(await ids(store), names);
				t.is(outbox.waiting(), 0);
				await outbox.close();
			},
		),
		{ numRuns: 40 },
	);
});

test('trouble is told once when it begins and once when it ends', async (t) => {
	const troubles: StoreTrouble[] = [];
	const store = new TightOutbox();
	const outbox = new PatientOutbox(store, { memoryMessages: 10, retryMs: 1 }, (trouble) => troubles.push(trouble));
	await outbox.open();
	const appended = outbox.append(draft('a'));
	await new Promise((resolve) => setTimeout(resolve, 20));
	t.deepEqual(troubles, [{ code: 'store-full', line: 'no room' }]);
	store.room = 5;
	await appended;
	await outbox.append(draft('b'));
	t.deepEqual(troubles, [{ code: 'store-full', line: 'no room' }, null]);
	await outbox.close();
});

test('closing tries once more, and what still finds no room is told to its maker', async (t) => {
	const store = new TightOutbox();
	const outbox = new PatientOutbox(store, { memoryMessages: 10, retryMs: 60_000 });
	await outbox.open();
	const appended = Promise.allSettled(['a', 'b'].map((id) => outbox.append(draft(id))));
	await new Promise((resolve) => setTimeout(resolve, 10));
	store.room = 1;
	await outbox.close();
	t.deepEqual(
		(await appended).map((result) => result.status),
		['fulfilled', 'rejected'],
	);
	await store.open();
	t.deepEqual(await ids(store), ['a']);
});
