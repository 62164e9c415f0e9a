import { Worker } from 'node:worker_threads';
import { PhleboxError } from '../../errors.ts';
import type { SessionHandle } from '../../inference/onnxRuntime/session.ts';
import type { InferenceOptions } from '../../inference/options.ts';
import type { Manifest } from '../../inference/package/manifest.ts';
import { shippedPath } from '../../packageRoot.ts';
import type { ModelOffer } from '../modelOffer.ts';
import type { ShadowFigures } from './shadowJudge.ts';
import type { StandbyAnswers, StandbyReply, StandbyRequest } from './standbyMessages.ts';

type Asked = StandbyRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

interface Waiting {
	resolve(answer: never): void;
	reject(error: PhleboxError): void;
	deadline: NodeJS.Timeout;
}

/** Longest that a network may take to get ready, or an answer to come. Milliseconds. */
const answerMs = 120_000;

/**
 * The thread beside the vision thread as the main thread sees it: networks are made ready, tried on live images and freed
 * there. It begins with the first question and ends with `stop`. Every question has a deadline; a thread that misses one, or
 * dies, is given up with what it held, and the next question begins another.
 */
export class Standby {
	readonly #options: Partial<InferenceOptions>;
	readonly #answerMs: number;
	#worker: Worker | null = null;
	readonly #waiting = new Map<number, Waiting>();
	#last = 0;

	constructor(options: Partial<InferenceOptions>, deadlineMs = answerMs) {
		this.#options = options;
		this.#answerMs = deadlineMs;
	}

	/**
	 * Loads a package and proves it with its golden images; what was loaded before is dropped.
	 * @throws PhleboxError as `loadModelPackage`; vision-failed when the thread does not answer
	 */
	load(folder: string): Promise<StandbyAnswers['load']> {
		return this.#ask({ ask: 'load', folder, options: this.#options });
	}

	/** Gives what was loaded away. @throws PhleboxError runtime-failed, vision-failed */
	offer(): Promise<ModelOffer> {
		return this.#ask({ ask: 'offer' });
	}

	async drop(): Promise<void> {
		if (this.#worker) await this.#ask({ ask: 'drop' });
	}

	async free(handle: SessionHandle): Promise<void> {
		await this.#ask({ ask: 'free', handle });
	}

	/** @param outputs of the model that runs, whose answers are in the feed */
	async beginShadow(feed: SharedArrayBuffer, outputs: Manifest['outputs']): Promise<void> {
		await this.#ask({ ask: 'shadow-begin', feed, outputs });
	}

	/** @throws PhleboxError runtime-failed, when the model broke at an image */
	shadow(): Promise<ShadowFigures> {
		return this.#ask({ ask: 'shadow-look' });
	}

	endShadow(): Promise<ShadowFigures> {
		return this.#ask({ ask: 'shadow-end' });
	}

	async stop(): Promise<void> {
		const worker = this.#worker;
		this.#giveUp(new PhleboxError('vision-failed', 'the box stops'));
		await worker?.terminate();
	}

	#ask<Ask extends Asked>(asked: Ask): Promise<StandbyAnswers[Ask['ask']]> {
		this.#worker ??= this.#begin();
		const worker = this.#worker;
		const id = ++this.#last;
		return new Promise((resolve, reject) => {
			const late = () =>
				this.#giveUp(new PhleboxError('vision-failed', `${asked.ask}: no answer for ${this.#answerMs} ms`));
			const deadline = setTimeout(late, this.#answerMs);
			this.#waiting.set(id, { resolve, reject, deadline });
			worker.postMessage({ id, ...asked });
		});
	}

	#begin(): Worker {
		const yielding = (this.#options.threads ?? 1) === 1;
		const worker = new Worker(entry(), { workerData: { yielding }, name: 'standby' });
		const gone = (why: string) => {
			if (worker === this.#worker) this.#giveUp(new PhleboxError('vision-failed', `the standby thread ended: ${why}`));
		};
		worker.on('message', (reply: StandbyReply) => this.#hear(reply));
		worker.on('error', (error) => gone(error.message));
		worker.on('exit', (code) => gone(`code ${code}`));
		return worker;
	}

	#hear(reply: StandbyReply): void {
		const waiting = this.#waiting.get(reply.id);
		if (!waiting) return;
		this.#waiting.delete(reply.id);
		clearTimeout(waiting.deadline);
		if ('failed' in reply) waiting.reject(new PhleboxError(reply.failed.code, reply.failed.message));
		else waiting.resolve(reply.answer as never);
	}

	#giveUp(error: PhleboxError): void {
		const worker = this.#worker;
		this.#worker = null;
		for (const { reject, deadline } of this.#waiting.values()) {
			clearTimeout(deadline);
			reject(error);
		}
		this.#waiting.clear();
		worker?.terminate().catch(() => undefined);
	}
}

/** The thread's own file, always as compiled: a thread does not inherit what reads TypeScript. */
function entry(): string {
	return shippedPath('dist', 'vision', 'standby', 'standbyWorker.js');
}
