import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { Inbound } from '../../../src/telemetry/link/inbound.ts';
import { commandExample, commandNames } from '../../../src/telemetry/messages/command.ts';
import { commandReplySchema } from '../../../src/telemetry/messages/commandReply.ts';
import {
	CommandCenter,
	type CommandHandlers,
	Refused,
	type Reply,
} from '../../../src/telemetry/remote/commandCenter.ts';
import { judgeCommand } from '../../../src/telemetry/remote/judgeCommand.ts';
import { SeenCommands } from '../../../src/telemetry/remote/seenCommands.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const nowMs = Date.parse('2026-03-02T10:00:00.000Z');
const soon = '2026-03-02T10:01:00.000Z';

function inbound(message: unknown, more: Partial<Inbound> = {}): Inbound {
	const payload = Buffer.isBuffer(message) ? message : Buffer.from(JSON.stringify(message) ?? '');
	return { topic: 'cmd', payload, retained: false, responseTopic: undefined, correlationData: undefined, ...more };
}

function command(name: string, args: object = {}, more: object = {}) {
	return inbound({ schema: 1, id: `id-${name}`, name, args, notAfter: soon, ...more });
}

async function center(t: ExecutionContext, handlers: Partial<CommandHandlers> = {}, file?: string) {
	const ran: string[] = [];
	const replies: Reply[] = [];
	const audited: Reply[] = [];
	const all = Object.fromEntries(
		commandNames.map((name) => [name, (args: unknown) => void ran.push(`${name} ${JSON.stringify(args)}`)]),
	) as unknown as CommandHandlers;
	const seen = new SeenCommands(file ?? join(temporaryFolder(t), 'commands.json'));
	await seen.open();
	const made = new CommandCenter(seen, {
		handlers: { ...all, ...handlers },
		reply: (reply) => replies.push(reply),
		audit: (reply) => audited.push(reply),
		now: () => nowMs,
	});
	return { center: made, ran, replies, audited };
}

test('a valid command is run once, answered and written into the audit trail', async (t) => {
	const { center: commands, ran, replies, audited } = await center(t, { doctor: () => ({ all: 'well' }) });
	commands.take(command('side', { side: 'left' }));
	commands.take(command('doctor'));
	await commands.idle;
	t.deepEqual(ran, ['side {"side":"left"}']);
	t.deepEqual(replies, [
		{ id: 'id-side', name: 'side', outcome: 'done', reason: '', result: null },
		{ id: 'id-doctor', name: 'doctor', outcome: 'done', reason: '', result: { all: 'well' } },
	]);
	t.deepEqual(audited, replies);
});

for (const { what, message, says } of [
	{ what: 'an unknown name', message: command('format-disk'), says: /no such command; there are identify, restart/ },
	{ what: 'an unknown argument', message: command('restart', { now: true }), says: /args: .*now/ },
	{ what: 'a missing argument', message: command('side'), says: /args\.side/ },
	{
		what: 'an argument out of bounds',
		message: command('logs', { seconds: 901, level: 'info' }),
		says: /args\.seconds/,
	},
	{ what: 'an id with a wildcard', message: command('restart', {}, { id: '+/#' }), says: /id/ },
	{ what: 'another schema', message: command('restart', {}, { schema: 2 }), says: /schema/ },
	{ what: 'no time', message: command('restart', {}, { notAfter: 'soon' }), says: /notAfter/ },
	{
		what: 'a time far ahead',
		message: command('restart', {}, { notAfter: '2026-03-02T12:00:00.000Z' }),
		says: /an hour ahead; the clock of the box says 2026-03-02T10:00/,
	},
	{ what: 'a retained one', message: { ...command('restart'), retained: true }, says: /must not be retained/ },
	{ what: 'no JSON', message: inbound(Buffer.from('{')), says: /no JSON/ },
	{ what: 'nothing', message: inbound(Buffer.alloc(0)), says: /no JSON/ },
	{ what: 'null', message: inbound(null), says: /./ },
	{ what: 'too much', message: inbound({ filler: 'x'.repeat(70_000) }), says: /larger than/ },
])
	test(`${what} is refused with the reason, and nothing is run`, async (t) => {
		const { center: commands, ran, replies, audited } = await center(t);
		commands.take(message);
		await commands.idle;
		t.deepEqual(ran, []);
		t.deepEqual(audited, []);
		t.is(replies.length, 1);
		t.is(replies[0]!.outcome, 'refused');
		t.regex(replies[0]!.reason, says);
	});

test('a command that comes too late is told so, with the clock of the box', async (t) => {
	const { center: commands, ran, replies } = await center(t);
	commands.take(command('restart', {}, { notAfter: '2026-03-02T09:59:59.000Z' }));
	await commands.idle;
	t.deepEqual(ran, []);
	t.like(replies[0], { outcome: 'expired', id: 'id-restart' });
	t.regex(replies[0]!.reason, /came after 2026-03-02T09:59:59.000Z; the clock of the box says 2026-03-02T10:00:00/);
});

