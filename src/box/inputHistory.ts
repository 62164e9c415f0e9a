import { type SignalState, signalStates } from '../capture/signal.ts';
import type { Scene } from '../screen/scene.ts';
import { type Health, recentChanges } from '../telemetry/messages/health.ts';

/** How long the signal was in each of its states, how often it was lost, and its last changes. Reads no clock. */
export class InputHistory {
	/** Milliseconds in each state since the vision thread first ran. */
	readonly #totals = new Map<SignalState, number>(signalStates.map((state) => [state, 0]));
	/** The same at the last report. */
	#reported = new Map(this.#totals);
	#now: SignalState | null = null;
	#lastMs = 0;
	#losses = 0;
	#changes = 0;
	#recent: NonNullable<Health['input']>['recent'] = [];

	/** Called often. What the signal was since the last call is taken to be what it was then. @param nowMs monotonic */
	look(signal: SignalState, nowMs: number): void {
		if (this.#now) this.#totals.set(this.#now, this.#totals.get(this.#now)! + nowMs - this.#lastMs);
		if (this.#now === 'ok' && signal !== 'ok') this.#losses += 1;
		this.#now = signal;
		this.#lastMs = nowMs;
	}

	/** Nobody looks at the signal now: the time until the next look is nobody's. */
	pause(): void {
		this.#now = null;
	}

	/** @param at wall clock, ISO 8601 @param cause empty when there is nothing to say */
	changed(at: string, signal: SignalState, scene: Scene, cause: string): void {
		this.#changes += 1;
		this.#recent = [{ at, signal, scene, cause }, ...this.#recent].slice(0, recentChanges);
	}

	/** Milliseconds in each state, and times it was lost, since the start. */
	get totals(): { states: ReadonlyMap<SignalState, number>; losses: number } {
		return { states: this.#totals, losses: this.#losses };
	}

	/** For the health message; times and changes are since the last report. */
	report(): NonNullable<Health['input']> {
		const states = signalStates
			.map((signal) => ({ signal, ms: Math.round(this.#totals.get(signal)! - this.#reported.get(signal)!) }))
			.filter(({ ms }) => ms > 0);
		const changes = this.#changes;
		this.#reported = new Map(this.#totals);
		this.#changes = 0;
		return { states, changes, losses: this.#losses, recent: this.#recent };
	}
}
