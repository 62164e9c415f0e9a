import type { z } from 'zod';
import { latencyBounds, type StatusBoard } from '../vision/statusBoard.ts';
import type { latencyFigures } from './messages/fields.ts';

export type LatencyFigures = z.infer<typeof latencyFigures>;

/**
 * Percentiles of a histogram, as the upper bounds of the buckets they fall in: the truth is never worse than what is
 * said, but for the frames in `beyond`. Null without frames.
 * @param counts one a bound and one above the last
 */
export function latencyOf(counts: ArrayLike<number>, bounds: ArrayLike<number> = latencyBounds): LatencyFigures | null {
	const frames = Array.from(counts).reduce((sum, count) => sum + count, 0);
	if (frames === 0) return null;
	const last = bounds.length - 1;
	const bound = (share: number) => {
		// Nearest rank: the smallest bucket that has at least this share of the frames at or below it.
		let left = Math.ceil(share * frames);
		let place = 0;
		while (place < last && left > counts[place]!) left -= counts[place++]!;
		return Math.round(bounds[place]! * 100) / 100;
	};
	return { frames, p50Ms: bound(0.5), p99Ms: bound(0.99), maxMs: bound(1), beyond: counts[last + 1] ?? 0 };
}

/** What was counted since `before`. Counters may wrap at 32 bits; one that is smaller was begun anew. */
export function countedSince(before: Int32Array, now: Int32Array): Int32Array {
	const wrapped = now.map((count, place) => count - before[place]!);
	return wrapped.some((count) => count < 0) ? now.slice() : wrapped;
}

/** Frame-to-light times since a moment, over restarts of the vision thread (then since the restart). */
export class LatencyWindow {
	#board: StatusBoard | null = null;
	#before = new Int32Array();

	/** Begins anew. Null while no vision thread runs. */
	begin(board: StatusBoard | null): void {
		this.#board = board;
		this.#before = board ? board.histogram.slice() : new Int32Array();
	}

	figures(board: StatusBoard | null): LatencyFigures | null {
		if (!board) return null;
		const now = board.histogram.slice();
		return latencyOf(board === this.#board ? countedSince(this.#before, now) : now);
	}
}
