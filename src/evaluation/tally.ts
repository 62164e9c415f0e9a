import type { Observation } from '../exam/observation.ts';
import type { ExamRecord } from '../exam/record.ts';
import type { Label, Recording } from './recordingSet.ts';
import { type Counts, count, macroF1, noCounts, type Scores, scores } from './scores.ts';

/** What `phlebox evaluate` finds; `--json` writes exactly this. */
export interface Evaluation {
	landmarkMacroF1: number;
	/** Of closed against not closed by frame; frames labelled `closing` count neither way. */
	closedF1: number;
	/** By recording: captured at the expected landmark, or not. */
	fullyCompresses: Scores;
	/** Share of frames on which the light said *don't know*. */
	dontKnowShare: number;
	/** Frames a second of the whole way, reading the recordings included. */
	framesPerSecond: number;
	recordings: number;
	frames: number;
	model: { name: string; version: string; sha256: string };
	/** By recording, for looking into what went wrong. */
	perRecording: { id: string; kind: string | null; expected: string; found: string; right: boolean }[];
}

/** Counts over frames and recordings. A frame that repeats the one before has the answer of the one before. */
export class Tally {
	readonly #landmarks = new Map<string, Counts>();
	readonly #closed = noCounts();
	readonly #compresses = noCounts();
	readonly #rows: Evaluation['perRecording'] = [];
	#frames = 0;
	#dontKnow = 0;

	constructor(landmarks: readonly string[]) {
		for (const landmark of landmarks) this.#landmarks.set(landmark, noCounts());
	}

	get frames(): number {
		return this.#frames;
	}

	/** @param answer what was answered, by the most probable class */
	frame(answer: Pick<Observation, 'landmark' | 'vein'>, label: Label, dontKnow: boolean): void {
		this.#frames++;
		if (dontKnow) this.#dontKnow++;
		if (!this.#landmarks.has(label.landmark)) this.#landmarks.set(label.landmark, noCounts());
		for (const [landmark, counts] of this.#landmarks)
			count(counts, answer.landmark === landmark, label.landmark === landmark);
		if (label.vein !== 'closing') count(this.#closed, answer.vein === 'closed', label.vein === 'closed');
	}

	/** @param records all that the exam recorded, the end of the examination included */
	recording({ id, kind, expected }: Recording, records: readonly ExamRecord[]): void {
		const captured = records.filter((record) => record.kind === 'site').map((record) => record.site.site);
		const found = captured.includes(expected.landmark);
		const elsewhere = captured.some((site) => site !== expected.landmark);
		count(this.#compresses, found, expected.outcome === 'captured');
		// Captured where it was not to be is a wrong `captured` of its own.
		if (elsewhere) count(this.#compresses, true, false);
		this.#rows.push({
			id,
			kind: kind ?? null,
			expected: `${expected.outcome} ${expected.landmark}`,
			found: captured.length === 0 ? 'not-captured' : `captured ${captured.join(', ')}`,
			right: found === (expected.outcome === 'captured') && !elsewhere,
		});
	}

	result(seconds: number, model: Evaluation['model']): Evaluation {
		return {
			landmarkMacroF1: macroF1(this.#landmarks.values()),
			closedF1: scores(this.#closed).f1,
			fullyCompresses: scores(this.#compresses),
			dontKnowShare: this.#frames === 0 ? 0 : this.#dontKnow / this.#frames,
			framesPerSecond: this.#frames / seconds,
			recordings: this.#rows.length,
			frames: this.#frames,
			model,
			perRecording: this.#rows,
		};
	}
}
