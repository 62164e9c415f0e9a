import { SimdKernel } from '../../src/inference/simdKernel.ts';
import type { Scene } from '../../src/screen/scene.ts';
import { type SceneResult, Screen } from '../../src/screen/screen.ts';
import { type ScreenOptions, screenDefaults } from '../../src/screen/screenOptions.ts';
import { DrawnScreen } from './drawnScreen.ts';

/** Pixels of the network's input. */
export const size = 128;
export const roi = { x: 96, y: 40, width: 200, height: 180 };
export const frameMs = 20;
/** A scanner of 25 images a second on a line of 50 frames. */
export const framesAnImage = 2;

/** A machine, and the screen's judge of it with a small network input. */
export function machine(options: Partial<ScreenOptions> = {}, picture = new DrawnScreen(400, 280)) {
	const kernel = new SimdKernel(picture.memory);
	const input = picture.memory.reserve(size * size * 4);
	const screen = new Screen({ ...screenDefaults, ...options }, picture.memory, kernel, size, size, input);
	picture.machine(roi);
	let timeMs = 1000;
	let frames = 0;
	return {
		picture,
		screen,
		kernel,
		input,
		/** Plays frames; `draw` changes the screen before each. Returns what was said of each. */
		play(durationMs: number, draw: (frame: number) => void): SceneResult[] {
			const said: SceneResult[] = [];
			for (let end = timeMs + durationMs; timeMs < end; timeMs += frameMs) {
				draw(frames++);
				said.push({ ...screen.look(picture.at(timeMs)) });
			}
			return said;
		},
		skip(ms: number): void {
			timeMs += ms;
		},
		/** A running scan. */
		scan: (frame: number) => picture.linear(roi, Math.floor(frame / framesAnImage)),
		/** Nothing new but the clock. */
		still: (frame: number) => picture.clock(frame >> 3),
	};
}

export const area = [roi.x, roi.y, roi.width, roi.height] as const;

export function words(said: readonly SceneResult[]): Scene[] {
	return said.map(({ scene }) => scene).filter((scene, i, all) => scene !== all[i - 1]);
}

export function fresh(said: readonly SceneResult[]): number {
	return said.filter(({ repeated }) => !repeated).length;
}
