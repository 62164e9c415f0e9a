// modules: uleds,ledtrig-pattern
// timeout: 1200
// before: cd "$PHLEBOX_LAB_FOLDER" && p="node $OLDPWD/dist/cli/main.js" && $p simulate --recordings 6 --out set && (cd "$OLDPWD" && node build/test/lab/slowMotion.js "$PHLEBOX_LAB_FOLDER/set" "$PHLEBOX_LAB_FOLDER/slow.yaml") && $p evaluate --config slow.yaml --find-roi --json judged.json set
// Two simulated scans, one in which a vein is pressed shut and one in which it is not, shown to the whole box: the lamp's
// green and the stored result must be one and the same, and the same as this model's judgement outside of the machine.
// The emulated machine is too slow for a scan in real time, so it runs in slow motion, here and there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BoxProcess } from './boxProcess.ts';
import { Broker } from './broker.ts';
import { check, endChecks, until } from './check.ts';
import { Lamp, lampPlaces } from './lamp.ts';
import { slowExam } from './slowMotion.ts';

const expiryMs = 1000;
const folder = process.env.PHLEBOX_LAB_FOLDER!;
const judged: { perRecording: { id: string; kind: string; expected: string; found: string }[] } = JSON.parse(
	readFileSync(`${folder}/judged.json`, 'utf8'),
);
const lamp = new Lamp();
const broker = new Broker();
await broker.start();

const boxOf = (id: string) =>
	new BoxProcess({
		box: { id },
		capture: { source: 'recording', recording: { file: `${folder}/set/${id}.y4m`, loop: false } },
		exam: slowExam,
		indicator: { expiryMs, selfTest: false, leds: [lampPlaces] },
		vision: { watchdogMs: 60_000, startMs: 300_000, previewHz: 0 },
		mqtt: { url: broker.url, healthSeconds: 5 },
	});
const results = (id: string, kind: 'site' | 'examination') =>
	broker.messages.filter(({ topic }) => topic === `phlebox/v1/${id}/result/${kind}`);

/** Lets the box see the whole scan, from its start to its own end. */
async function watch(id: string): Promise<void> {
	const box = boxOf(id);
	lamp.forget();
	box.start();
	await until(
		'end of the box',
		500,
		() => !box.running,
		() => box.tail(3),
	);
	assert.equal(await box.end('SIGKILL'), 0, box.tail());
	await until('result of the examination', 60, () => results(id, 'examination').length > 0);
	await sleep(expiryMs + 200);
	assert.equal(lamp.colour, 'dark', 'nothing is lit after the end');
}

await check('a vein pressed shut: green, and on record as captured', async () => {
	const scan = judged.perRecording.find(({ expected, found }) => expected.startsWith('captured') && found === expected);
	assert.ok(scan, 'the shipped model captures at least one of the simulated presses');
	await watch(scan.id);
	assert.ok(lamp.flashes('green') > 0, 'the lamp was green');
	const [site] = results(scan.id, 'site');
	assert.equal(site?.body.outcome, 'captured');
	assert.equal(`captured ${site.body.site}`, scan.found);
	const sites: { site: string; outcome: string }[] = results(scan.id, 'examination')[0]!.body.sites;
	assert.equal(sites.find(({ site: name }) => name === site.body.site)?.outcome, 'captured');
});

await check('a vein not pressed shut: never green, and on record as not captured', async () => {
	const scan = judged.perRecording.find(({ kind }) => kind === 'half-press')!;
	assert.equal(scan.found, 'not-captured');
	await watch(scan.id);
	assert.equal(lamp.flashes('green'), 0);
	assert.ok(lamp.flashes('blue') > 0, 'it was seen: the lamp asked to press');
	assert.deepEqual(results(scan.id, 'site'), []);
	assert.equal(results(scan.id, 'examination')[0]!.body.outcome, 'not-captured');
});

lamp.close();
await broker.stop();
endChecks();
