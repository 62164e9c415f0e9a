// modules: vivid-loop,uleds,ledtrig-pattern
// timeout: 900
// before: node build/test/lab/scanPictures.js "$PHLEBOX_LAB_FOLDER"
// The rows of the fault table (test/faults/table.ts) that are a matter of what stands on the screen: an ultrasound machine
// sends a drawn scan over vivid's HDMI loop to the whole box, is frozen, shows two pictures or colour, and its signal is lost.
// The emulated machine is slow: the scanner brings three images a second.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { shippedPath } from '../../src/packageRoot.ts';
import { type Fault, workAgainMs } from '../faults/fault.ts';
import { faults } from '../faults/table.ts';
import { BoxProcess } from './boxProcess.ts';
import { Broker } from './broker.ts';
import { check, endChecks, until } from './check.ts';
import { HdmiOutput } from './hdmiOutput.ts';
import { Lamp, lampPlaces } from './lamp.ts';
import { area, pictureBytes } from './scanPictures.ts';

const slowness = 8;
const imageMs = 300;
/** What arrives, one picture after the other and round again: of the live scan, and of each row of the table. */
function picturesOf(name: string): Uint8Array[] {
	const all = readFileSync(`${process.env.PHLEBOX_LAB_FOLDER}/${name}.yuyv`);
	return Array.from({ length: all.length / pictureBytes }, (_, i) =>
		all.subarray(i * pictureBytes, (i + 1) * pictureBytes),
	);
}
const live = picturesOf('live');

const output = new HdmiOutput();
const lamp = new Lamp();
const broker = new Broker();
await broker.start();
const box = new BoxProcess({
	box: { id: 'lab' },
	capture: { source: 'v4l2', v4l2: { device: output.card.device, firstFrameMs: 30_000, stuckMs: 20_000 } },
	screen: { roi: [area.x, area.y, area.width, area.height] },
	indicator: { expiryMs: 800, selfTest: false, leds: [lampPlaces] },
	vision: { watchdogMs: 60_000, startMs: 300_000, previewHz: 0 },
	mqtt: { url: broker.url, healthSeconds: 60 },
});

let shown: Uint8Array[] = live;
let next = 0;
let sent = 0;
output.start();
const sender = setInterval(() => {
	if (output.send(shown[next++ % shown.length]!)) sent++;
}, imageMs);

const stateThat = (
	what: string,
	seconds: number,
	fits: (state: NonNullable<Awaited<ReturnType<BoxProcess['state']>>>) => boolean,
) => {
	let last: unknown;
	return until(
		what,
		seconds,
		async () => {
			const state = await box.state();
			last = state && [state.signal, state.scene, state.guidance, state.frames, state.images, state.trouble];
			return state && fits(state) && state;
		},
		() => [last, sent, output.running, box.tail(4)],
	);
};
const judging = (guidance: string) => ['searching', 'press', 'release', 'hold'].includes(guidance);
const judged = (seconds: number) =>
	stateThat('a live scan that is judged', seconds, ({ scene, guidance }) => scene === 'live' && judging(guidance));

await check('the picture of a lost signal is learned', async () => {
	shown = picturesOf('no-signal-picture');
	await until('pictures on the cable', 60, () => sent >= 4);
	const command = [shippedPath('dist/cli/main.js'), 'learn', 'no-signal', '--config', box.config];
	const said = execFileSync(process.execPath, command, { encoding: 'utf8', timeout: 200_000 });
	assert.match(said, /learned a picture of 640x480/);
	shown = live;
});

await check('the whole box judges a scan that comes over the HDMI loop', async () => {
	box.start();
	await until('status online', 400, () => {
		if (!box.running) throw new Error(`phlebox run ended: ${box.tail()}`);
		return broker.last('status')?.body.status === 'online';
	});
	const { images: seen } = await judged(60);
	await stateThat('more images', 60, ({ images }) => images >= seen + 5);
});

const measured: [string, number, number][] = [];
async function play(row: Fault): Promise<void> {
	// Also after a row that ended in the midst of its fault.
	shown = live;
	await judged(60);
	const from = broker.messages.length;
	lamp.forget();
	const start = performance.now();
	shown = picturesOf(row.id);
	const fits = (told: { signal: string; scene: string }) =>
		told.signal === row.signal && (row.scene === undefined || told.scene === row.scene);
	await stateThat(row.light, 60, (state) => fits(state) && state.guidance === row.light);
	const light = performance.now() - start;
	if (row.light !== 'dont-know') await until('magenta', 10, () => lamp.colour === 'red+blue');
	const cause = new RegExp(row.says);
	await until('its event', 30, () =>
		broker.messages
			.slice(from)
			.some(
				({ kind, body: { details } }) =>
					kind === 'event' && details?.cause !== undefined && fits(details) && cause.test(details.cause),
			),
	);
	// What was lit before has expired: from here on it is dark, or says what the row says.
	lamp.forget();
	const said = new Set<string>();
	for (const end = performance.now() + 4000; performance.now() < end; ) {
		const state = await box.state();
		if (state) said.add(state.guidance);
		await sleep(50);
	}
	// Where a new picture takes three times as long as on a board, one that is late passes for a frozen one: no less honest.
	const late = row.light !== 'frozen' && said.delete('frozen');
	assert.deepEqual([...said], [row.light]);
	if (row.light === 'dont-know' && !late) assert.equal(lamp.flashes('red') + lamp.flashes('blue'), 0);
	const mended = performance.now();
	shown = live;
	await judged(60);
	const back = performance.now() - mended;
	measured.push([row.id, light, back]);
	assert.equal(lamp.green.everLit, false, 'green was lit');
	assert.ok(back < workAgainMs * slowness, `at work again after ${back} ms`);
}

const rows = faults.filter(({ runs }) => runs === 'lab, scenes');
for (const row of rows) await check(`${row.id}: ${row.fault}`, () => play(row));
await check('every such row of the table was played', () =>
	assert.deepEqual(
		measured.map(([id]) => id),
		rows.map(({ id }) => id),
	),
);

console.log(`  ${'fault'.padEnd(18)}   light    back   (ms in the emulated machine)`);
for (const [id, light, back] of measured)
	console.log(`  ${id.padEnd(18)} ${light.toFixed(0).padStart(7)} ${back.toFixed(0).padStart(7)}`);

clearInterval(sender);
await box.end('SIGKILL');
output.stop();
lamp.close();
await broker.stop();
endChecks();
