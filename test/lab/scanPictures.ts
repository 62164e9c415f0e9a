// Draws what scenes.lab.ts sends over the cable, 640x480 YUYV, where drawing is quick: on the host.
//   node build/test/lab/scanPictures.js FOLDER     writes FOLDER/NAME.yuyv, pictures one after the other
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrawnScreen, hash } from '../screen/drawnScreen.ts';

export const pictureBytes = 640 * 480 * 2;
/** The scan area of the live, frozen and coloured scan, and of both pictures of the dual one. */
export const area = { x: 150, y: 60, width: 320, height: 320 };

const whole = { x: 0, y: 0, width: 640, height: 480 };
const half = { ...area, width: area.width / 2 - 8 };
const otherHalf = { ...half, x: area.x + area.width / 2 + 8 };
const images = [0, 1, 2, 3];

function draw(): Record<string, Uint8Array[]> {
	const screen = new DrawnScreen(640, 480, 'YUYV');
	const { offset, byteLength, stride } = screen.frame;
	const { bytes } = screen.memory;
	const picture = (paint: () => void): Uint8Array => {
		paint();
		return Uint8Array.from(bytes.subarray(offset, offset + byteLength));
	};
	/** A vessel full of colour, or without. */
	const flow = (flows: boolean) => {
		for (let y = 200; y < 240; y++)
			for (let x = 280; x < 340; x += 2) {
				bytes[offset + y * stride + 2 * x + 1] = flows ? 96 : 128;
				bytes[offset + y * stride + 2 * x + 3] = flows ? 214 : 128;
			}
	};
	const all: Record<string, Uint8Array[]> = {};
	screen.machine(area);
	all.live = images.map((image) =>
		picture(() => {
			screen.clock(image);
			screen.linear(area, image);
		}),
	);
	// The scan stands, the clock goes on.
	all.frozen = [5, 6, 7, 8].map((seconds) =>
		picture(() => {
			screen.clock(seconds);
			screen.linear(area, 1);
		}),
	);
	flow(true);
	all.colour = images.map((image) => picture(() => screen.linear(area, image)));
	flow(false);
	screen.fill(area, 0);
	all.dual = images.map((image) =>
		picture(() => {
			screen.linear(half, image);
			screen.linear(otherHalf, 2);
		}),
	);
	all.noise = images.map((image) => picture(() => screen.paint(whole, (x, y) => hash(x, y, image) * 255)));
	all['no-signal-picture'] = [picture(() => screen.paint(whole, (x) => 16 + (x >> 6) * 20))];
	return all;
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href)
	for (const [name, pictures] of Object.entries(draw()))
		writeFileSync(join(process.argv[2]!, `${name}.yuyv`), Buffer.concat(pictures));
