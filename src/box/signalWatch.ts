import type { SignalState } from '../capture/signal.ts';
import type { Scene } from '../screen/scene.ts';

export interface SignalWatchOptions {
	/** A state counts once it has stood for this long: a flickering cable makes one event, not hundreds. Milliseconds. */
	settleMs: number;
	/** Without a signal for this long, an alert is raised. Milliseconds. */
	alertMs: number;
}

export const signalWatchDefaults: SignalWatchOptions = { settleMs: 300, alertMs: 3000 };

/** What is to be told of the input. */
export type SignalNews =
	| { kind: 'changed'; signal: SignalState; scene: Scene; before: { signal: SignalState; scene: Scene } | null }
	| { kind: 'lost'; signal: SignalState }
	| { kind: 'back' };

/** Turns what stands on the status board, moment by moment, into what is worth telling. Reads no clock. */
export class SignalWatch {
	readonly #options: SignalWatchOptions;
	#now: { signal: SignalState; scene: Scene } | null = null;
	#sinceMs = 0;
	#told: { signal: SignalState; scene: Scene } | null = null;
	#badSinceMs = Number.NaN;
	#lost = false;

	constructor(options: Partial<SignalWatchOptions> = {}) {
		this.#options = { ...signalWatchDefaults, ...options };
	}

	look(signal: SignalState, scene: Scene, nowMs: number): SignalNews[] {
		const news: SignalNews[] = [];
		if (this.#now?.signal !== signal || this.#now.scene !== scene) {
			this.#now = { signal, scene };
			this.#sinceMs = nowMs;
		}
		const settled = nowMs - this.#sinceMs >= this.#options.settleMs;
		if (settled && (this.#told?.signal !== signal || this.#told.scene !== scene)) {
			news.push({ kind: 'changed', signal, scene, before: this.#told });
			this.#told = { signal, scene };
		}
		if (signal === 'ok') this.#badSinceMs = Number.NaN;
		else if (Number.isNaN(this.#badSinceMs)) this.#badSinceMs = nowMs;
		if (!this.#lost && nowMs - this.#badSinceMs >= this.#options.alertMs) {
			this.#lost = true;
			news.push({ kind: 'lost', signal });
		} else if (this.#lost && signal === 'ok' && settled) {
			this.#lost = false;
			news.push({ kind: 'back' });
		}
		return news;
	}
}
