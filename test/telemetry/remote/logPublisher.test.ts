import test from 'ava';
import { LogPublisher } from '../../../src/telemetry/remote/logPublisher.ts';

function publisher() {
	const sent: string[] = [];
	const clock = { ms: 1000 };
	const logs = new LogPublisher(
		({ level, text, missing }) => sent.push(`${level} ${text} ${missing}`),
		() => clock.ms,
	);
	return { logs, sent, clock };
}

test('lines are passed on only while asked for, and from the level that was asked for', (t) => {
	const { logs, sent, clock } = publisher();
	logs.take({ level: 50, msg: 'before' });
	logs.request(2, 'warn');
	logs.take({ level: 30, msg: 'info' });
	logs.take({ level: 40, msg: 'warn' });
	logs.take({ level: 60, msg: 'fatal' });
	clock.ms += 1999;
	logs.take({ level: 50, msg: 'still' });
	clock.ms += 1;
	logs.take({ level: 50, msg: 'over' });
	t.deepEqual(sent, ['warn warn 0', 'error fatal 0', 'error still 0']);
});

test('too many lines a second are left out and counted', (t) => {
	const { logs, sent, clock } = publisher();
	logs.request(60, 'info');
	for (let line = 0; line < 50; line += 1) logs.take({ level: 30, msg: `${line}` });
	t.is(sent.length, 20);
	clock.ms += 1000;
	logs.take({ level: 30, msg: 'next' });
	t.is(sent.at(-1), 'info next 30');
});

test('a line has its time, its text and what belongs to it, and says nothing of the process', (t) => {
	let line: unknown;
	const logs = new LogPublisher((one) => {
		line = one;
	});
	logs.request(60, 'debug');
	logs.take({ level: 20, time: Date.UTC(2026, 2, 2), pid: 1, hostname: 'h', msg: 'x'.repeat(2000), scene: 'live' });
	t.deepEqual(line, {
		at: '2026-03-02T00:00:00.000Z',
		level: 'debug',
		text: 'x'.repeat(1000),
		fields: { scene: 'live' },
		missing: 0,
	});
});
