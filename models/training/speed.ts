// Times model packages in the box's own runtime, one run an image, on noise: node --import tsx models/training/speed.ts FOLDER...
// Prints one JSON line a package: {"package", "framesPerSecond", "p50Ms", "p99Ms"}. Rounds of all packages take turns, so that
// what else the machine does falls on all alike.
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { inferenceDefaults } from '../../src/inference/options.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';

const rounds = 20;
const runs = 100;
const interval = { intervalMs: 40 };
const folders = process.argv.slice(2);
if (folders.length === 0) {
	console.error('usage: speed.ts FOLDER...');
	process.exit(2);
}
const rigs = folders.map((folder) => {
	const memory = createFrameMemory(0);
	const { model } = loadModelPackage(folder, memory, inferenceDefaults);
	const image = new Float32Array(memory.memory.buffer, model.inputOffset, model.inputWidth * model.inputHeight);
	for (let i = 0; i < image.length; i++) image[i] = ((i * 7919) % 256) / 255;
	return { folder, model, times: [] as number[] };
});
for (let round = 0; round < rounds; round++) {
	for (const { model, times } of rigs) {
		model.run(interval);
		for (let i = 0; i < runs; i++) {
			const began = process.hrtime.bigint();
			model.run(interval);
			times.push(Number(process.hrtime.bigint() - began) / 1e6);
		}
	}
}
for (const { folder, model, times } of rigs) {
	times.sort((a, b) => a - b);
	const at = (share: number) => times[Math.floor(share * (times.length - 1))]!;
	const [p50Ms, p99Ms] = [at(0.5), at(0.99)];
	console.log(JSON.stringify({ package: folder, framesPerSecond: Math.round(1000 / p50Ms), p50Ms, p99Ms }));
	model.close();
}
