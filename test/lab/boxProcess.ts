import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { shippedPath } from '../../src/packageRoot.ts';
import type { PageState } from '../../src/web/pageState.ts';

/** `phlebox run --config FILE` as a process of its own, with its display page on the loopback interface. */
export class BoxProcess {
	readonly log: string;
	/** Its configuration file. */
	readonly config: string;
	readonly #port: number;
	#process: ChildProcess | undefined;

	/** @param config as in the configuration file; web and store are added */
	constructor(config: Record<string, unknown>, port = 8099) {
		const folder = mkdtempSync(join(tmpdir(), 'box-'));
		this.log = join(folder, 'log');
		this.config = join(folder, 'phlebox.yaml');
		this.#port = port;
		const whole = { ...config, web: { port }, store: { folder: join(folder, 'store') } };
		writeFileSync(this.config, stringify(whole));
	}

	start(): void {
		const log = openSync(this.log, 'a');
		this.#process = spawn(process.execPath, [shippedPath('dist/cli/main.js'), 'run', '--config', this.config], {
			stdio: ['ignore', log, log],
		});
	}

	get pid(): number {
		return this.#process!.pid!;
	}

	get running(): boolean {
		return this.#process?.exitCode === null && this.#process.signalCode === null;
	}

	/** @returns its exit code, or the name of the signal that ended it */
	async end(signal: NodeJS.Signals): Promise<number | string> {
		const child = this.#process!;
		if (this.running) {
			const ended = once(child, 'exit');
			child.kill(signal);
			await ended;
		}
		return child.exitCode ?? child.signalCode!;
	}

	/** What the local API says now; undefined while it does not answer. */
	async state(): Promise<PageState | undefined> {
		try {
			const answer = await fetch(`http://127.0.0.1:${this.#port}/api/state`, { signal: AbortSignal.timeout(5000) });
			return answer.ok ? ((await answer.json()) as PageState) : undefined;
		} catch {
			return undefined;
		}
	}

	/** The last lines of its log, for a failed test. */
	tail(lines = 20): string {
		return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
	}
}
