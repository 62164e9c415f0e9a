// The emulated camera in a thread of its own: whoever pulls frames from it waits in the kernel. Its messages: 'plug', 'pull'.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { UsbPlug } from './usbPlug.ts';
import { UvcCamera } from './uvcCamera.ts';

export interface CameraData {
	/** With pictures NAME.jpg. */
	folder: string;
	width: number;
	height: number;
	intervalMs: number;
}

const { folder, width, height, intervalMs } = workerData as CameraData;
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
const pictures = names.sort().map((name) => readFileSync(join(folder, name)));
const camera = new UvcCamera(width, height, intervalMs * 1000, Math.max(...pictures.map(({ length }) => length)));
const plug = new UsbPlug(camera);
let next = 0;
setInterval(() => {
	camera.give(pictures[next++ % pictures.length]!);
	plug.look();
}, intervalMs);

parentPort!.on('message', async (wish: 'plug' | 'pull') => {
	if (wish === 'plug') await plug.plug();
	else {
		plug.pull();
		camera.forget();
	}
	parentPort!.postMessage(wish);
});
