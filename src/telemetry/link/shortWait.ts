import { setTimeout as sleep } from 'node:timers/promises';

/** A wait that can be ended early, over and over for as long as the box runs. */
export class ShortWait {
	#early: AbortController | null = null;

	/** Ends the wait that goes on, if there is one. */
	end(): void {
		this.#early?.abort();
	}

	/**
	 * Resolves after `ms`, once `end` is called, or once `signal` aborts. Leaves nothing behind: what `AbortSignal.any` makes of
	 * a signal that outlives it is kept in that signal's list for good (seen in Node 20), one entry a wait.
	 */
	async wait(ms: number, signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		const early = new AbortController();
		const end = () => early.abort();
		this.#early = early;
		signal.addEventListener('abort', end);
		await sleep(ms, undefined, { signal: early.signal }).catch(() => {});
		signal.removeEventListener('abort', end);
		this.#early = null;
	}
}
