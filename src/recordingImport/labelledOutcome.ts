import { PhleboxError } from '../errors.ts';
import type { Label, Recording } from '../evaluation/recordingSet.ts';
import { noLandmark } from '../exam/observation.ts';
import { CaptureRule } from '../simulator/captureRule.ts';

/** What its owner says of a recording; the rest follows from the labels. */
export interface Said {
	landmark?: string;
	outcome?: 'captured' | 'not-captured';
}

/** What is to come of a recording, by its labels and the rule of the examination. */
export class LabelledOutcome {
	readonly #rule = new CaptureRule();
	readonly #frames = new Map<string, number>();

	/**
	 * The next frame. Repeats prove nothing and add no time, as in the examination itself.
	 * @param view what the box takes the screen for
	 */
	see({ landmark, vein }: Label, timeMs: number, view: { repeated: boolean; scene: string }): void {
		if (landmark !== noLandmark) this.#frames.set(landmark, (this.#frames.get(landmark) ?? 0) + 1);
		const frozen = view.scene === 'frozen';
		if (!view.repeated || frozen) this.#rule.see({ landmark, vein, frozen }, timeMs);
	}

	/** @throws PhleboxError bad-usage where labels and owner contradict each other, or one landmark is not enough */
	expected({ landmark, outcome }: Said): Recording['expected'] {
		const captured = [...this.#frames.keys()].filter((each) => this.#rule.outcome(each) === 'captured');
		if (landmark !== undefined && outcome !== undefined) return checked({ landmark, outcome });
		const elsewhere = captured.find((each) => each !== (landmark ?? captured[0]));
		if (elsewhere !== undefined)
			throw new PhleboxError(
				'bad-usage',
				`by its labels ${captured.join(' and ')} ${captured.length > 1 ? 'are' : 'is'} captured${landmark === undefined ? '' : `, not ${landmark} alone`}; a recording is of one landmark: import its parts, or give --landmark and --outcome`,
			);
		const mostFrames = [...this.#frames].sort(([, a], [, b]) => b - a)[0]?.[0];
		const place = landmark ?? captured[0] ?? mostFrames ?? noLandmark;
		return checked({ landmark: place, outcome: outcome ?? this.#rule.outcome(place) });
	}
}

function checked(expected: Recording['expected']): Recording['expected'] {
	if (expected.landmark === noLandmark && expected.outcome === 'captured')
		throw new PhleboxError('bad-usage', `landmark ${noLandmark} cannot be captured; give --landmark`);
	return expected;
}
