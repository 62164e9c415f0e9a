import type { SignalState } from '../capture/signal.ts';
import { wallClockOf } from '../clock.ts';
import type { Scene } from '../screen/scene.ts';
import { InputHistory } from './inputHistory.ts';
import { type SignalNews, SignalWatch } from './signalWatch.ts';

/** What comes in, with why: puts together what the status board says now and what the vision thread explained by message. */
export class InputWatch {
	readonly history = new InputHistory();
	readonly #signal = new SignalWatch();
	/** Why the signal is what it is; comes by message, within the turn at whose end the status board says the state. */
	#cause: { signal: SignalState; cause: string } = { signal: 'ok', cause: '' };
	/** The one before, as long as the status board has not got to the new one. */
	#before: { signal: SignalState; cause: string } | null = null;
	/** The same of the scene, where a signal is there. */
	#reason: { scene: Scene; reason: string } = { scene: 'no-roi', reason: '' };

	explainSignal(signal: SignalState, cause: string): void {
		if (signal !== this.#cause.signal) this.#before = this.#cause;
		this.#cause = { signal, cause };
	}

	explainScene(scene: Scene, reason: string): void {
		this.#reason = { scene, reason };
	}

	/** @param nowMs monotonic @returns what is to be told, each with its cause: empty when there is nothing to say */
	look({ signal, scene }: { signal: SignalState; scene: Scene }, nowMs: number): (SignalNews & { cause: string })[] {
		if (signal === this.#cause.signal) this.#before = null;
		this.history.look(signal, nowMs);
		const cause = this.#causeOf(signal, scene);
		return this.#signal.look(signal, scene, nowMs).map((news) => {
			if (news.kind === 'changed') this.history.changed(wallClockOf(nowMs), news.signal, news.scene, cause);
			return { ...news, cause };
		});
	}

	#causeOf(signal: SignalState, scene: Scene): string {
		for (const told of [this.#cause, this.#before]) if (told?.signal === signal && told.cause !== '') return told.cause;
		// That noise or a blank screen is no signal is found on the screen: the device says nothing.
		const ofScreen = signal === 'ok' || signal === 'no-signal';
		return ofScreen && this.#reason.scene === scene ? this.#reason.reason : '';
	}
}
