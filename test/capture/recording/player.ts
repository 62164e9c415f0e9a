import { workerData } from 'node:worker_threads';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';
import { RecordingSource } from '../../../src/capture/recording/recordingSource.ts';

// A thread like the one that vision runs in: it never comes back to its event loop while it plays.
const { file, loop, counters } = workerData as { file: string; loop: boolean; counters: SharedArrayBuffer };
const [frames, ended] = [0, 1];
const shared = new Int32Array(counters);
const source = new RecordingSource({ file, loop, pace: 'fast' });
source.open(createFrameMemory(1, 1024 * 1024));
for (;;) {
	const { kind } = source.next(100);
	if (kind === 'frame') Atomics.add(shared, frames, 1);
	if (kind !== 'end') continue;
	Atomics.store(shared, ended, 1);
	// Nor after the end: whoever started it ends the thread.
	Atomics.wait(shared, ended, 1);
}
