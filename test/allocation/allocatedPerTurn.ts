import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Makes what is measured depend on the code alone, not on how busy the machine is. Code that is not compiled yet
 * allocates each fractional number, so it is compiled in the thread that runs it, whole and at its next call. Objects
 * that the compiler would save only where it happens to inline their makers are made, and counted.
 */
const engine = [
	'--no-concurrent-recompilation',
	'--no-concurrent-sparkplug',
	'--no-use-osr',
	'--no-turbo-escape',
	'--min-semi-space-size=64',
];

/** The last rounds count. */
const counted = 11;

/**
 * Bytes that a turn allocates once its code has been compiled: the median of the last rounds, since a collection makes a
 * round less.
 * @param module prints how much the rounds allocated a turn, as `playRounds` does
 */
export async function allocatedPerTurn(module: string | URL): Promise<number> {
	const { stdout } = await promisify(execFile)(process.execPath, [...engine, fileURLToPath(module)]);
	const grown = (JSON.parse(stdout) as number[]).slice(-counted).toSorted((a, b) => a - b);
	return grown[grown.length >> 1]!;
}
