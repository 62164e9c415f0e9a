// modules: vhci-hcd,uvcvideo
// timeout: 400
// before: ffmpeg -v error -f lavfi -i color=black:size=640x480:rate=5,geq=lum='235-28*floor(X/80)':cb=128:cr=128 -frames:v 5 -q:v 2 "$PHLEBOX_LAB_FOLDER/%d.jpg"
// A grabber that gives MJPEG by the kernel's uvcvideo: a USB device that this test emulates, plugged into a virtual host
// controller and pulled out of it.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { V4l2Source } from '../../src/capture/v4l2/v4l2Source.ts';
import { check, endChecks, until } from './check.ts';
import { bars, growDarker, pullFrame, pullSignal } from './pulls.ts';
import type { CameraData } from './usb/cameraProcess.ts';

const device = '/dev/video0';
const data: CameraData = { folder: process.env.PHLEBOX_LAB_FOLDER!, width: 640, height: 480, intervalMs: 400 };
const program = fileURLToPath(new URL('./usb/cameraProcess.js', import.meta.url));
const camera = fork(program, [JSON.stringify(data)]);
const hand = async (wish: 'plug' | 'pull') => {
	camera.send(wish);
	await once(camera, 'message', { signal: AbortSignal.timeout(120_000) });
};
const descriptors = () => readdirSync('/proc/self/fd').length;

const memory = createFrameMemory();
const source = new V4l2Source({ device, pixelFormats: ['MJPG'], stuckMs: 10_000, firstFrameMs: 60_000 });

await check('a camera that is not plugged in is no device', () => {
	source.open(memory);
	pullSignal(source, 'no-device');
});

await check('MJPEG of uvcvideo: 640x480 with the luma of the colour bars', async () => {
	await hand('plug');
	await until(device, 30, () => existsSync(device));
	const frame = pullFrame(source, 120);
	assert.deepEqual([frame.width, frame.height, source.mode?.wireFormat], [640, 480, 'MJPG']);
	growDarker(bars(source, memory));
});

await check('frames count up and are stamped by the kernel', () => {
	const [one, two] = [{ ...pullFrame(source, 60) }, { ...pullFrame(source, 60) }];
	assert.ok(two.sequence > one.sequence, `${one.sequence}, ${two.sequence}`);
	assert.ok(two.timestampMs > one.timestampMs);
});

await check(
	'pulled out while frames come and plugged in again, five times: named, and frames again by itself',
	async () => {
		let before = 0;
		for (let round = 0; round < 5; round++) {
			await hand('pull');
			pullSignal(source, 'no-device');
			await hand('plug');
			await until(device, 30, () => existsSync(device));
			pullFrame(source, 120);
			if (round === 0) before = descriptors();
		}
		assert.ok(descriptors() <= before, `${before} descriptors, then ${descriptors()}`);
	},
);

source.close();
await hand('pull');
camera.disconnect();
endChecks();
