import { monotonicMs } from '../../clock.ts';
import type { StatusBoard } from '../../vision/statusBoard.ts';
import { LatencyWindow } from '../latency.ts';
import type { Health } from '../messages/health.ts';

const counters = ['frames', 'images', 'repeats', 'dropped', 'misses'] as const;
type Counts = Record<(typeof counters)[number], number>;

/** What the vision thread did since the last look, from its status board. */
export class VisionFigures {
	#board: StatusBoard | null = null;
	#before: Counts = zero();
	readonly #latency = new LatencyWindow();

	look(board: StatusBoard | null): Health['vision'] {
		const before = board === this.#board ? this.#before : zero();
		const latency = this.#latency.figures(board);
		this.#board = board;
		this.#latency.begin(board);
		if (!board) return null;
		this.#before = Object.fromEntries(counters.map((name) => [name, board.get(name)])) as Counts;
		const since = Object.fromEntries(
			// A counter that is smaller was begun anew.
			counters.map((name) => {
				const now = this.#before[name];
				return [name, now < before[name] ? now : now - before[name]];
			}),
		) as Counts;
		const guidance = board.get('expiresMs') > monotonicMs() ? board.guidance : 'dont-know';
		return { signal: board.signal, scene: board.scene, guidance, ...since, latency };
	}
}

function zero(): Counts {
	return { frames: 0, images: 0, repeats: 0, dropped: 0, misses: 0 };
}
