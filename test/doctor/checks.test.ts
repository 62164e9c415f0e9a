import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { signalStates } from '../../src/capture/signal.ts';
import { loadConfig } from '../../src/config/load.ts';
import { checkBroker } from '../../src/doctor/broker.ts';
import { checkButtons } from '../../src/doctor/buttons.ts';
import { checkCapture, signalTodo } from '../../src/doctor/capture.ts';
import { checkClock } from '../../src/doctor/clock.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkLights } from '../../src/doctor/light.ts';
import { checkRuntime } from '../../src/doctor/runtime.ts';
import { checkService, type ServiceState } from '../../src/doctor/service.ts';
import { checkStore } from '../../src/doctor/store.ts';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { StandInRuntime } from '../inference/standInRuntime.ts';

const config = () => loadConfig(null, {});
const folder = () => mkdtempSync(join(tmpdir(), 'phlebox-doctor-'));

test('a capture device that is missing fails, by name and with what to do', (t) => {
	const wanted = config();
	wanted.capture.v4l2.device = '/dev/no-such-video';
	const [finding] = checkCapture(wanted) as [Finding];
	t.is(finding.state, 'fail');
	t.regex(finding.says, /no-device.*\/dev\/no-such-video/);
	t.regex(finding.todo!, /plug the capture device in/);
});

test('a source that gives frames is fine, with size and rate', (t) => {
	const wanted = config();
	wanted.capture.source = 'simulator';
	// Drawing takes longer where other programs compute too.
	const [finding, screen] = checkCapture(wanted, { framesMs: 60_000 }) as [Finding, Finding];
	t.is(finding.state, 'ok', finding.says);
	t.regex(finding.says, /1024x768 YUYV, about \d+ frames a second/);
	t.is(screen.check, 'screen');
});

test('an LED that can be written is fine and left dark; one that is not there fails', (t) => {
	const led = join(folder(), 'led');
	mkdirSync(led);
	for (const [name, text] of [
		['brightness', '1\n'],
		['max_brightness', '1\n'],
		['trigger', '[none]\n'],
	] as const)
		writeFileSync(join(led, name), text);
	const wanted = config();
	wanted.indicator.leds = [
		{ single: led, brightness: 100 },
		{ single: '/nowhere/led', brightness: 100 },
	];
	t.deepEqual(
		checkLights(wanted).map(({ state }) => state),
		['warn', 'fail'],
	);
	t.regex(checkLights(wanted)[0]!.says, /no trigger `pattern`, so the keeper process puts it out/);
	writeFileSync(join(led, 'trigger'), 'none [pattern]\n');
	writeFileSync(join(led, 'pattern'), '');
	writeFileSync(join(led, 'repeat'), '');
	const kernel = checkLights(wanted)[0]!;
	t.is(kernel.state, 'ok');
	t.regex(kernel.says, /the kernel puts it out/);
	writeFileSync(join(led, 'trigger'), '[none]\n');
	checkLights(wanted);
	t.is(readFileSync(join(led, 'brightness'), 'utf8').trim(), '0');
});

test('without any LED the doctor warns', (t) => {
	t.is(checkLights(config())[0]!.state, 'warn');
});

test('the shipped model is proved on the provider in use, and a missing provider is told with the reason', (t) => {
	const wanted = config();
	wanted.inference.providers = ['tensorrt', 'cpu'];
	const findings = checkRuntime(wanted);
	t.deepEqual(
		findings.map(({ state }) => state),
		['ok', 'warn'],
	);
	t.regex(findings[0]!.says, /on cpu: golden images right/);
	t.regex(findings[1]!.says, /tensorrt/);
});

test('an engine that the running box will build, and a library that cannot be loaded, are told with what to do', (t) => {
	const wanted = config();
	wanted.store.folder = folder();
	wanted.inference.library = new StandInRuntime().given;
	wanted.inference.providers = [{ name: 'tensorrt', options: { trt_fp16_enable: '1' } }, 'cpu'];
	const [fine, unbuilt] = checkRuntime(wanted) as [Finding, Finding];
	t.regex(fine.says, /on cpu: golden images right/);
	t.regex(unbuilt.says, /tensorrt is not in use: no engine was built for it yet/);
	t.regex(unbuilt.todo!, /the running box builds it/);
	wanted.inference.library = '/nowhere/libonnxruntime.so';
	const findings = checkRuntime(wanted);
	t.deepEqual(
		findings.map(({ state }) => state),
		['ok', 'warn', 'warn'],
	);
	t.regex(findings[1]!.says, /tensorrt is not in use: \/nowhere\/libonnxruntime\.so is no file/);
	t.regex(findings[1]!.todo!, /inference\.library/);
});

