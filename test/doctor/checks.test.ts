import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import { checkBroker } from '../../src/doctor/broker.ts';
import { checkCapture } from '../../src/doctor/capture.ts';
import { checkClock } from '../../src/doctor/clock.ts';
import { checkLights } from '../../src/doctor/light.ts';
import { checkRuntime } from '../../src/doctor/runtime.ts';
import { checkStore } from '../../src/doctor/store.ts';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';

const config = () => loadConfig(null, {});
const folder = () => mkdtempSync(join(tmpdir(), 'phlebox-doctor-'));

test('a capture device that is missing fails, by name and with what to do', (t) => {
	const wanted = config();
	wanted.capture.v4l2.device = '/dev/no-such-video';
	const finding = checkCapture(wanted);
	t.is(finding.state, 'fail');
	t.regex(finding.says, /no-device.*\/dev\/no-such-video/);
	t.regex(finding.todo!, /plug the capture device in/);
});

test('a source that gives frames is fine, with size and rate', (t) => {
	const wanted = config();
	wanted.capture.source = 'simulator';
	// Drawing takes longer where other programs compute too.
	const finding = checkCapture(wanted, 60_000);
	t.is(finding.state, 'ok', finding.says);
	t.regex(finding.says, /1024x768 YUYV, about \d+ frames a second/);
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
		['ok', 'fail'],
	);
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
