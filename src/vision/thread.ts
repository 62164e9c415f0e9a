import type { Worker } from 'node:worker_threads';
import type { SignalState } from '../capture/signal.ts';
import { monotonicMs } from '../clock.ts';
import { PhleboxError } from '../errors.ts';
import type { ExamRecord } from '../exam/record.ts';
import type { ExamState } from '../exam/state.ts';
import type { SessionHandle } from '../inference/onnxRuntime/session.ts';
import type { Scene } from '../screen/scene.ts';
import type { StartMark } from '../startMarks.ts';
import type { ExamCommand, VisionConfig, VisionControl, VisionEvent, VisionReady, VisionStart } from './messages.ts';
import type { ModelOffer, SwapResult } from './modelOffer.ts';
import { modelFolder } from './protocol.ts';
import { beginWorker, workerEntry } from './spareWorker.ts';
import { StatusBoard } from './statusBoard.ts';

/** What the main thread is told. */
export interface VisionListener {
	ready(ready: VisionReady): void;
	record(record: ExamRecord): void;
	scene(scene: Scene, reason: string): void;
	signal(signal: SignalState, cause: string): void;
	/** A light failed, or with a null works again. */
	light(light: string, failure: string | null): void;
	/** The thread is gone or stands still; it is being restarted unless `final`. */
	failed(error: PhleboxError, final: boolean): void;
	/** The network of the last swap broke, or was not wanted, and the one before is back. */
	reverted?(reason: string): void;
	/** The lights have said what the first look at the signal gave. */
	lit?(marks: readonly StartMark[]): void;
	/** A network that is no longer in use, for the standby thread to free. */
	freed?(handle: SessionHandle): void;
	/** Source over: a recording that does not loop. */
	ended(): void;
}

const watchIntervalMs = 50;
const stopDeadlineMs = 3000;
const restartFirstMs = 250;
const restartLongestMs = 30_000;
/** An offer is answered between two frames. Milliseconds. */
const swapDeadlineMs = 10_000;

/**
 * The vision thread as the main thread sees it: starts it, watches its sign of life, restarts it, and hands the exam
 * over so that an examination goes on where it was. Each incarnation has a status board of its own, so that a thread
 * that could not be ended writes where nobody looks.
 */
export class VisionThread {
	#config: VisionConfig;
	readonly #sites: readonly string[];
	readonly #listener: VisionListener;
	readonly #entry: URL;
	#board: StatusBoard;
	#worker: Worker | null = null;
	#exam: ExamState | null = null;
	#ready = false;
	#said: VisionReady | null = null;
	#swapping: ((result: SwapResult) => void) | null = null;
	#stopping = false;
	/** When the thread was started or, later, said that it is ready: the watchdog's patience counts from there. */
	#aliveMs = 0;
	#restartMs = restartFirstMs;
	#restart: NodeJS.Timeout | null = null;
	#watch: NodeJS.Timeout | null = null;
	restarts = 0;
	/** Threads that were given up and have not ended: one that hangs in a native call keeps what it has opened. */
	readonly #hanging = new Set<Worker>();
	#dimPercent = 100;

	constructor(config: VisionConfig, sites: readonly string[], listener: VisionListener, entry = workerEntry()) {
		this.#config = config;
		this.#sites = sites;
		this.#listener = listener;
		this.#entry = entry;
		this.#board = new StatusBoard(sites);
	}

