import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { ReferenceKernel } from '../../src/inference/referenceKernel.ts';
import { Screen } from '../../src/screen/screen.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { DrawnScreen } from './drawnScreen.ts';

test('a look at the screen allocates nothing', async (t) => {
	const memory = createFrameMemory(2, 1 << 18);
	const size = 32;
	const roi = { x: 60, y: 30, width: 150, height: 120 };
	const picture = new DrawnScreen(240, 180, 'GREY', memory);
	const { frame } = picture;
	const input = memory.reserve(size * size * 4);
	const screen = new Screen(screenDefaults, memory, new ReferenceKernel(memory), size, size, input);
	// Two images side by side in memory: showing one or the other allocates nothing.
	picture.linear(roi, 1);
	frame.offset = memory.slotOffset(1);
	picture.linear(roi, 2);
	let looks = 0;
	let live = 0;
	const run = (count: number): void => {
		for (let i = 0; i < count; i++) {
			frame.offset = memory.slotOffset((looks >> 1) & 1);
			frame.timestampMs = looks++ * 20.25;
			if (screen.look(frame).scene === 'live') live++;
		}
	};
	const bound = 16;
	const grown: number[] = [];
	const small = (bytes: number): boolean => bytes >= 0 && bytes < bound;
	// Until the engine has compiled all of it, numbers are boxed: some rounds are given to that.
	while (grown.length < 40 && !(grown.length > 1 && grown.slice(-2).every(small))) {
		await new Promise((resolve) => setTimeout(resolve, 1));
		const before = process.memoryUsage().heapUsed;
		run(500);
		// Negative where something was collected in between: that round says nothing.
		grown.push((process.memoryUsage().heapUsed - before) / 500);
	}
	t.log(`round ${grown.length}: ${grown.at(-1)!.toFixed(1)} bytes a look`);
	t.true(grown.slice(-2).every(small), `${grown.slice(-4).join(', ')} bytes a look`);
	t.true(live > 400, 'the scene was live');
});
