// Says two things in turn, as fast as it can, until `going` is 2.
import { workerData } from 'node:worker_threads';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

const { board: buffer, going } = workerData as { board: SharedArrayBuffer; going: Int32Array };
const board = new StatusBoard(['sfj', 'fv'], buffer);
board.say('captured', 'sfj', Number.MAX_VALUE);
Atomics.store(going, 0, 1);
Atomics.notify(going, 0);
while (Atomics.load(going, 0) !== 2) {
	board.say('searching', 'fv', Number.MAX_VALUE);
	board.say('captured', 'sfj', Number.MAX_VALUE);
}