	/** Package of the model with which threads begin. */
	get modelFolder(): string {
		return modelFolder(this.#config.inference.model);
	}

	/** The board of the running thread: ask anew each time, a restart brings another. */
	get board(): StatusBoard {
		return this.#board;
	}

	/** A thread that was given up still holds what it has opened, such as the capture device. */
	get hanging(): boolean {
		return this.#hanging.size > 0;
	}

	start(): void {
		this.#spawn();
		this.#watch = setInterval(() => this.#look(), watchIntervalMs);
	}

	/** The thread is asked to end its examination, darken its lights and go; after a deadline it is ended. */
	async stop(): Promise<void> {
		this.#stopping = true;
		if (this.#watch) clearInterval(this.#watch);
		if (this.#restart) clearTimeout(this.#restart);
		const worker = this.#worker;
		if (!worker) return;
		const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
		this.#post({ kind: 'stop' });
		const deadline = setTimeout(() => void worker.terminate(), stopDeadlineMs);
		await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 2 * stopDeadlineMs).unref())]);
		clearTimeout(deadline);
	}

	/** Asks the exam for something; without a running thread it is lost, and false is returned. */
	command(command: ExamCommand): boolean {
		return this.#ready && this.#post({ kind: 'exam', command });
	}

	/** The lights say which box this is, while no examination runs. @param untilMs on the monotonic clock */
	identify(untilMs: number): void {
		this.#post({ kind: 'identify', untilMs });
	}

	/** @param percent of the lights' configured brightness; holds for threads that come later too */
	dim(percent: number): void {
		this.#dimPercent = percent;
		this.#post({ kind: 'dim', percent });
	}

	/**
	 * Offers another network, to be taken between two frames and two examinations. The one before stays beside it until
	 * `keepModel`; it is back at once when the new one breaks, and after a restart of the thread.
	 */
	swap(offer: ModelOffer): Promise<SwapResult> {
		const no = (reason: string, lost = false): SwapResult => ({ taken: false, busy: false, reason, lost });
		if (this.#swapping) return Promise.resolve(no('another swap is going on'));
		if (!this.#ready || !this.#post({ kind: 'swap', offer }))
			return Promise.resolve(no('the vision thread is not ready'));
		return new Promise((resolve) => {
			const answer = (result: SwapResult) => {
				clearTimeout(deadline);
				this.#swapping = null;
				resolve(result);
			};
			const deadline = setTimeout(() => answer(no('the vision thread does not answer', true)), swapDeadlineMs);
			this.#swapping = answer;
		});
	}

	/** The network of the last swap stays. @param folder its package, for threads that come later */
	keepModel(folder: string): void {
		this.#config = { ...this.#config, inference: { ...this.#config.inference, model: folder } };
		this.#post({ kind: 'keep-model' });
	}

	/** @returns false without a running thread; one that comes later has the model before anyway */
	revertModel(reason: string): boolean {
		return this.#ready && this.#post({ kind: 'revert-model', reason });
	}

	/** Images and answers of the network are left in this memory as well; null: no longer. */
	shadow(feed: SharedArrayBuffer | null): void {
		this.#post({ kind: 'shadow', feed });
	}

	#post(control: VisionControl): boolean {
		if (!this.#worker) return false;
		this.#worker.postMessage(control);
		this.#board.ring();
		return true;
	}

	#spawn(): void {
		this.#board = new StatusBoard(this.#sites);
		this.#ready = false;
		this.#aliveMs = monotonicMs();
		const start: VisionStart = {
			config: this.#config,
			board: this.#board.buffer,
			sites: this.#sites,
			exam: this.#exam,
			selfTest: this.#config.indicator.selfTest && this.restarts === 0,
			dimPercent: this.#dimPercent,
		};
		const worker = beginWorker(this.#entry, start);
		this.#worker = worker;
		worker.on('message', (event: VisionEvent) => {
			if (worker === this.#worker) this.#hear(event);
		});
		worker.on('error', (error) =>
			this.#gone(worker, new PhleboxError('vision-failed', error.message, { cause: error })),
		);
		worker.on('exit', () => {
			this.#hanging.delete(worker);
			this.#gone(worker, new PhleboxError('vision-failed', 'the vision thread ended by itself'));
		});
	}

	#hear(event: VisionEvent): void {
		if (event.kind === 'ready') {
			this.#ready = true;
			// Its last sign of life is from before it loaded the model, which can take longer than a turn ever may.
			this.#aliveMs = monotonicMs();
			this.#restartMs = restartFirstMs;
			this.#said = event;
			this.#listener.ready(event);
		} else if (event.kind === 'swap') {
			if (event.result.taken) this.#runs(event.result);
			this.#swapping?.(event.result);
		} else if (event.kind === 'reverted') {
			this.#runs(event);
			this.#listener.reverted?.(event.reason);
		} else if (event.kind === 'lit') this.#listener.lit?.(event.marks);
		else if (event.kind === 'freed') this.#listener.freed?.(event.handle);
		else if (event.kind === 'record') {
			this.#exam = event.exam;
			this.#listener.record(event.record);
		} else if (event.kind === 'failed') this.#gone(this.#worker!, new PhleboxError(event.code, event.message));
		else if (event.kind === 'scene') this.#listener.scene(event.scene, event.reason);
		else if (event.kind === 'signal') this.#listener.signal(event.signal, event.cause);
		else if (event.kind === 'light') this.#listener.light(event.light, event.failure);
		else if (event.kind === 'ended') this.#listener.ended();
	}

	/** Another model answers from now on. */
	#runs({ model, providersRefused }: Pick<VisionReady, 'model' | 'providersRefused'>): void {
		if (!this.#said) return;
		this.#said = { ...this.#said, model, providersRefused };
		this.#listener.ready(this.#said);
	}

	/** The watchdog. */
	#look(): void {
		if (!this.#worker) return;
		const quietMs = monotonicMs() - Math.max(this.#board.get('heartbeatMs'), this.#aliveMs);
		const { watchdogMs, startMs } = this.#config.vision;
		const limitMs = this.#ready ? watchdogMs : startMs;
		if (quietMs <= limitMs) return;
		this.#gone(
			this.#worker,
			new PhleboxError('vision-stuck', `the vision thread shows no sign of life for ${limitMs} ms; it is restarted`),
		);
	}

	#gone(worker: Worker, error: PhleboxError): void {
		if (worker !== this.#worker) return;
		this.#worker = null;
		this.#ready = false;
		if (error.code === 'vision-stuck') this.#hanging.add(worker);
		this.#swapping?.({ taken: false, busy: false, reason: error.message, lost: true });
		worker.terminate().catch(() => undefined);
		if (this.#stopping) return;
		const final = !error.retryable;
		this.#listener.failed(error, final);
		if (final) return;
		this.restarts++;
		this.#restart = setTimeout(() => this.#spawn(), this.#restartMs);
		this.#restartMs = Math.min(this.#restartMs * 2, restartLongestMs);
	}
}
