import { type ChildProcess, fork } from 'node:child_process';
import { shippedPath } from '../../packageRoot.ts';
import type { InferenceOptions } from '../options.ts';

/** To the process that builds. */
export interface BuildRequest {
	/** Of the model package. */
	folder: string;
	options: Partial<InferenceOptions>;
}

/** Null: the engine is built, has given the golden answers and is kept. Otherwise why not. */
export interface BuildReply {
	failed: string | null;
}

/** Longest that a build may take, milliseconds: minutes are usual on a small board. */
const buildMs = 3_600_000;

/**
 * Builds engines for TensorRT in a process of its own, at the lowest priority, one after the other: what takes minutes, much
 * memory, or crashes is then no matter of the box.
 */
export class EngineBuilder {
	readonly #options: Partial<InferenceOptions>;
	readonly #program: string;
	readonly #deadlineMs: number;
	readonly #children = new Set<ChildProcess>();
	#stopped = false;
	#last: Promise<unknown> = Promise.resolve();

	/** @param program what runs in the process; a test's own */
	constructor(
		options: Partial<InferenceOptions>,
		program = shippedPath('dist', 'inference', 'engine', 'buildProcess.js'),
		deadlineMs = buildMs,
	) {
		this.#options = options;
		this.#program = program;
		this.#deadlineMs = deadlineMs;
	}

	/** Whether any provider has engines that this box keeps. */
	get wanted(): boolean {
		const { engines, providers = [] } = this.#options;
		return Boolean(engines) && providers.some(({ name }) => name === 'tensorrt');
	}

	/** @param folder of the model package @returns null when it is there now; otherwise why not */
	build(folder: string): Promise<string | null> {
		const built = this.#last.then(() => (this.#stopped ? 'the box stops' : this.#run(folder)));
		this.#last = built;
		return built;
	}

	/** A build under way comes to nothing. */
	stop(): void {
		this.#stopped = true;
		for (const child of this.#children) child.kill('SIGKILL');
	}

	#run(folder: string): Promise<string | null> {
		const { engines, providers = [] } = this.#options;
		if (!engines) return Promise.resolve('no folder for engines is set');
		return new Promise((resolve) => {
			const child = fork(this.#program, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
			this.#children.add(child);
			let late = false;
			const deadline = setTimeout(() => {
				late = true;
				child.kill('SIGKILL');
			}, this.#deadlineMs);
			const end = (reason: string | null) => {
				clearTimeout(deadline);
				this.#children.delete(child);
				resolve(reason);
			};
			let reply: BuildReply | null = null;
			child.once('message', (message) => {
				reply = message as BuildReply;
			});
			child.once('error', (error) => end(`no process for it can be started: ${error.message}`));
			child.once('exit', (code, signal) => {
				if (reply) end(reply.failed);
				else if (late) end(`it was not built in ${this.#deadlineMs / 1000} s`);
				else end(`the process that built it ended with ${signal ?? `code ${code}`}`);
			});
			const request: BuildRequest = {
				folder,
				options: {
					...this.#options,
					providers: providers.filter(({ name }) => name === 'tensorrt'),
					engines: { ...engines, build: true },
				},
			};
			child.send(request, () => undefined);
		});
	}
}
