// Writes every real screen and clip with the marked scan area (white) and the found one (black and white dashes), to
// look at: node --import=tsx test/screen/overlay.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Roi } from '../../src/capture/frame.ts';
import { greyPng } from '../../src/simulator/greyPng.ts';
import { marked, type RealPicture, readPicture, realFiles, whyNot } from './realPictures.ts';
import { showPicture } from './realPlayer.ts';

const [out] = process.argv.slice(2);
const missing = whyNot();
if (!out || missing !== '') {
	console.error(missing || 'name the folder to write to');
	process.exit(1);
}
mkdirSync(out, { recursive: true });
for (const file of [...realFiles('screens'), ...realFiles('clips')]) {
	const picture = readPicture(file, 40);
	const { roi, scene, reason } = showPicture(picture);
	const [x, y, width, height] = marked[picture.name]!;
	outline(picture, { x, y, width, height }, () => 255);
	if (roi) outline(picture, { x: roi.x + 2, y: roi.y + 2, width: roi.width - 4, height: roi.height - 4 }, dashes);
	writeFileSync(join(out, `${picture.name}.png`), greyPng(picture.frames[0]!, picture.width, picture.height));
	console.log(`${picture.name}: ${scene} ${reason} ${roi ? `[${Object.values(roi).join(', ')}]` : 'no area'}`);
}

function dashes(along: number): number {
	return (along >> 3) % 2 === 0 ? 255 : 0;
}

function outline({ frames, width }: RealPicture, roi: Roi, grey: (along: number) => number): void {
	const bytes = frames[0]!;
	for (let i = 0; i < roi.width; i++)
		for (const y of [roi.y, roi.y + roi.height - 1]) bytes[y * width + roi.x + i] = grey(i);
	for (let i = 0; i < roi.height; i++)
		for (const x of [roi.x, roi.x + roi.width - 1]) bytes[(roi.y + i) * width + x] = grey(i);
}
