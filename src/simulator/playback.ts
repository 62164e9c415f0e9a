import type { Frame, Roi } from '../capture/frame.ts';
import { createFrameMemory, type FrameMemory } from '../capture/frameMemory.ts';
import { CaptureRule } from './captureRule.ts';
import type { RecordingPlan } from './recordingPlan.ts';
import { SimulatorSource } from './simulatorSource.ts';
import type { Truth } from './truth.ts';

/** Frame memory for the largest of the given screens, grey. */
export function memoryFor(sizes: readonly (readonly [number, number])[]): FrameMemory {
	return createFrameMemory(1, Math.max(...sizes.map(([width, height]) => width * height)));
}

/** One delivered frame of a recording that is being made; overwritten by the next. */
export interface PlayedFrame {
	frame: Frame;
	fresh: boolean;
	truth: Truth;
	/** Since the start of the recording, milliseconds. */
	timeMs: number;
}

/** A recording as it is made: its frames one by one, and its outcome when they are through. */
export class Playback {
	readonly roi: Roi;
	readonly #source: SimulatorSource;
	readonly #plan: RecordingPlan;
	readonly #rule = new CaptureRule();
	readonly #hdmiHz: number;

	constructor(plan: RecordingPlan, memory: FrameMemory) {
		this.#plan = plan;
		this.#hdmiHz = plan.hdmiHz;
		this.#source = new SimulatorSource({ ...plan, pace: 'fast', pixelFormat: 'GREY' });
		this.#source.open(memory);
		this.roi = { ...this.#source.roi! };
	}

	*frames(): Generator<PlayedFrame> {
		const source = this.#source;
		const played: PlayedFrame = { frame: source.next(0).frame, fresh: false, truth: source.truth, timeMs: 0 };
		do {
			played.fresh = source.fresh;
			played.timeMs = (played.frame.sequence * 1000) / this.#hdmiHz;
			if (played.fresh || source.truth.frozen) this.#rule.see(source.truth, played.timeMs);
			yield played;
		} while (source.next(0).kind === 'frame');
		source.close();
	}

	get expected(): { landmark: 'sfj' | 'fv' | 'none'; outcome: 'captured' | 'not-captured' } {
		const { landmark } = this.#plan;
		return { landmark, outcome: landmark === 'none' ? 'not-captured' : this.#rule.outcome(landmark) };
	}
}
