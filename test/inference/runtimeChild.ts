// Loads the runtime in a worker thread, as the box does, and runs a network: node runtimeChild.js PACKAGE
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';

if (isMainThread) new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
else {
	const { model } = loadModelPackage(workerData, createFrameMemory(0));
	model.run({ intervalMs: 0 });
	model.close();
	console.log('ran');
}
