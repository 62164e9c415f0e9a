// modules: uleds,ledtrig-pattern
// timeout: 900
// before: node dist/cli/main.js simulate --recordings 1 --out "$PHLEBOX_LAB_FOLDER/set"
// A simulated scan in which the vein is pressed shut, shown to the whole box: the lamp's green and the stored result must
// be one and the same. The scan runs as fast as the emulated machine judges it; its own clock counts.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BoxProcess } from './boxProcess.ts';
import { Broker } from './broker.ts';
import { check, endChecks, until } from './check.ts';
import { Lamp, lampPlaces } from './lamp.ts';

const expiryMs = 1000;
const set = `${process.env.PHLEBOX_LAB_FOLDER}/set`;
const video = readdirSync(set).find((name) => name.endsWith('.y4m'))!;
const lamp = new Lamp();
const broker = new Broker();
const box = new BoxProcess({
	box: { id: 'lab' },
	capture: { source: 'recording', recording: { file: `${set}/${video}`, pace: 'fast', loop: false } },
	indicator: { expiryMs, leds: [lampPlaces] },
	vision: { watchdogMs: 20_000, startMs: 300_000, previewHz: 0 },
	mqtt: { url: broker.url, healthSeconds: 5 },
});
const captured = () => broker.messages.filter(({ topic }) => topic.endsWith('/result/site'));

await broker.start();
box.start();

await check(`${video}: the lamp turns green when the site is captured`, async () => {
	await until('green', 600, () => {
		if (!box.running) throw new Error(`the box ended before it: ${box.tail()}`);
		return lamp.colour === 'green';
	}, () => captured().length);
	const [result] = await until('result', 60, () => captured().length > 0 && captured());
	assert.equal(result!.body.outcome, 'captured');
});

await check('the box ends with the recording, its result sent, the lamp dark', async () => {
	await until('end of the box', 600, () => !box.running);
	assert.equal(await box.end('SIGKILL'), 0, box.tail());
	await sleep(expiryMs + 200);
	assert.equal(lamp.colour, 'dark');
	const last = broker.messages.findLast(({ topic }) => topic.endsWith('/result/examination'));
	const sites: { site: string; outcome: string }[] = last!.body.sites;
	assert.deepEqual(
		sites.filter(({ outcome }) => outcome === 'captured').map(({ site }) => site),
		captured().map(({ body }) => body.site),
	);
});

lamp.close();
await broker.stop();
endChecks();
