// The emulated camera in a process of its own: whoever pulls frames from it waits in the kernel. Its messages: 'plug', 'pull'.
//   node cameraProcess.js CAMERA-AS-JSON
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsbPlug } from './usbPlug.ts';
import { UvcCamera } from './uvcCamera.ts';

export interface CameraData {
	/** With pictures NAME.jpg. */
	folder: string;
	width: number;
	height: number;
	intervalMs: number;
}

const { folder, width, height, intervalMs } = JSON.parse(process.argv[2]!) as CameraData;
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
const pictures = names.sort().map((name) => readFileSync(join(folder, name)));
const camera = new UvcCamera(width, height, intervalMs * 1000, Math.max(...pictures.map(({ length }) => length)));
const plug = new UsbPlug(camera);
let next = 0;
setInterval(() => {
	camera.give(pictures[next++ % pictures.length]!);
	plug.look();
}, intervalMs);

process.on('message', async (wish: 'plug' | 'pull') => {
	if (wish === 'plug') await plug.plug();
	else {
		plug.pull();
		camera.forget();
	}
	process.send!(wish);
});
process.once('disconnect', () => process.exit());
