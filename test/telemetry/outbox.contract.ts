import type { ExecutionContext, TestFn } from 'ava';
import fc from 'fast-check';
import type { Outbox } from '../../src/telemetry/outbox.ts';
import { draft } from './draft.ts';

type Make = (t: ExecutionContext) => Outbox;

async function ids(outbox: Outbox, count = 1000): Promise<string[]> {
	return (await outbox.peek(count)).map((entry) => entry.id);
}

/** What every outbox owes. `make` gives a new, empty, unopened one. */
export function outboxContract(name: string, test: TestFn, make: Make): void {
	const opened = async (t: ExecutionContext) => {
		const outbox = make(t);
		await outbox.open();
		t.teardown(() => outbox.close());
		return outbox;
	};

	test(`${name}: gives back in the order of appending, numbered by one, with everything that was given`, async (t) => {
		const outbox = await opened(t);
		const drafts = ['a', 'b', 'c'].map((id) => draft(id, { text: 'ä\n"', list: [1, null] }));
		await Promise.all(drafts.map((one) => outbox.append(one)));
		t.deepEqual(
			await outbox.peek(10),
			drafts.map((one, place) => ({ ...one, boot: 1, seq: place + 1 })),
		);
		t.is(outbox.pending(), 3);
		t.true(outbox.pendingBytes() > 300);
		t.is(outbox.waiting(), 0);
	});

	test(`${name}: peek gives no more than asked for, and only what comes after a number`, async (t) => {
		const outbox = await opened(t);
		for (const id of ['a', 'b', 'c', 'd']) await outbox.append(draft(id));
		t.deepEqual(await ids(outbox, 2), ['a', 'b']);
		t.deepEqual(
			(await outbox.peek(2, 2)).map((entry) => entry.id),
			['c', 'd'],
		);
		t.deepEqual(await outbox.peek(5, 4), []);
	});

	test(`${name}: what is acknowledged or set aside is not offered again`, async (t) => {
		const outbox = await opened(t);
		for (const id of ['a', 'b', 'c', 'd']) await outbox.append(draft(id));
		await outbox.acknowledge(2);
		await outbox.acknowledge(2);
		await outbox.acknowledge(99);
		await outbox.setAside(3, 'the broker says no');
		await outbox.setAside(99, 'never was');
		t.deepEqual(await ids(outbox), ['a', 'd']);
		t.is(outbox.pending(), 2);
		t.is(outbox.aside(), 1);
		for (const { seq } of await outbox.peek(9)) await outbox.acknowledge(seq);
		t.is(outbox.pending(), 0);
		t.is(outbox.pendingBytes(), 0);
	});

	test(`${name}: what was set aside is shown with its reason, comes back in its old place, or is forgotten`, async (t) => {
		const outbox = await opened(t);
		for (const id of ['a', 'b', 'c', 'd', 'e']) await outbox.append(draft(id));
		const before = Date.now();
		for (const seq of [4, 2, 1]) await outbox.setAside(seq, `no ${seq}`);
		const dead = await outbox.asideEntries();
		t.deepEqual(
			dead.map(({ seq, id, reason }) => [seq, id, reason]),
			[
				[1, 'a', 'no 1'],
				[2, 'b', 'no 2'],
				[4, 'd', 'no 4'],
			],
		);
		t.true(dead.every(({ asideAt }) => Date.parse(asideAt) >= before - 1));
		t.is(await outbox.resend([2, 99]), 1);
		t.deepEqual(await ids(outbox), ['b', 'c', 'e']);
		t.is(outbox.aside(), 2);
		t.deepEqual(await outbox.dropAside(before - 1000), []);
		t.is(await outbox.resend(null), 2);
		t.deepEqual(await ids(outbox), ['a', 'b', 'c', 'd', 'e']);
		t.is(outbox.pending(), 5);
		await outbox.setAside(3, 'no');
		await outbox.close();
		await outbox.open();
		t.deepEqual(
			(await outbox.dropAside(Date.now() + 1000)).map(({ id }) => id),
			['c'],
		);
		t.is(outbox.aside(), 0);
		await outbox.append(draft('f'));
		t.is((await outbox.peek(9)).at(-1)!.seq, 6);
	});

	test(`${name}: numbers and boots go on over restarts, also when nothing is pending`, async (t) => {
		const outbox = await opened(t);
		await outbox.append(draft('a'));
		await outbox.append(draft('b'));
		await outbox.setAside(1, 'no');
		await outbox.acknowledge(2);
		await outbox.close();
		await outbox.open();
		await outbox.append(draft('c'));
		t.deepEqual(
			(await outbox.peek(9)).map(({ id, seq, boot }) => ({ id, seq, boot })),
			[{ id: 'c', seq: 3, boot: 2 }],
		);
		t.is(outbox.boot, 2);
		t.is(outbox.aside(), 1);
	});

	test(`${name}: a closed one takes nothing and loses nothing`, async (t) => {
		const outbox = make(t);
		await t.throwsAsync(outbox.append(draft('early')), { code: 'store-failed' });
		await outbox.open();
		await outbox.append(draft('a'));
		await outbox.close();
		await outbox.close();
		await t.throwsAsync(outbox.append(draft('late')), { code: 'store-failed' });
		await outbox.open();
		t.deepEqual(await ids(outbox), ['a']);
		await outbox.close();
	});

	test(`${name}: whatever is done to it, it holds what a plain list would`, async (t) => {
		const step = fc.oneof(
			{
				weight: 5,
				arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
			},
			{ weight: 3, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), place: fc.nat(6) }) },
			{ weight: 1, arbitrary: fc.record({ do: fc.constant('setAside' as const), place: fc.nat(6) }) },
			{ weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
				const outbox = make(t);
				await outbox.open();
				const model = { pending: [] as { id: string; seq: number; boot: number }[], last: 0, boot: 1, aside: 0 };
				for (const act of steps) {
					if (act.do === 'append') {
						const names = Array.from({ length: act.count }, (_, i) => `m${model.last + i + 1}`);
						await Promise.all(names.map((id) => outbox.append(draft(id))));
						for (const id of names) model.pending.push({ id, seq: ++model.last, boot: model.boot });
					} else if (act.do === 'reopen') {
						await outbox.close();
						await outbox.open();
						model.boot += 1;
					} else {
						const [gone] = model.pending.splice(act.place, 1);
						if (act.do === 'acknowledge') await outbox.acknowledge(gone?.seq ?? 9999);
						else {
							await outbox.setAside(gone?.seq ?? 9999, 'no');
							if (gone) model.aside += 1;
						}
					}
					const held = (await outbox.peek(1000)).map(({ id, seq, boot }) => ({ id, seq, boot }));
					t.deepEqual(held, model.pending);
					t.is(outbox.pending(), model.pending.length);
					t.is(outbox.aside(), model.aside);
				}
				await outbox.close();
			}),
			{ numRuns: 25 },
		);
	});
}
