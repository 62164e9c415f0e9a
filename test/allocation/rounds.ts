import { setTimeout as sleep } from 'node:timers/promises';

/** So many rounds are played; the engine has then compiled what it is going to compile. */
const rounds = 30;

/**
 * In the child process of `allocatedPerTurn`: plays rounds of turns and prints by how many bytes a turn the heap grew in
 * each of them.
 * @param turns a round: many, because the engine takes and counts the heap in pieces of some kilobytes
 */
export async function playRounds(turns: number, play: (turns: number) => void): Promise<void> {
	const grown: number[] = [];
	for (let round = 0; round < rounds; round++) {
		// Whatever else waits is done outside of what is measured.
		await sleep(1);
		const first = process.memoryUsage().heapUsed;
		const before = process.memoryUsage().heapUsed;
		play(turns);
		const after = process.memoryUsage().heapUsed;
		// Less what reading the heap's size takes itself, which differs from one Node to another.
		grown.push((after - before - (before - first)) / turns);
	}
	process.stdout.write(`${JSON.stringify(grown)}\n`);
}
