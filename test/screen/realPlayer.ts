import type { Frame } from '../../src/capture/frame.ts';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { type SceneResult, Screen } from '../../src/screen/screen.ts';
import { type ScreenOptions, screenDefaults } from '../../src/screen/screenOptions.ts';
import type { RealPicture } from './realPictures.ts';

/** Pixels of the network's input of the shipped model. */
const size = 128;
const frameMs = 50;
/** The plain kernel takes its time: fewer looks at the whole screen than in the box. */
const search = { ...screenDefaults.search, samples: 8, stillAfterMs: 500, pixelsPerTurn: 400_000 };

/**
 * Shows a real picture to the screen's judge at 20 frames a second, a clip to and fro, until it has had a scan area for
 * half a second; a minute at most.
 * @returns what was said last
 */
export function showPicture(picture: RealPicture, options: Partial<ScreenOptions> = {}): SceneResult {
	const { width, height, frames } = picture;
	const memory = createFrameMemory(1, width * height);
	const offset = memory.slotOffset(0);
	const input = memory.reserve(size * size * 4);
	const screen = new Screen(
		{ ...screenDefaults, search, ...options },
		memory,
		new SimdKernel(memory),
		size,
		size,
		input,
	);
	const frame: Frame = {
		...{ width, height, pixelFormat: 'GREY', stride: width, offset, byteLength: width * height },
		...{ sequence: 0, timestampMs: 0 },
	};
	const round = Math.max(1, 2 * (frames.length - 1));
	let known = 0;
	let said: SceneResult;
	do {
		const place = frame.sequence % round;
		if (frames.length > 1 || frame.sequence === 0)
			memory.bytes.set(frames[place < frames.length ? place : round - place]!, offset);
		said = screen.look(frame);
		if (said.roi) known++;
		frame.sequence++;
		frame.timestampMs += frameMs;
	} while (known < 10 && frame.sequence < 1200 && said.reason !== 'nothing on the screen looks like a scan');
	return { ...said };
}
