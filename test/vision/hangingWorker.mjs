// A vision thread gone wrong, for the watchdog's tests: it beats for a while, then does what its test says.
import { parentPort, workerData } from 'node:worker_threads';

const numbers = new Float64Array(workerData.board, 0, 32);
const { mode } = workerData.config;
const beat = () => {
	numbers[0] = Number(process.hrtime.bigint()) / 1e6;
};

beat();
parentPort.postMessage({ kind: 'ready', examWasGiven: workerData.exam !== null });
if (mode === 'record') parentPort.postMessage({ kind: 'record', record: { kind: 'site' }, exam: { examination: 7 } });
const end = Date.now() + 150;
while (Date.now() < end) beat();
if (mode === 'throw') throw new Error('a bug in the loop');
if (mode === 'fail') parentPort.postMessage({ kind: 'failed', code: 'model-invalid', message: 'no such model' });
if (mode === 'hang' || mode === 'record') for (;;);
