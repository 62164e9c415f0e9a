import type { Frame, Roi } from '../capture/frame.ts';
import { siteOutcome } from '../exam/examination.ts';
import type { Observation } from '../exam/observation.ts';
import type { ExamState } from '../exam/state.ts';
import { createDeadline, stepDeadline } from './frameDeadline.ts';
import { latencyBounds, type StatusBoard } from './statusBoard.ts';
import { place, type TurnTimes } from './turnTimes.ts';

/** The vision thread's hand on the status board. Writes plain numbers; allocates nothing. */
export class BoardWriter {
	readonly #board: StatusBoard;
	readonly #deadline = createDeadline();

	constructor(board: StatusBoard) {
		this.#board = board;
	}

	/** The sign of life that the watchdog looks for. */
	beat(): void {
		this.#board.setToNow('heartbeatMs');
	}

	/** What this turn saw and says. */
	describe(observation: Observation, exam: ExamState): void {
		const board = this.#board;
		board.signal = observation.signal;
		board.scene = observation.scene;
		board.landmark = observation.landmark;
		board.vein = observation.vein;
		board.side = exam.side;
		board.phase = exam.phase;
		board.set('landmarkConfidence', observation.landmarkConfidence);
		board.set('veinConfidence', observation.veinConfidence);
		board.set('examination', exam.examination);
		for (let place = 0; place < exam.sites.length; place++) board.setSiteOutcome(place, siteOutcome(exam, place));
		board.say(exam.step.guidance, exam.step.site, exam.step.expiresMs);
	}

	/**
	 * A frame has been on its whole way.
	 * @param roi the scan area, or null without one; @param times of this turn
	 */
	countFrame(frame: Frame, observation: Observation, roi: Roi | null, { ms }: TurnTimes): void {
		const board = this.#board;
		const deadline = this.#deadline;
		count(board.histogram, ms, place.whole);
		for (let at = 0; at < board.stageHistograms.length; at++) count(board.stageHistograms[at]!, ms, at);
		board.set('lastLatencyMs', ms[place.whole]!);
		board.set('frames', board.get('frames') + 1);
		board.set(observation.repeated ? 'repeats' : 'images', board.get(observation.repeated ? 'repeats' : 'images') + 1);
		if (frame.sequence > deadline.sequence + 1)
			board.set('dropped', board.get('dropped') + frame.sequence - deadline.sequence - 1);
		stepDeadline(deadline, frame, ms, place.whole, board.missRuns);
		board.set('misses', deadline.misses);
		board.set('missRun', deadline.run);
		board.set('frameMs', frame.timestampMs);
		board.set('frameWidth', frame.width);
		board.set('frameHeight', frame.height);
		board.set('roiX', roi?.x ?? 0);
		board.set('roiY', roi?.y ?? 0);
		board.set('roiWidth', roi?.width ?? 0);
		board.set('roiHeight', roi?.height ?? 0);
	}
}

/** Counts a time in its bucket; one that is no number, a stage not passed, in none. The cell, not the time, is given. */
function count(histogram: Int32Array, ms: Float64Array, at: number): void {
	if (Number.isNaN(ms[at]!)) return;
	let bucket = 0;
	while (bucket < latencyBounds.length && ms[at]! > latencyBounds[bucket]!) bucket++;
	histogram[bucket]!++;
}
