import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { fingerprintBytes } from '../../src/screen/fingerprint.ts';
import { Screen } from '../../src/screen/screen.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { playRounds } from '../allocation/rounds.ts';
import { DrawnScreen } from './drawnScreen.ts';

// The child process of allocation.test.ts: looks at a live scan whose area is found and watched.
const memory = createFrameMemory(2, 1 << 18);
const size = 32;
const roi = { x: 60, y: 30, width: 150, height: 120 };
const picture = new DrawnScreen(240, 180, 'YUYV', memory);
const { frame } = picture;
const input = memory.reserve(size * size * 4);
const lost = { ...screenDefaults.lost, pictures: [new Uint8Array(fingerprintBytes)] };
const screen = new Screen({ ...screenDefaults, lost }, memory, new SimdKernel(memory), size, size, input);
// Two images side by side in memory: showing one or the other allocates nothing.
picture.linear(roi, 1);
frame.offset = memory.slotOffset(1);
picture.linear(roi, 2);
let looks = 0;
let live = 0;
await playRounds(1500, (turns) => {
	for (let i = 0; i < turns; i++) {
		frame.offset = memory.slotOffset((looks >> 1) & 1);
		frame.timestampMs = looks++ * 20.25;
		if (screen.look(frame).scene === 'live') live++;
	}
});
if (live < 0.9 * looks) throw new Error(`live on ${live} of ${looks} looks only`);
