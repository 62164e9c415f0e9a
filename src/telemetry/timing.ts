import type { z } from 'zod';
import { longestRunCounted } from '../vision/frameDeadline.ts';
import { type StatusBoard, timingParts } from '../vision/statusBoard.ts';
import { stages } from '../vision/turnTimes.ts';
import { countedSince, type LatencyFigures, latencyOf } from './latency.ts';
import type { stageFigures } from './messages/fields.ts';

/** The box's own timing of its frames, measured in the vision thread. */
export interface Timing {
	/** Frames that reached the light later than one frame time after their capture. */
	misses: number;
	/** Most of them in a row; `longestRunCounted` stands for that and more. */
	longestMissRun: number;
	/** From the kernel's timestamp to the light; null without frames. */
	latency: LatencyFigures | null;
	/** The same by stage; null for a stage that no frame passed. */
	stages: z.infer<typeof stageFigures>;
}

/** Timing since a moment, over restarts of the vision thread (then since the restart). */
export class TimingWindow {
	#board: StatusBoard | null = null;
	#before = new Int32Array();
	#missesBefore = 0;

	/** Begins anew. Null while no vision thread runs. */
	begin(board: StatusBoard | null): void {
		this.#board = board;
		this.#before = board ? board.timing.slice() : new Int32Array();
		this.#missesBefore = board?.get('misses') ?? 0;
	}

	figures(board: StatusBoard): Timing {
		const known = board === this.#board;
		const now = board.timing.slice();
		const counts = timingParts(known ? countedSince(this.#before, now) : now);
		const misses = board.get('misses');
		// A counter that is smaller was begun anew.
		const since = known && misses >= this.#missesBefore ? misses - this.#missesBefore : misses;
		return {
			misses: since,
			// A run that goes on may have begun before the window did.
			longestMissRun: Math.max(
				counts.missRuns.findLastIndex((count) => count > 0),
				Math.min(board.get('missRun'), since, longestRunCounted),
				0,
			),
			latency: latencyOf(counts.whole),
			stages: Object.fromEntries(stages.map((stage, at) => [stage, latencyOf(counts.stages[at]!)])) as Timing['stages'],
		};
	}
}
