import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import type { StartMark } from '../../src/startMarks.ts';
import { prepareWorker } from '../../src/vision/spareWorker.ts';
import { VisionThread } from '../../src/vision/thread.ts';

const recording = join(mkdtempSync(join(tmpdir(), 'phlebox-spare-')), 'screen.y4m');
const frame = Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc(320 * 240, 40)]);
writeFileSync(recording, Buffer.concat([Buffer.from('YUV4MPEG2 W320 H240 F30:1 Ip A1:1 Cmono\n'), frame, frame]));

/** Parts of the start up to the first light, as the thread told them. */
async function firstLightOf(beforeStart: () => Promise<void>): Promise<string[]> {
	const config = loadConfig(null, {});
	config.capture.source = 'recording';
	config.capture.recording.file = recording;
	const nothing = () => undefined;
	const quiet = { ready: nothing, record: nothing, scene: nothing, signal: nothing, light: nothing, ended: nothing };
	let thread!: VisionThread;
	const lit = new Promise<readonly StartMark[]>((resolve, reject) => {
		thread = new VisionThread(config, ['sfj', 'fv'], { ...quiet, failed: reject, lit: resolve });
	});
	await beforeStart();
	thread.start();
	const marks = await lit;
	await thread.stop();
	return marks.map(({ part }) => part);
}

test('a thread that was prepared, and one that was not, start alike; a prepared one is used once', async (t) => {
	prepareWorker();
	const parts = ['thread', 'told to start', 'lights', 'model', 'capture', 'first look'];
	// Long enough for its code to be there before it is told: that it waits is what is tried.
	t.deepEqual(await firstLightOf(() => new Promise((resolve) => setTimeout(resolve, 500))), parts);
	t.deepEqual(await firstLightOf(async () => undefined), parts);
	prepareWorker();
	t.deepEqual(await firstLightOf(async () => undefined), parts);
});
