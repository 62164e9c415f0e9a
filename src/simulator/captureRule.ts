import type { VeinState } from '../exam/observation.ts';

/** How long a vein must be shut without a break before its landmark counts as captured, milliseconds. */
export const captureMs = 200;

/** What is true of one image. */
export interface Seen {
	landmark: string;
	vein: VeinState;
	/** The picture stands. */
	frozen: boolean;
}

/**
 * Whether a landmark was captured, judged on the truth: in one pass it was open, then closed without a break for at least
 * `captureMs`, the landmark in view all the time, on live images.
 */
export class CaptureRule {
	readonly #captured = new Set<string>();
	#landmark = 'none';
	#open = false;
	#closedSince = Number.NaN;

	/** One fresh image. @param timeMs when it was taken */
	see(truth: Seen, timeMs: number): void {
		if (truth.landmark !== this.#landmark || truth.frozen || truth.landmark === 'none') {
			this.#landmark = truth.landmark;
			this.#open = false;
			this.#closedSince = Number.NaN;
		}
		if (truth.landmark === 'none' || truth.frozen) return;
		if (truth.vein === 'open') this.#open = true;
		if (truth.vein !== 'closed' || !this.#open) {
			this.#closedSince = Number.NaN;
			return;
		}
		if (Number.isNaN(this.#closedSince)) this.#closedSince = timeMs;
		if (timeMs - this.#closedSince >= captureMs) this.#captured.add(truth.landmark);
	}

	outcome(landmark: string): 'captured' | 'not-captured' {
		return this.#captured.has(landmark) ? 'captured' : 'not-captured';
	}
}
