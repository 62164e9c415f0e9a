import { monotonicMs } from '../clock.ts';
import { Progress, type ProgressSigns } from './progress.ts';
import { ServiceManager } from './serviceManager.ts';

const longestLookMs = 1000;

/** The box as a service: says when it is ready and feeds the watchdog while it makes progress. */
export class Service {
	readonly #manager: ServiceManager;
	readonly #signs: () => ProgressSigns;
	readonly #progress: Progress;
	#ready = false;
	#feeding = true;
	#timer: NodeJS.Timeout | null = null;

	/** @param limits as the box's own watchdog has them (`vision` of the configuration) */
	constructor(
		limits: { watchdogMs: number; startMs: number },
		signs: () => ProgressSigns,
		manager = new ServiceManager(),
	) {
		this.#manager = manager;
		this.#signs = signs;
		this.#progress = new Progress({ turnMs: limits.watchdogMs, startMs: limits.startMs }, monotonicMs());
	}

	/** Without a service manager nothing happens. */
	start(): void {
		if (!this.#manager.listens) return;
		const lookMs = Math.min(longestLookMs, (this.#manager.watchdogMs ?? Number.POSITIVE_INFINITY) / 4);
		this.#timer = setInterval(() => this.#look(), lookMs);
	}

	/** The box is being stopped, which the manager has a deadline of its own for. */
	stop(): void {
		if (this.#timer) clearInterval(this.#timer);
		this.#timer = null;
	}

	#look(): void {
		const signs = this.#signs();
		const feeding = this.#progress.look(signs, monotonicMs());
		if (!this.#ready && signs.ready) {
			this.#ready = true;
			this.#manager.ready('watching');
		}
		if (feeding) this.#manager.alive();
		if (feeding !== this.#feeding) this.#manager.status(feeding ? 'watching' : 'no turn of the vision loop');
		this.#feeding = feeding;
	}
}
