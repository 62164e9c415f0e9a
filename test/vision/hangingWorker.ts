// A vision thread gone wrong, for the watchdog's tests: it beats for a while, then does what its test says.
import { parentPort, workerData } from 'node:worker_threads';

const numbers = new Float64Array(workerData.board, 0, 32);
const { mode } = workerData.config;
const beat = () => {
	numbers[0] = Number(process.hrtime.bigint()) / 1e6;
};

const rest = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

beat();
// Whoever loads a model gives no sign of life meanwhile.
if (mode === 'slow') rest(2500);
parentPort!.postMessage({ kind: 'ready', examWasGiven: workerData.exam !== null });
if (mode === 'record') parentPort!.postMessage({ kind: 'record', record: { kind: 'site' }, exam: { examination: 7 } });
if (mode === 'slow') rest(700);
const end = Date.now() + (mode === 'slow' ? 1000 : 150);
while (Date.now() < end) {
	beat();
	rest(5);
}
if (mode === 'throw') throw new Error('a bug in the loop');
if (mode === 'fail') parentPort!.postMessage({ kind: 'failed', code: 'model-invalid', message: 'no such model' });
if (mode === 'hang' || mode === 'record') for (;;);
