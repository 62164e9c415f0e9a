import type { ExamRecord } from '../exam/record.ts';
import { Confusion } from './confusion.ts';
import type { JudgedFrame } from './judgedFrame.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Recording } from './recordingSet.ts';
import { Reliability } from './reliability.ts';
import { type Span, Timeline } from './timeline.ts';

/** All that is kept of a recording once it was played. */
export interface JudgedRecording {
	recording: Recording;
	outcome: Outcome;
	frames: number;
	/** Frames on which the light said *don't know*, or that the scan is frozen. */
	dontKnow: number;
	/** Frames without an answer of the network: the scene was not live. */
	unanswered: number;
	/** The scenes of these, with their frames. */
	unansweredScenes: Map<string, number>;
	/** Frames with the right landmark and, unless truly `closing`, the right vein state. */
	right: number;
	/** Truly closed frames, and on how many of them the landmark was right. */
	closed: number;
	closedWithLandmark: number;
	landmark: Confusion;
	vein: Confusion;
	/** Of fresh images: a repeat is no answer of its own. */
	landmarkReliability: Reliability;
	veinReliability: Reliability;
	spans: readonly Span[];
}

/** Counts a recording's frames while it plays. A frame that repeats the one before has the answer of the one before. */
export class RecordingJudge {
	readonly #timeline = new Timeline();
	readonly #counted: Omit<JudgedRecording, 'recording' | 'outcome' | 'spans'> = {
		...{ frames: 0, dontKnow: 0, unanswered: 0, right: 0, closed: 0, closedWithLandmark: 0 },
		unansweredScenes: new Map(),
		landmark: new Confusion(),
		vein: new Confusion(),
		landmarkReliability: new Reliability(),
		veinReliability: new Reliability(),
	};

	frame(frame: JudgedFrame): void {
		const { truth, said, answer, guidance } = frame;
		const counted = this.#counted;
		counted.frames++;
		if (guidance === 'dont-know' || guidance === 'frozen') counted.dontKnow++;
		if (!answer) {
			counted.unanswered++;
			counted.unansweredScenes.set(frame.scene, (counted.unansweredScenes.get(frame.scene) ?? 0) + 1);
		}
		counted.landmark.add(truth.landmark, said.landmark);
		counted.vein.add(truth.vein, said.vein);
		const landmarkRight = said.landmark === truth.landmark;
		const veinRight = said.vein === truth.vein;
		if (landmarkRight && (veinRight || truth.vein === 'closing')) counted.right++;
		if (truth.vein === 'closed') {
			counted.closed++;
			if (landmarkRight) counted.closedWithLandmark++;
		}
		if (answer && frame.fresh) {
			counted.landmarkReliability.add(answer.landmarkConfidence, landmarkRight);
			counted.veinReliability.add(answer.veinConfidence, veinRight);
		}
		this.#timeline.add(frame.timeMs, {
			trueLandmark: truth.landmark,
			trueVein: truth.vein,
			saidLandmark: said.landmark,
			saidVein: said.vein,
			guidance,
		});
	}

	/** @param records all that the exam recorded, the end of the examination included */
	end(recording: Recording, records: readonly ExamRecord[]): JudgedRecording {
		return {
			recording,
			outcome: outcomeOf(recording.expected, records),
			...this.#counted,
			spans: this.#timeline.end(),
		};
	}
}