test('a model package that is not there fails', (t) => {
	const wanted = config();
	wanted.inference.model = '/nowhere';
	t.is(checkRuntime(wanted)[0]!.state, 'fail');
});

test('a broker that answers is fine, one that does not fails', async (t) => {
	const broker = new DemoBroker({ port: 0 });
	const port = await broker.start();
	const wanted = config();
	wanted.mqtt.url = `mqtt://127.0.0.1:${port}`;
	wanted.mqtt.protocol = 4;
	t.is((await checkBroker(wanted)).state, 'ok');
	await broker.stop();
	const gone = await checkBroker(wanted);
	t.is(gone.state, 'fail');
	t.regex(gone.says, new RegExp(`127\\.0\\.0\\.1:${port}`));
});

test('a store that can be made is fine, one below a file fails', (t) => {
	const wanted = config();
	const there = folder();
	wanted.store.folder = join(there, 'a', 'b');
	t.not(checkStore(wanted).state, 'fail');
	writeFileSync(join(there, 'file'), '');
	wanted.store.folder = '/proc/no-such/store';
	t.is(checkStore(wanted).state, 'fail');
});

test('a clock before the first box fails; without a time server the doctor warns', (t) => {
	t.is(checkClock(Date.UTC(1970, 0, 1), true).state, 'fail');
	t.is(checkClock(Date.UTC(2027, 0, 1), false).state, 'warn');
	t.is(checkClock(Date.UTC(2027, 0, 1), true).state, 'ok');
});

test('a GPIO chip that is not there fails, with what to do', (t) => {
	const wanted = config();
	wanted.indicator.gpio = [{ chip: '/dev/no-such-chip', activeLow: false, single: 3 }];
	const [finding] = checkLights(wanted);
	t.is(finding!.state, 'fail');
	t.is(finding!.says, 'GPIO: /dev/no-such-chip cannot be opened (ENOENT)');
	t.regex(finding!.todo!, /check indicator\.gpio/);
});

test('buttons that are not there fail, and none at all are nothing to speak of', (t) => {
	t.deepEqual(checkButtons(config()), []);
	const wanted = config();
	wanted.buttons.devices = [{ device: '/dev/input/no-such', next: 'KEY_N', grab: true }];
	const [finding] = checkButtons(wanted);
	t.is(finding!.state, 'fail');
	t.regex(finding!.says, /no-such cannot be opened \(ENOENT\)$/);
	t.regex(finding!.todo!, /check buttons\.devices/);
});

test('every state of signal has something to do, and an error has it by its cause', (t) => {
	for (const signal of signalStates) if (signal !== 'ok') t.regex(signalTodo(signal, ''), /\w{3}/);
	t.regex(signalTodo('error', '/dev/video0 is in use by another program (EBUSY from S_FMT)'), /fuser/);
	t.regex(signalTodo('error', '/dev/video0 may not be opened (EACCES)'), /udev rules/);
	t.regex(signalTodo('error', '/dev/video0 is no video capture device (ENOTTY)'), /list-devices/);
});

const services: [string, ServiceState, 'ok' | 'warn' | 'fail', RegExp][] = [
	['no systemd', null, 'warn', /no systemd/],
	['not installed', { LoadState: 'not-found' }, 'warn', /not installed as a service/],
	[
		'running',
		{ LoadState: 'loaded', ActiveState: 'active', NRestarts: '3', StatusText: 'watching' },
		'warn',
		/runs now \(watching, restarted 3 times\)/,
	],
	['failed', { LoadState: 'loaded', ActiveState: 'failed' }, 'fail', /does not come up \(failed\)/],
	['restarting', { LoadState: 'loaded', ActiveState: 'activating' }, 'fail', /does not come up/],
	['not enabled', { LoadState: 'loaded', ActiveState: 'inactive', UnitFileState: 'disabled' }, 'warn', /not started/],
	[
		'without a watchdog',
		{ LoadState: 'loaded', ActiveState: 'inactive', UnitFileState: 'enabled', WatchdogUSec: '0' },
		'warn',
		/without a watchdog/,
	],
	[
		'as it should be',
		{ LoadState: 'loaded', ActiveState: 'inactive', UnitFileState: 'enabled', WatchdogUSec: '10s' },
		'ok',
		/starts with the machine, watched \(10s\)/,
	],
];
for (const [name, state, wanted, says] of services)
	test(`the doctor looks at the service: ${name}`, (t) => {
		const finding = checkService(() => state);
		t.is(finding.state, wanted);
		t.regex(finding.says, says);
		t.is(finding.todo === undefined, wanted === 'ok');
	});

test('a service manager that does not answer is told', (t) => {
	const finding = checkService(() => {
		throw new Error('timed out');
	});
	t.is(finding.state, 'warn');
});
