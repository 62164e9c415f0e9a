import type { SignalState } from '../capture/signal.ts';
import type { Scene } from '../screen/scene.ts';

/** The vein under the probe. `none`: not seen. */
export const veinStates = ['open', 'closing', 'closed', 'none'] as const;
export type VeinState = (typeof veinStates)[number];

/** The landmark that means that none is in view. All others come from the model's manifest. */
export const noLandmark = 'none';

/**
 * What one turn of the vision loop learned. Reused from turn to turn: whoever receives it copies what it keeps.
 * With `signal` other than `ok` or `scene` other than `live` the answers of the network are `none` with confidence 0.
 */
export interface Observation {
	/** Capture time of the frame on the monotonic clock; without a frame, now. Milliseconds. */
	timeMs: number;
	signal: SignalState;
	scene: Scene;
	/** The scan area is the same image as before: no new knowledge, adds no time. */
	repeated: boolean;
	/** `none` or one of the manifest's landmarks, such as `sfj`, `fv`. */
	landmark: string;
	/** Probability of `landmark`, 0..1. */
	landmarkConfidence: number;
	vein: VeinState;
	/** Probability of `vein`, 0..1. */
	veinConfidence: number;
}
