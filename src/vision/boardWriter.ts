import type { Frame, Roi } from '../capture/frame.ts';
import { siteOutcome } from '../exam/examination.ts';
import type { Observation } from '../exam/observation.ts';
import type { ExamState } from '../exam/state.ts';
import { latencyBounds, type StatusBoard } from './statusBoard.ts';
import { readClock } from './turnClock.ts';

/** The vision thread's hand on the status board. Writes plain numbers; allocates nothing. */
export class BoardWriter {
	readonly #board: StatusBoard;
	#sequence = Number.NaN;
	#frameMs = Number.NaN;
	/** When the lights had been told. */
	readonly #shownMs = new Float64Array(1);

	constructor(board: StatusBoard) {
		this.#board = board;
	}

	/** The sign of life that the watchdog looks for. */
	beat(): void {
		this.#board.setToNow('heartbeatMs');
	}

	/** The lights have been told of this turn. */
	shown(): void {
		readClock(this.#shownMs, 0);
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
		board.set('expiresMs', exam.step.expiresMs);
		board.site = exam.step.site;
		board.guidance = exam.step.guidance;
	}

	/** After `shown`. @param roi the scan area, or null without one */
	countFrame(frame: Frame, observation: Observation, roi: Roi | null): void {
		const board = this.#board;
		const latencyMs = this.#shownMs[0]! - frame.timestampMs;
		let bucket = 0;
		while (bucket < latencyBounds.length && latencyMs > latencyBounds[bucket]!) bucket++;
		board.histogram[bucket]!++;
		board.set('lastLatencyMs', latencyMs);
		board.set('frames', board.get('frames') + 1);
		board.set(observation.repeated ? 'repeats' : 'images', board.get(observation.repeated ? 'repeats' : 'images') + 1);
		// One frame time: the interval to the frame before. NaN compares false: the first frame misses nothing.
		if (frame.sequence === this.#sequence + 1 && latencyMs > frame.timestampMs - this.#frameMs)
			board.set('misses', board.get('misses') + 1);
		if (frame.sequence > this.#sequence + 1)
			board.set('dropped', board.get('dropped') + frame.sequence - this.#sequence - 1);
		this.#sequence = frame.sequence;
		this.#frameMs = frame.timestampMs;
		board.set('frameMs', frame.timestampMs);
		board.set('frameWidth', frame.width);
		board.set('frameHeight', frame.height);
		board.set('roiX', roi?.x ?? 0);
		board.set('roiY', roi?.y ?? 0);
		board.set('roiWidth', roi?.width ?? 0);
		board.set('roiHeight', roi?.height ?? 0);
	}
}
