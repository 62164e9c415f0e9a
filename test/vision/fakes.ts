import type { Frame } from '../../src/capture/frame.ts';
import type { FrameMemory } from '../../src/capture/frameMemory.ts';
import type { FrameSource, Pull } from '../../src/capture/frameSource.ts';
import type { SignalState } from '../../src/capture/signal.ts';
import type { Observation } from '../../src/exam/observation.ts';
import type { Indication, Light } from '../../src/indicator/light.ts';
import type { Answer, Interval, VisionModel } from '../../src/inference/visionModel.ts';
import type { Scene } from '../../src/screen/scene.ts';
import type { ScreenPart } from '../../src/vision/loop.ts';

/** One turn as a test writes it; what is left out is a fresh live frame 40 ms after the one before. */
export interface Turn {
	kind?: Pull['kind'];
	signal?: SignalState;
	scene?: Scene;
	repeated?: boolean;
	/** The scan area is another than before. */
	changed?: boolean;
	answer?: Pick<Observation, 'landmark' | 'vein'>;
	/** Frames come, but no screen is in them. */
	snow?: boolean;
	/** Frames lost before this one. */
	lost?: number;
}

export const answers = {
	open: { landmark: 'sfj', vein: 'open' },
	closed: { landmark: 'sfj', vein: 'closed' },
	none: { landmark: 'none', vein: 'none' },
} as const;

/** Source, screen, model and light that play a script: hardware the test does without. */
export class Script implements FrameSource, ScreenPart, VisionModel, Light {
	readonly name = 'script';
	readonly version = '1.0.0';
	readonly provider = 'none';
	readonly landmarks = ['sfj', 'fv'];
	readonly inputWidth = 8;
	readonly inputHeight = 8;
	readonly inputOffset = 0;
	readonly #roi = { x: 0, y: 0, width: 8, height: 8 };
	readonly intervals: number[] = [];
	readonly shown: Indication[] = [];
	resets = 0;
	#timeMs: number;
	#turn: Turn = {};
	readonly #turns: Turn[];
	readonly #frame: Frame;

	constructor(turns: readonly Turn[], startMs: number) {
		this.#turns = [...turns];
		this.#timeMs = startMs;
		const size = { width: 8, height: 8, stride: 8, offset: 0, byteLength: 64 };
		this.#frame = { ...size, pixelFormat: 'GREY', sequence: 0, timestampMs: 0 };
	}

	open(_memory?: FrameMemory): void {}

	next(): Pull {
		this.#turn = this.#turns.shift() ?? { kind: 'end' };
		const { kind = 'frame', signal = 'ok', lost = 0 } = this.#turn;
		this.#timeMs += 40;
		if (kind === 'frame') {
			this.#frame.sequence += 1 + lost;
			this.#frame.timestampMs = this.#timeMs;
		}
		return { kind, frame: this.#frame, signal, detail: '' };
	}

	look(): ReturnType<ScreenPart['look']> {
		const { scene = 'live', repeated = false, changed = false, snow = false } = this.#turn;
		return {
			scene,
			repeated,
			changed,
			lost: snow,
			reason: scene === 'live' ? '' : 'script',
			roi: scene === 'no-roi' ? null : this.#roi,
		};
	}

	run({ intervalMs }: Interval): Answer {
		this.intervals.push(intervalMs);
		const { landmark, vein } = this.#turn.answer ?? answers.none;
		const probabilities = new Float32Array(4);
		return {
			...{ landmark, vein, landmarkConfidence: 0.99, veinConfidence: 0.99 },
			...{ landmarkProbabilities: probabilities, veinProbabilities: probabilities },
		};
	}

	/** Of screen and model. */
	reset(): void {
		this.resets++;
	}

	show(indication: Indication): void {
		this.shown.push({ ...indication });
	}

	dim(): void {}

	close(): void {}
}
