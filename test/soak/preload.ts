import { isMainThread, workerData } from 'node:worker_threads';

// Loaded before everything else by each thread of a box under soak (`node --import`): the box itself is the built one.
if (isMainThread) {
	if (process.send) (await import('./mainSide.ts')).reportToParent();
} else if (workerData === null || 'board' in (workerData as object)) {
	// The vision thread, told with its beginning what to start with, or prepared to be told later.
	await (await import('./visionSide.ts')).soakVision();
}
