import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';

const main = shippedPath('dist', 'cli', 'main.js');

export interface Ended {
	code: number | null;
	stdout: string;
	stderr: string;
}

const running = new Set<Running>();
// A test that fails must leave no box behind, which would go on computing beside the others.
test.after.always(() => {
	for (const { child } of running) child.kill('SIGKILL');
});

/** Starts the built program as a user would; `npm test` builds it. */
export function startPhlebox(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
	const started = new Running(spawn(process.execPath, [main, ...args], { env: { ...process.env, ...environment } }));
	running.add(started);
	started.child.once('exit', () => running.delete(started));
	return started;
}

/** Runs it to its end, at most a minute. */
export function phlebox(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
	return startPhlebox(args, environment).end();
}

export class Running {
	readonly child: ChildProcess;
	stdout = '';
	stderr = '';
	readonly #exit: Promise<unknown>;

	constructor(child: ChildProcess) {
		this.child = child;
		child.stdout?.on('data', (data) => {
			this.stdout += data;
		});
		child.stderr?.on('data', (data) => {
			this.stderr += data;
		});
		this.#exit = once(child, 'close');
	}

	async end(deadlineMs = 60_000): Promise<Ended> {
		const timer = setTimeout(() => this.child.kill('SIGKILL'), deadlineMs);
		await this.#exit;
		clearTimeout(timer);
		return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
	}

	/** Waits for words on either output. */
	async says(words: RegExp, deadlineMs = 60_000): Promise<void> {
		const until = Date.now() + deadlineMs;
		while (!words.test(this.stdout) && !words.test(this.stderr)) {
			if (Date.now() > until || this.child.exitCode !== null)
				throw new Error(`never said ${words}; it said:\n${this.stdout}\n${this.stderr}`);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
}