test('a command that comes again is answered again and not run again, also after a restart of the box', async (t) => {
	const file = join(temporaryFolder(t), 'commands.json');
	const first = await center(t, {}, file);
	first.center.take(command('restart'));
	first.center.take(command('restart'));
	await first.center.idle;
	t.deepEqual(first.ran, ['restart {}']);
	first.center.take(command('restart'));
	t.deepEqual(first.replies.at(-1), { id: 'id-restart', name: 'restart', outcome: 'done', reason: '', result: null });
	const second = await center(t, {}, file);
	second.center.take(command('restart'));
	await second.center.idle;
	t.deepEqual(second.ran, []);
	t.like(second.replies[0], { outcome: 'refused', reason: 'this id was seen before' });
});

test('a damaged memory of commands is begun anew; one that cannot be written refuses restarts only', async (t) => {
	const file = join(temporaryFolder(t), 'commands.json');
	writeFileSync(file, '[["a",1],["b"');
	const { center: commands, ran } = await center(t, {}, file);
	commands.take(command('restart'));
	await commands.idle;
	t.deepEqual(ran, ['restart {}']);
	t.deepEqual(JSON.parse(readFileSync(file, 'utf8')), [['id-restart', Date.parse(soon)]]);
	const nowhere = await center(t, {}, join(temporaryFolder(t), 'nowhere', 'commands.json'));
	nowhere.center.take(command('restart'));
	nowhere.center.take(command('side', { side: 'left' }));
	await nowhere.center.idle;
	t.deepEqual(nowhere.ran, ['side {"side":"left"}']);
	t.regex(nowhere.replies[0]!.reason, /could not be remembered/);
});

test('a handler that refuses or fails is an answer, not an end', async (t) => {
	const { center: commands, replies } = await center(t, {
		snapshot: () => new Refused('not allowed'),
		doctor: () => {
			throw new Error('broken\nat length');
		},
		restart: async () => Promise.reject(new Error('no')),
	});
	for (const name of ['snapshot', 'doctor', 'restart']) commands.take(command(name));
	await commands.idle;
	t.deepEqual(
		replies.map(({ outcome, reason }) => `${outcome}: ${reason}`),
		['refused: not allowed', 'failed: broken', 'failed: no'],
	);
});

test('more commands at once than can wait are refused', async (t) => {
	let go = () => {};
	const gate = new Promise<void>((resolve) => {
		go = resolve;
	});
	const { center: commands, replies } = await center(t, { doctor: () => gate });
	for (let place = 0; place < 20; place += 1) commands.take(command('doctor', {}, { id: `d${place}` }));
	t.deepEqual(
		replies.map(({ id, reason }) => `${id} ${reason}`),
		['d16', 'd17', 'd18', 'd19'].map((id) => `${id} 16 commands wait already`),
	);
	go();
	await commands.idle;
	t.is(replies.length, 20);
});

const hostile = fc.oneof(
	fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
	fc.json().map((text) => Buffer.from(text)),
	fc
		.record(
			{
				schema: fc.oneof(fc.constant(1), fc.anything()),
				id: fc.oneof(fc.constant('a'), fc.string(), fc.anything()),
				name: fc.oneof(
					fc.constantFrom(...commandNames),
					fc.constantFrom('__proto__', 'constructor', 'toString'),
					fc.string(),
				),
				args: fc.oneof(fc.constant({}), fc.anything(), fc.dictionary(fc.string(), fc.anything())),
				notAfter: fc.oneof(
					fc.constant(soon),
					fc.string(),
					fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
				),
			},
			{ requiredKeys: [] },
		)
		.map((message) => {
			try {
				return Buffer.from(JSON.stringify(message) ?? '');
			} catch {
				return Buffer.from('circular');
			}
		}),
);

test('whatever comes in, it is judged without an error, and only what the schema allows is run', (t) => {
	fc.assert(
		fc.property(hostile, fc.boolean(), (payload, retained) => {
			const judged = judgeCommand({ payload, retained }, nowMs, () => false);
			if (judged.kind === 'run') {
				t.true(commandNames.includes(judged.command.name));
				t.true(Date.parse(judged.command.notAfter) >= nowMs);
				t.false(retained);
			} else if (judged.kind === 'no') {
				t.true(judged.reason.length > 0 && judged.reason.length < 600);
				t.true(judged.id.length <= 64 && judged.name.length <= 64);
				const reply = { schema: 1, boot: 1, ...judged, at: soon, result: null };
				t.true(commandReplySchema.safeParse(reply).success);
			}
		}),
		{ numRuns: 2000 },
	);
});

test('the example is a command', (t) => {
	const judged = judgeCommand(inbound(commandExample), Date.parse(commandExample.notAfter) - 1000, () => false);
	t.is(judged.kind, 'run');
});
