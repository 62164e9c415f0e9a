import { type BootstrapOptions, bootstrap, bootstrapDefaults } from './bootstrap.ts';
import { type Classes, figuresOf, sumOf } from './figures.ts';
import type { Interval } from './interval.ts';
import type { Recording } from './recordingSet.ts';

type Ends = Interval | null;

/** 95% bootstrap intervals of the figures; null with fewer than two units. */
export interface Intervals {
	landmarkMacroF1: Ends;
	closedF1: Ends;
	fullyCompresses: { f1: Ends; precision: Ends; recall: Ends };
	dontKnowShare: Ends;
}

/** How the intervals were worked out. */
export interface IntervalMethod {
	level: number;
	method: 'bootstrap';
	/** What is drawn: recordings of one person are not independent. */
	by: 'recording' | 'subject';
	units: number;
	resamples: number;
	seed: number;
}

export interface CountedRecording {
	recording: Recording;
	row: Float64Array;
}

/** Rows of recordings that share a subject, added up; a recording without a subject stands for itself. */
function unitsOf(counted: readonly CountedRecording[], classes: Classes): Float64Array[] {
	const units = new Map<string, Float64Array[]>();
	for (const { recording, row } of counted) {
		const unit = recording.subject === undefined ? `recording ${recording.id}` : `subject ${recording.subject}`;
		units.set(unit, [...(units.get(unit) ?? []), row]);
	}
	return [...units.values()].map((rows) => sumOf(rows, classes));
}

export function intervalsOf(
	counted: readonly CountedRecording[],
	classes: Classes,
	options: BootstrapOptions = bootstrapDefaults,
): Intervals & { how: IntervalMethod } {
	const units = unitsOf(counted, classes);
	const [landmarkMacroF1, closedF1, f1, precision, recall, dontKnowShare] = bootstrap(
		units,
		(row) => {
			const { fullyCompresses: whole, ...figures } = figuresOf(row, classes);
			const { f1, precision, recall } = whole;
			return [figures.landmarkMacroF1, figures.closedF1, f1, precision, recall, figures.dontKnowShare];
		},
		options,
	) as [Ends, Ends, Ends, Ends, Ends, Ends];
	return {
		landmarkMacroF1,
		closedF1,
		fullyCompresses: { f1, precision, recall },
		dontKnowShare,
		how: {
			level: 0.95,
			method: 'bootstrap',
			by: units.length < counted.length ? 'subject' : 'recording',
			units: units.length,
			...options,
		},
	};
}
