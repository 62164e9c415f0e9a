import type { Shown } from './shown.ts';

/** What is to be shown: the guidance, which site it speaks of, and until when it holds. Reused from turn to turn. */
export interface Indication {
	guidance: Shown;
	/** The site in view or being examined or, for `searching`, the next to look for; null when there is none. */
	site: string | null;
	/** Shown until this moment on the monotonic clock, then `dont-know`. */
	expiresMs: number;
}

/**
 * The time, monotonic. In an object that is written anew at every turn: a number as an argument is allocated wherever the
 * engine does not inline the call.
 */
export interface Moment {
	readonly nowMs: number;
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
	/** Neither argument is kept: both are written anew at the next turn. */
	show(indication: Indication, moment: Moment): void;
	/**
	 * From the next `show` on this bright; also before `open`. A light that knows only on and off stays as it is.
	 * @param percent of the light's configured brightness, above 0, up to 100
	 */
	dim(percent: number): void;
	/** Ends dark (or at *don't know* where a light cannot be dark). */
	close(): void;
}
