import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { overlap } from '../../src/screen/layoutWatch.ts';
import { Screen } from '../../src/screen/screen.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { layouts } from '../../src/simulator/layout.ts';
import { SimulatorSource } from '../../src/simulator/simulatorSource.ts';

const size = 128;
const search = { ...screenDefaults.search, samples: 10, sampleEveryMs: 90 };

for (const [place, layout] of layouts.entries())
	test(`on the simulated layout ${layout.name} the scan area is found, the scene is live, no image is missed`, (t) => {
		const memory = createFrameMemory(1, 640 * 480 * 2);
		const source = new SimulatorSource({
			...{ seed: 20 + place, layout: layout.name, width: 640, height: 480, scannerHz: 10, hdmiHz: 20, pace: 'fast' },
			...{ quality: { beams: 96, samples: 256 } },
		});
		source.open(memory);
		const input = memory.reserve(size * size * 4);
		const screen = new Screen({ ...screenDefaults, search }, memory, new SimdKernel(memory), size, size, input);
		const truth = { ...source.roi! };
		let share = 0;
		let missed = 0;
		let invented = 0;
		let live = 0;
		// The probe arrives on the skin in the first second, and begins to press after 3.3 s.
		for (let frame = 0; frame < 80; frame++) {
			const { scene, repeated, roi, changed } = screen.look(source.next(0).frame);
			if (roi && changed) share = overlap(roi, truth);
			if (scene === 'live') live++;
			if (!roi || changed) continue;
			if (source.fresh && repeated) missed++;
			if (!source.fresh && !repeated) invented++;
		}
		source.close();
		t.log(`${layout.name}: overlap ${share.toFixed(2)}, ${live} of 80 frames live`);
		t.true(share >= 0.75);
		t.true(live > 30);
		t.deepEqual({ missed, invented }, { missed: 0, invented: 0 });
	});
