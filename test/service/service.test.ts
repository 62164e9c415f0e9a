import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { monotonicMs } from '../../src/clock.ts';
import { Service } from '../../src/service/service.ts';
import { ServiceManager } from '../../src/service/serviceManager.ts';

/** A socket that keeps what is sent to it, one line a datagram: Python has datagram sockets in the file system. */
async function listen(t: ExecutionContext, name: string) {
	const program = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\\0", 1))
print("listening", flush=True)
while True: print(s.recv(4096).decode().replace("\\n", ";"), flush=True)`;
	const child = spawn('/usr/bin/python3', ['-c', program, name], { stdio: ['ignore', 'pipe', 'inherit'] });
	t.teardown(() => child.kill('SIGKILL'));
	const heard: string[] = [];
	// By whole lines: a line and its end may come apart.
	createInterface(child.stdout).on('line', (line) => heard.push(line));
	const until = async (fits: () => boolean) => {
		for (const end = Date.now() + 30_000; !fits(); await sleep(10))
			if (Date.now() > end) throw new Error(`waited in vain; heard ${heard.join(', ')}`);
	};
	await until(() => heard[0] === 'listening');
	heard.length = 0;
	return { heard, until };
}

for (const [kind, name] of [
	['a file', join(mkdtempSync(join(tmpdir(), 'phlebox-notify-')), 'socket')],
	['an abstract name', `@phlebox-test-${process.pid}`],
] as const)
	test(`words reach the service manager by ${kind}`, async (t) => {
		const { heard, until } = await listen(t, name);
		const manager = new ServiceManager({ NOTIFY_SOCKET: name, WATCHDOG_USEC: '10000000' });
		t.true(manager.listens);
		t.is(manager.watchdogMs, 10_000);
		manager.ready('watching');
		manager.alive();
		await until(() => heard.length >= 2);
		t.deepEqual(heard, ['READY=1;STATUS=watching', 'WATCHDOG=1']);
	});

test('without a service manager, or with one that is gone, nothing happens', (t) => {
	t.false(new ServiceManager({}).listens);
	t.is(new ServiceManager({ WATCHDOG_USEC: '1000' }).watchdogMs, null);
	t.notThrows(() => new ServiceManager({ NOTIFY_SOCKET: '/nowhere/socket' }).ready('watching'));
});

test('a watchdog that is meant for another process is not fed', (t) => {
	const environment = { NOTIFY_SOCKET: '@x', WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' };
	t.is(new ServiceManager(environment, 2).watchdogMs, null);
	t.is(new ServiceManager(environment, 1).watchdogMs, 1);
});

test('the box is ready once, and is fed until its loop stands', async (t) => {
	const name = `@phlebox-service-${process.pid}`;
	const { heard, until } = await listen(t, name);
	let signs = { heartbeatMs: 0, ready: false };
	const manager = new ServiceManager({ NOTIFY_SOCKET: name, WATCHDOG_USEC: '200000' });
	const service = new Service({ watchdogMs: 60_000, startMs: 600_000 }, () => signs, manager);
	t.teardown(() => service.stop());
	service.start();
	await until(() => heard.filter((line) => line === 'WATCHDOG=1').length >= 2);
	t.false(heard.some((line) => line.startsWith('READY')));
	signs = { heartbeatMs: monotonicMs() + 1e6, ready: true };
	await until(() => heard.some((line) => line.startsWith('READY')));
	service.stop();
	const stuck = new Service({ watchdogMs: -1, startMs: -1 }, () => ({ heartbeatMs: 0, ready: true }), manager);
	t.teardown(() => stuck.stop());
	heard.length = 0;
	stuck.start();
	await until(() => heard.includes('STATUS=no turn of the vision loop'));
	t.false(heard.includes('WATCHDOG=1'));
});
