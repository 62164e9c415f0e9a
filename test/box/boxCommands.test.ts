import test from 'ava';
import { pino } from 'pino';
import { remoteHandlers } from '../../src/box/boxCommands.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Refused } from '../../src/telemetry/remote/commandCenter.ts';
import type { ExamCommand } from '../../src/vision/messages.ts';

function made({ examining = false, obeys = true, snapshots = false, picture = true } = {}) {
	const config = loadConfig(null, {});
	config.mqtt.snapshots = snapshots;
	const commands: ExamCommand[] = [];
	const identified: number[] = [];
	const handlers = remoteHandlers(config, {
		log: pino({ level: 'silent' }),
		command(command) {
			if (obeys) commands.push(command);
			return obeys;
		},
		preview: () =>
			picture ? { sequence: 1, width: 2, height: 2, aspect: 1, pixels: Uint8Array.of(0, 60, 120, 255) } : null,
		board: () => null,
		alerts: () => [],
		examining: () => examining,
		identify: (seconds) => identified.push(seconds),
		restart: () => undefined,
	});
	return { handlers, commands, identified };
}

test('examinations are started, ended and told their side as on the page', (t) => {
	const { handlers, commands } = made();
	handlers['examination-start']({ side: 'left' });
	handlers['examination-start']({});
	handlers['examination-end']({});
	handlers['examination-cancel']({});
	handlers.side({ side: 'right' });
	t.deepEqual(commands, [
		{ name: 'start', side: 'left' },
		{ name: 'start' },
		{ name: 'end' },
		{ name: 'cancel' },
		{ name: 'side', side: 'right' },
	]);
	t.true(made({ obeys: false }).handlers['examination-end']({}) instanceof Refused);
});

test('a box is not asked to show who it is during an examination', (t) => {
	const busy = made({ examining: true });
	t.like(busy.handlers.identify({ seconds: 5 }), { reason: 'an examination runs' });
	t.deepEqual(busy.identified, []);
	const free = made();
	t.is(free.handlers.identify({ seconds: 5 }), null);
	t.deepEqual(free.identified, [5]);
});

test('a picture leaves the box only where its own configuration allows it, and only a live one', (t) => {
	t.like(made().handlers.snapshot({}), { reason: 'mqtt.snapshots does not allow it on this box' });
	t.like(made({ snapshots: true, picture: false }).handlers.snapshot({}), { reason: 'there is no live picture' });
	const given = made({ snapshots: true }).handlers.snapshot({}) as { width: number; png: string };
	t.is(given.width, 2);
	t.deepEqual([...Buffer.from(given.png, 'base64').subarray(1, 4)], [...Buffer.from('PNG')]);
});

test('doctor says that no vision runs, and looks at store and clock', (t) => {
	const findings = made().handlers.doctor({}) as { check: string; state: string }[];
	t.like(findings[0], { check: 'vision', state: 'fail' });
	t.deepEqual(
		findings.slice(1).map(({ check }) => check),
		['store', 'clock'],
	);
});
