import { setTimeout as sleep } from 'node:timers/promises';

let passed = 0;
let failed = 0;

/** One check of a lab test: prints one line, `✔ name` or `✖ name: why`. Checks run one after the other. */
export async function check(name: string, run: () => Promise<void> | void): Promise<void> {
	const start = performance.now();
	const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
	try {
		await run();
		passed++;
		console.log(`✔ ${name} (${seconds()} s)`);
	} catch (error) {
		failed++;
		const text = error instanceof Error ? error.message : String(error);
		console.log(`✖ ${name} (${seconds()} s): ${text.replaceAll('\n', ' ')}`);
	}
}

/** Ends the test's process: with 1 if a check failed or none ran. test/lab/all counts the lines. */
export function endChecks(): never {
	process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

/**
 * Asks again and again until the answer is something, and gives it.
 * @throws Error naming `what` and the last thing seen, after `seconds`
 */
export async function until<T>(
	what: string,
	seconds: number,
	ask: () => T | undefined | false | null | Promise<T | undefined | false | null>,
	seen: () => unknown = () => undefined,
): Promise<T> {
	const end = performance.now() + seconds * 1000;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined && answer !== false && answer !== null) return answer;
		if (performance.now() > end) {
			const last = seen();
			throw new Error(`no ${what} within ${seconds} s${last === undefined ? '' : `; seen: ${JSON.stringify(last)}`}`);
		}
		await sleep(50);
	}
}
