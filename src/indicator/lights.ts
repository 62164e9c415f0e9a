import { messageOf, PhleboxError } from '../errors.ts';
import type { Indication, Light, Moment } from './light.ts';

export interface LightsOptions {
	/** A light that failed is tried again this often, milliseconds. */
	retryMs: number;
}

export const lightsDefaults: LightsOptions = { retryMs: 5000 };

interface Entry {
	readonly light: Light;
	/** Null while it works. */
	failure: PhleboxError | null;
	/** When it is tried again. NaN: not known yet, for lack of a clock when it failed. */
	retryMs: number;
}

/**
 * All lights as one. One that fails is closed, counted, left out and tried again later; it stops neither the others nor
 * the vision loop: nothing here throws.
 */
export class Lights implements Light {
	readonly name: string;
	readonly #entries: readonly Entry[];
	readonly #options: LightsOptions;
	readonly #onChange: (light: Light, failure: PhleboxError | null) => void;
	#failures = 0;

	/** @param onChange called when a light fails, and with null when it works again */
	constructor(
		lights: readonly Light[],
		options: Partial<LightsOptions> = {},
		onChange: (light: Light, failure: PhleboxError | null) => void = () => {},
	) {
		this.name = lights.map((light) => light.name).join(', ') || 'no light';
		this.#entries = lights.map((light) => ({ light, failure: null, retryMs: Number.NaN }));
		this.#options = { ...lightsDefaults, ...options };
		this.#onChange = onChange;
	}

	/** Lights, working or not. */
	get count(): number {
		return this.#entries.length;
	}

	/** Lights that do not work now. */
	get failed(): number {
		let sum = 0;
		for (const entry of this.#entries) if (entry.failure !== null) sum++;
		return sum;
	}

	/** How often a light failed since the start; a retry that fails again is counted again. */
	get failures(): number {
		return this.#failures;
	}

	/** What is wrong with the light at `place`; null when nothing is. */
	failureOf(place: number): PhleboxError | null {
		return this.#entries[place]?.failure ?? null;
	}

	open(): void {
		for (const entry of this.#entries) this.#open(entry, Number.NaN);
	}

	show(indication: Indication, moment: Moment): void {
		for (let i = 0; i < this.#entries.length; i++) {
			const entry = this.#entries[i]!;
			if (entry.failure !== null && !this.#retry(entry, moment.nowMs)) continue;
			try {
				entry.light.show(indication, moment);
			} catch (error) {
				this.#fail(entry, error, moment.nowMs);
			}
		}
	}

	dim(percent: number): void {
		for (const { light } of this.#entries) light.dim(percent);
	}

	close(): void {
		for (const { light } of this.#entries) closeQuietly(light);
	}

	#retry(entry: Entry, nowMs: number): boolean {
		if (Number.isNaN(entry.retryMs)) entry.retryMs = nowMs + this.#options.retryMs;
		return nowMs >= entry.retryMs && this.#open(entry, nowMs);
	}

	#open(entry: Entry, nowMs: number): boolean {
		try {
			entry.light.open();
		} catch (error) {
			this.#fail(entry, error, nowMs);
			return false;
		}
		if (entry.failure !== null) {
			entry.failure = null;
			this.#tell(entry);
		}
		return true;
	}

	#fail(entry: Entry, error: unknown, nowMs: number): void {
		this.#failures++;
		entry.failure =
			error instanceof PhleboxError
				? error
				: new PhleboxError('light-failed', `${entry.light.name}: ${messageOf(error)}`, { cause: error });
		entry.retryMs = nowMs + this.#options.retryMs;
		// A light that cannot show the present must not go on showing the past.
		closeQuietly(entry.light);
		this.#tell(entry);
	}

	#tell(entry: Entry): void {
		try {
			this.#onChange(entry.light, entry.failure);
		} catch {
			// Whoever listens must not stop the lights.
		}
	}
}

function closeQuietly(light: Light): void {
	try {
		light.close();
	} catch {
		// It is being given up, or the box stops: what failed has been or will be said by open and show.
	}
}
