import type { Guidance } from '../exam/guidance.ts';

/** What is to be shown: the guidance, which site it speaks of, and until when it holds. Reused from turn to turn. */
export interface Indication {
	guidance: Guidance;
	/** The site in view or being examined or, for `searching`, the next to look for; null when there is none. */
	site: string | null;
	/** Shown until this moment on the monotonic clock, then `dont-know`. */
	expiresMs: number;
}

/**
 * Port: something that shows the indication. Called in the vision thread at every turn; a light acts only when what it
 * shows must change or its expiry must be renewed. A light that fails does not stop the others or the exam.
 */
export interface Light {
	/** For logs and doctor, such as `led /sys/class/leds/phlebox:green`. */
	readonly name: string;
	/** @throws PhleboxError light-failed, when it is not there or may not be written */
	open(): void;
	/** @param nowMs monotonic */
	show(indication: Indication, nowMs: number): void;
	/** Ends dark (or at *don't know* where a light cannot be dark). */
	close(): void;
}
