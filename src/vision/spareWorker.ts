import { Worker } from 'node:worker_threads';
import type { VisionStart } from './messages.ts';

/** A thread that has loaded its code and waits to be told what to start with. It touches nothing until then. */
let spare: Worker | null = null;

/** While the main thread loads the rest of the box, the vision thread's code is loaded beside it. */
export function prepareWorker(): void {
	if (spare) return;
	const worker = new Worker(workerEntry(), { workerData: null, name: 'vision' });
	// A box that does not come to its start does not wait for it.
	worker.unref();
	const gone = () => {
		if (spare === worker) spare = null;
	};
	worker.once('error', gone);
	worker.once('exit', gone);
	spare = worker;
}

/** Begins a vision thread: the one that was prepared, once, or a new one. */
export function beginWorker(entry: URL, start: VisionStart): Worker {
	const prepared = spare;
	if (!prepared || entry.href !== workerEntry().href) return new Worker(entry, { workerData: start, name: 'vision' });
	spare = null;
	prepared.ref();
	prepared.postMessage(start);
	return prepared;
}

/** The thread's own file: compiled in dist, TypeScript where the tests run the sources. */
export function workerEntry(): URL {
	return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
}
