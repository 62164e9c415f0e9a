import test from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import { against } from '../../src/evaluation/against/against.ts';
import { contenderList } from '../../src/evaluation/against/contenderList.ts';

const list = contenderList();
const missing = list.filter(({ command }) => command === null);
const options = { width: 640, height: 480, frames: 4, rounds: 2 };

for (const pixelFormat of ['YUYV', 'GREY'] as const)
	test.serial(
		`all ways from a frame of ${pixelFormat} give the network the same image and have the same answer of it`,
		async (t) => {
			for (const { name, missing: what } of missing) t.log(`${name} is not compared: ${what}`);
			if (process.env.CI === 'true') t.deepEqual(missing, []);
			const entries = list.filter(({ command }) => command !== null);
			const { rows } = await against(loadConfig(null, {}), { ...options, pixelFormat }, entries);
			for (const { name, notMeasured, difference, figures } of rows) {
				t.is(notMeasured, null, name);
				t.is(difference?.otherAnswers, 0, name);
				t.true(figures!.framesPerSecond > 0 && figures!.p50Ms <= figures!.maxMs && figures!.peakMb > 10, name);
			}
		},
	);
