import type { SignalState } from '../capture/signal.ts';
import { monotonicMs } from '../clock.ts';
import type { Guidance } from '../exam/guidance.ts';
import type { Side, SiteOutcome } from '../exam/record.ts';
import type { Phase } from '../exam/state.ts';
import type { Scene } from '../screen/scene.ts';
import type { StatusBoard } from '../vision/statusBoard.ts';
import { noFreshResult, trouble } from './trouble.ts';

/** What the display page and GET /api/state get. Holds nothing of the screen outside the scan area. */
export interface PageState {
	guidance: Guidance;
	/** The site the guidance speaks of, or null. */
	site: string | null;
	/** For how long the guidance still holds, milliseconds; 0 when it has expired: then it is `dont-know`. */
	validForMs: number;
	signal: SignalState;
	scene: Scene;
	/** What stands between the nurse and a judgement, in plain words, or null. */
	trouble: string | null;
	/** The site whose landmark is in view, or null. */
	landmark: string | null;
	phase: Phase;
	examination: number;
	side: Side;
	/** The checklist, in the protocol's order. */
	sites: { site: string; outcome: SiteOutcome | null }[];
	/** Frames since the vision thread started, and the last frame's way from capture to light. */
	frames: number;
	images: number;
	latencyMs: number;
	frameWidth: number;
	frameHeight: number;
	/** The scan area in the frame, or null. */
	roi: { x: number; y: number; width: number; height: number } | null;
	/** Number of the newest preview; 0 while there is none. */
	preview: number;
}

/** Reads the board at one moment. An expired guidance is read as `dont-know`, whatever stands there. */
export function readPageState(board: StatusBoard, nowMs: number = monotonicMs()): PageState {
	const leftMs = board.get('expiresMs') - nowMs;
	const { said } = board;
	// A time that is no number has expired.
	const validForMs = leftMs > 0 ? leftMs : 0;
	const starting = board.get('frames') === 0 && board.guidanceOf(said) === 'starting';
	const live = validForMs > 0;
	const guidance = live || starting ? board.guidanceOf(said) : 'dont-know';
	return {
		guidance,
		site: live ? board.siteOf(said) : null,
		validForMs,
		signal: board.signal,
		scene: board.scene,
		trouble: live || starting ? trouble(guidance, board.signal, board.scene, board.phase) : noFreshResult,
		landmark: live ? board.landmark : null,
		phase: board.phase,
		examination: board.get('examination'),
		side: board.side,
		sites: board.sites.map((site, place) => ({ site, outcome: board.siteOutcome(place) })),
		frames: board.get('frames'),
		images: board.get('images'),
		latencyMs: board.get('lastLatencyMs'),
		frameWidth: board.get('frameWidth'),
		frameHeight: board.get('frameHeight'),
		roi:
			board.get('roiWidth') > 0
				? {
						x: board.get('roiX'),
						y: board.get('roiY'),
						width: board.get('roiWidth'),
						height: board.get('roiHeight'),
					}
				: null,
		preview: board.get('previewSequence'),
	};
}
