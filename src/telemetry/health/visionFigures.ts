import { monotonicMs } from '../../clock.ts';
import type { StatusBoard } from '../../vision/statusBoard.ts';
import type { Health } from '../messages/health.ts';
import { TimingWindow } from '../timing.ts';

const counters = ['frames', 'images', 'repeats', 'dropped'] as const;
type Counts = Record<(typeof counters)[number], number>;

/** What the vision thread did since the last look, from its status board. */
export class VisionFigures {
	#board: StatusBoard | null = null;
	#before: Counts = zero();
	readonly #timing = new TimingWindow();

	look(board: StatusBoard | null): Health['vision'] {
		const before = board === this.#board ? this.#before : zero();
		const timing = board ? this.#timing.figures(board) : null;
		this.#board = board;
		this.#timing.begin(board);
		if (!board || !timing) return null;
		this.#before = Object.fromEntries(counters.map((name) => [name, board.get(name)])) as Counts;
		const since = Object.fromEntries(
			// A counter that is smaller was begun anew.
			counters.map((name) => {
				const now = this.#before[name];
				return [name, now < before[name] ? now : now - before[name]];
			}),
		) as Counts;
		const guidance = board.validGuidance(monotonicMs());
		return { signal: board.signal, scene: board.scene, guidance, ...since, ...timing };
	}
}

function zero(): Counts {
	return { frames: 0, images: 0, repeats: 0, dropped: 0 };
}
