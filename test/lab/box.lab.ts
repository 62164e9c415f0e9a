// modules: vivid,uleds,ledtrig-pattern,uinput,evdev
// timeout: 900
// The whole box, as it is run in the field, between real kernel drivers and a real broker: an HDMI card (vivid), a lamp
// of three LEDs, mosquitto. The picture on the cable is vivid's colour bars: no ultrasound, so never green.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyCodes } from '../../src/buttons/keyNames.ts';
import type { SignalState } from '../../src/capture/signal.ts';
import { BoxProcess } from './boxProcess.ts';
import { Broker } from './broker.ts';
import { check, endChecks, until } from './check.ts';
import { HdmiCard } from './hdmiCard.ts';
import { KeyPad } from './keyPad.ts';
import { Lamp, lampPlaces } from './lamp.ts';

/** Longer than a board's 250 ms: between two turns of the emulated machine more may pass. */
const expiryMs = 800;
const card = new HdmiCard();
const lamp = new Lamp();
const pad = new KeyPad('Phlebox buttons', [keyCodes.KEY_N, keyCodes.KEY_S, keyCodes.KEY_C]);
const broker = new Broker();
const box = new BoxProcess({
	box: { id: 'lab' },
	capture: { source: 'v4l2', v4l2: { device: card.device, stuckMs: 3000 } },
	// Without the self-test, which is green for a moment: here it is watched that the light never is.
	indicator: { expiryMs, selfTest: false, leds: [lampPlaces] },
	buttons: { holdMs: 300, devices: [{ device: pad.device, next: 'KEY_N', side: 'KEY_S', cancel: 'KEY_C' }] },
	// The machine is emulated: what takes a second on a board takes a minute here.
	vision: { watchdogMs: 60_000, startMs: 300_000, previewHz: 0 },
	mqtt: { url: broker.url, healthSeconds: 1 },
});
card.configure('720p60');
await broker.start();

await check('the box starts, and says so on MQTT', async () => {
	box.start();
	await until('status online', 400, () => {
		if (!box.running) throw new Error(`phlebox run ended: ${box.tail()}`);
		return broker.last('status')?.body.status === 'online';
	});
	assert.ok(broker.last('birth'), 'a birth message');
});

await check('frames of 720p come with the kernel’s timestamps', async () => {
	const first = await until('signal ok', 120, async () => {
		const state = await box.state();
		return state?.signal === 'ok' && state.frames > 0 && state;
	});
	assert.deepEqual([first.frameWidth, first.frameHeight], [1280, 720]);
	const later = await until('ten more frames', 60, async () => {
		const state = await box.state();
		return state && state.frames >= first.frames + 10 && state;
	});
	// Only a timestamp of the same clock, of the frame just taken, gives a plausible way from capture to light.
	assert.ok(later.latencyMs > 0 && later.latencyMs < 5000, `latency ${later.latencyMs} ms`);
	const { body } = await broker.next('health', 30);
	assert.equal(body.vision?.signal, 'ok');
});

await check('colour bars are not judged: the lamp is dark', async () => {
	await until('a state that shows nothing', 60, async () => (await box.state())?.guidance === 'dont-know');
	await sleep(1500);
	lamp.forget();
	await sleep(4000);
	assert.equal(lamp.colour, 'dark');
	assert.equal(lamp.flashes('red') + lamp.flashes('blue'), 0);
});

await check('buttons: an examination begins, has a side, and is cancelled when the button is held', async () => {
	pad.press(keyCodes.KEY_S);
	await until('the left side', 60, async () => (await box.state())?.side === 'left');
	pad.press(keyCodes.KEY_N);
	await until('a running examination', 60, async () => (await box.state())?.phase === 'running');
	const result = broker.next('result', 60, ({ endedBy }) => endedBy === 'cancelled');
	pad.send(keyCodes.KEY_C, 1);
	assert.equal((await result).body.side, 'left');
	pad.send(keyCodes.KEY_C, 0);
});

const faults: ['no-signal' | 'no-lock' | 'out-of-range', SignalState][] = [
	// vivid takes the cable's 5 V away together with the signal.
	['no-signal', 'no-cable'],
	['no-lock', 'no-lock'],
	['out-of-range', 'out-of-range'],
];
for (const [fault, name] of faults)
	await check(`${name}: named on the page and on MQTT, magenta flashes, then back`, async () => {
		lamp.forget();
		card.signal(fault);
		const named = broker.next('health', 60, (body) => body.vision?.signal === name);
		const told = broker.next('event', 60, ({ event, details }) => event === 'input-changed' && details.signal === name);
		await until(`the page to say ${name}`, 60, async () => (await box.state())?.signal === name);
		await Promise.all([named, told]);
		assert.equal((await box.state())?.guidance, 'no-signal');
		await until('magenta', 30, () => lamp.colour === 'red+blue');
		await until('the alert', 60, () => broker.last('alert')?.body.code === 'signal-lost');
		const back = broker.next('health', 60, (body) => body.vision?.signal === 'ok');
		card.signal('present');
		await back;
		await until('the alert to be taken back', 60, () => broker.last('alert')?.body === '');
		await until('a dark lamp', 30, () => lamp.colour === 'dark' && lamp.flashes('red') > 0);
	});

await check('another picture size is taken over', async () => {
	card.sourceChanges('1080p60');
	await until('1920x1080', 120, async () => {
		const state = await box.state();
		return state?.signal === 'ok' && state.frameWidth === 1920 && state.frameHeight === 1080;
	});
	card.sourceChanges('720p60');
	await until('1280x720', 120, async () => (await box.state())?.frameWidth === 1280);
});

await check('a card that is pulled out is named, and taken up again when it is back', async () => {
	const gone = broker.next('health', 60, (body) => body.vision?.signal === 'no-device');
	card.unplug();
	await gone;
	card.plug();
	const before = (await box.state())!.frames;
	await until('frames again', 120, async () => {
		const state = await box.state();
		return state?.signal === 'ok' && state.frames > before;
	});
});

await check('killed: the lamp goes dark by itself and the broker says lost', async () => {
	card.signal('no-signal');
	await until('magenta', 60, () => lamp.colour === 'red+blue');
	const lost = broker.next('status', 120, (body) => body.status === 'lost');
	assert.equal(await box.end('SIGKILL'), 'SIGKILL');
	// What was armed may still flash until it expires.
	await sleep(expiryMs + 200);
	assert.equal(lamp.colour, 'dark');
	lamp.forget();
	await sleep(3000);
	assert.equal(lamp.flashes('red') + lamp.flashes('blue'), 0);
	await lost;
});

await check('it starts again after that, and stops in order: offline, dark, exit code 0', async () => {
	card.signal('present');
	box.start();
	await broker.next('status', 400, (body) => body.status === 'online');
	await until('signal ok', 120, async () => (await box.state())?.signal === 'ok');
	const offline = broker.next('status', 120, (body) => body.status === 'offline');
	assert.equal(await box.end('SIGTERM'), 0);
	await offline;
	assert.equal(lamp.colour, 'dark');
});

await check('the lamp was never green', () => assert.equal(lamp.green.everLit, false));

await box.end('SIGKILL');
lamp.close();
pad.unplug();
await broker.stop();
endChecks();
