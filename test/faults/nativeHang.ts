// A vision thread that hangs in a call of the C library, where nothing in JavaScript can interrupt it.
import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';

new Float64Array(workerData.board, 0, 32)[0] = Number(process.hrtime.bigint()) / 1e6;
parentPort!.postMessage({ kind: 'ready' });
// Not for ever: a process ends only once all its threads have.
koffi.load(null).func('unsigned int sleep(unsigned int seconds)')(3);
