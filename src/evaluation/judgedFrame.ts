import type { VeinState } from '../exam/observation.ts';
import type { Answer } from '../inference/visionModel.ts';
import type { Label } from './recordingSet.ts';

/** One delivered frame: what is true of it and what was said. `said` and `answer` are overwritten by the next. */
export interface JudgedFrame {
	/** Place in the recording, from 0. */
	frame: number;
	/** Since the beginning of the recording. */
	timeMs: number;
	truth: Label;
	/** The most probable classes; of a repeated image those of the image before, `none` where the scene is not live. */
	said: { landmark: string; vein: VeinState };
	/** What the network said last; null where the scene is not live. */
	answer: Readonly<Answer> | null;
	/** The network judged this very frame. */
	fresh: boolean;
	scene: string;
	/** What the light said. */
	guidance: string;
}
