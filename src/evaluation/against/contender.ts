import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PhleboxError } from '../../errors.ts';
import { type ProcessUsage, processTree, processUsage } from './processUsage.ts';
import type { Replies, Request, Spec } from './spec.ts';

const deadlineMs = 120_000;

/** A contender in its process, spoken to in lines of JSON. */
export class Contender {
	readonly #command: readonly string[];
	readonly #spec: Spec;
	#child: ChildProcess | null = null;
	#lines: AsyncIterator<string> | null = null;
	#errors = '';

	constructor(command: readonly string[], spec: Spec) {
		this.#command = command;
		this.#spec = spec;
	}

	start(): void {
		const [file, ...args] = [...this.#command, JSON.stringify(this.#spec)];
		// Without the parent's flags, such as those of a test runner.
		// ONNX Runtime reports nothing here either (src/inference/onnxRuntime/quiet.ts).
		const quiet = { ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' };
		const env = { ...process.env, ...quiet, NODE_OPTIONS: '', OMP_NUM_THREADS: '1' };
		const child = spawn(file!, args, { stdio: 'pipe', env });
		child.on('error', (error) => {
			this.#errors = error.message;
		});
		// A contender that has ended hears nothing more; that it ended is known by its last line.
		child.stdin!.on('error', () => undefined);
		child.stderr!.on('data', (data: Buffer) => {
			this.#errors = `${this.#errors}${data}`.slice(-2000);
		});
		this.#child = child;
		this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
	}

	/** @throws PhleboxError runtime-failed with what the contender says, or that it says nothing */
	async ask<Kind extends Request['ask']>(
		request: Extract<Request, { ask: Kind }>,
		waitMs = deadlineMs,
	): Promise<Replies[Kind]> {
		this.#child!.stdin!.write(`${JSON.stringify(request)}\n`);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<{ done: true }>((resolve) => {
			timer = setTimeout(() => resolve({ done: true }), waitMs);
		});
		const line = await Promise.race([this.#lines!.next(), late]);
		clearTimeout(timer);
		const last = this.#errors.trim().split('\n').at(-1) ?? '';
		if (line.done) throw new PhleboxError('runtime-failed', `it does not answer${last === '' ? '' : `: ${last}`}`);
		const reply = JSON.parse((line as { value: string }).value) as Replies[Kind] | { error: string };
		if ('error' in reply) throw new PhleboxError('runtime-failed', reply.error);
		return reply;
	}

	usage(): ProcessUsage {
		return processUsage(this.#child!.pid ?? 0);
	}

	/** Ends it and all that it started; at once when it does not go by itself. */
	async close(): Promise<void> {
		const child = this.#child;
		if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
		child.stdin!.end();
		const timer = setTimeout(() => {
			for (const pid of processTree(child.pid!)) {
				try {
					process.kill(pid, 'SIGKILL');
				} catch {
					// Gone already.
				}
			}
		}, 3000);
		await gone;
		clearTimeout(timer);
	}
}
