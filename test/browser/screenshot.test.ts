import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import test from 'ava';
import { WebServer } from '../../src/web/server.ts';
import { FakeBox, vesselPicture } from '../web/fakeBox.ts';
import { withoutChromium } from './chromium.ts';
import { screenshot } from './screenshot.ts';

test('a screenshot waits for the guidance and is a PNG of 1280 x 720', async (t) => {
	if (withoutChromium(t)) return;
	const folder = await mkdtemp(join(tmpdir(), 'phlebox-page-'));
	t.teardown(() => rm(folder, { recursive: true }));
	const box = new FakeBox();
	box.picture = vesselPicture();
	const server = new WebServer({ host: '127.0.0.1', port: 0 }, box);
	const url = await server.start();
	t.teardown(() => server.stop());
	const file = join(folder, 'page.png');
	let done = false;
	const written = screenshot(url, file).then(() => {
		done = true;
	});
	await after(1500);
	t.false(done, 'the page does not show captured yet');
	box.guide('captured');
	await written;
	const png = await readFile(file);
	t.is(png.subarray(1, 4).toString(), 'PNG');
	t.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1280, 720]);
});
