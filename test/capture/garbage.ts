import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Longest that the compiler is given to have its way; on a busy machine it takes seconds. */
const patienceMs = 5000;

/**
 * Bytes that a call leaves on the heap once it is compiled: the least of many short rounds, each after a collection and
 * too short for the next one.
 * @param enough bytes below which no more rounds are needed
 */
export function garbagePerCall(enough: number, call: () => void): number {
	const calls = 2000;
	const until = performance.now() + patienceMs;
	let least = Number.POSITIVE_INFINITY;
	while (least >= enough && performance.now() < until) {
		for (let i = 0; i < 5 * calls; i++) call();
		collect();
		const before = process.memoryUsage().heapUsed;
		for (let i = 0; i < calls; i++) call();
		const grown = process.memoryUsage().heapUsed - before;
		if (grown >= 0) least = Math.min(least, grown / calls);
	}
	return least;
}
