import type { VeinState } from '../exam/observation.ts';

/** Truth and answer while neither changed. */
export interface Span {
	/** Since the beginning of the recording, milliseconds; `toMs` is where the next one begins. */
	fromMs: number;
	toMs: number;
	trueLandmark: string;
	trueVein: VeinState;
	saidLandmark: string;
	saidVein: VeinState;
	/** What the light said. */
	guidance: string;
}

export type Moment = Omit<Span, 'fromMs' | 'toMs'>;

/** A recording as spans: a few dozen in place of hundreds of frames. */
export class Timeline {
	readonly spans: Span[] = [];
	#lastMs = 0;
	#periodMs = 0;

	/** The next frame. */
	add(timeMs: number, moment: Moment): void {
		this.#periodMs = this.spans.length === 0 ? 0 : timeMs - this.#lastMs;
		this.#lastMs = timeMs;
		const span = this.spans.at(-1);
		if (span) span.toMs = timeMs;
		if (span && same(span, moment)) return;
		const { trueLandmark, trueVein, saidLandmark, saidVein, guidance } = moment;
		this.spans.push({ fromMs: timeMs, toMs: timeMs, trueLandmark, trueVein, saidLandmark, saidVein, guidance });
	}

	/** The last frame lasts as long as the one before. */
	end(): readonly Span[] {
		const span = this.spans.at(-1);
		if (span) span.toMs = this.#lastMs + this.#periodMs;
		return this.spans;
	}
}

function same(a: Moment, b: Moment): boolean {
	return (
		a.trueLandmark === b.trueLandmark &&
		a.trueVein === b.trueVein &&
		a.saidLandmark === b.saidLandmark &&
		a.saidVein === b.saidVein &&
		a.guidance === b.guidance
	);
}
