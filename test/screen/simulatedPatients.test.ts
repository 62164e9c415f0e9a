import test from 'ava';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { Screen } from '../../src/screen/screen.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { memoryFor, Playback } from '../../src/simulator/playback.ts';
import { planRecording, recordingPlanDefaults } from '../../src/simulator/recordingPlan.ts';

const size = 128;

// Their pictures were as even as no real one is, and were refused from the first image to the last.
for (const number of [5, 27, 33])
	test(`recording ${number} of the set with seed 9009 is taken for ultrasound throughout`, (t) => {
		const plan = planRecording({ ...recordingPlanDefaults, seed: 9009 }, number);
		const memory = memoryFor([[plan.width, plan.height]]);
		const playback = new Playback(plan, memory);
		const { x, y, width, height } = playback.roi;
		const input = memory.reserve(size * size * 4);
		const options = { ...screenDefaults, area: [x, y, width, height] as const };
		const screen = new Screen(options, memory, new SimdKernel(memory), size, size, input);
		const refused: string[] = [];
		let frames = 0;
		for (const { frame } of playback.frames()) {
			const { scene, reason } = screen.look(frame);
			if (scene === 'not-ultrasound') refused.push(`${frames}: ${reason}`);
			if (++frames >= 25) break;
		}
		t.deepEqual(refused, []);
	});
