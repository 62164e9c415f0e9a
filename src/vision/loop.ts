import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameSource, Pull } from '../capture/frameSource.ts';
import type { SignalState } from '../capture/signal.ts';
import { monotonicMs } from '../clock.ts';
import { advance } from '../exam/advance.ts';
import { noLandmark, type Observation } from '../exam/observation.ts';
import type { ExamRecord } from '../exam/record.ts';
import type { ExamState, ExamStep } from '../exam/state.ts';
import type { Indication, Light } from '../indicator/light.ts';
import { mayIdentify } from '../indicator/shown.ts';
import type { Answer, VisionModel } from '../inference/visionModel.ts';
import type { Scene } from '../screen/scene.ts';
import type { BoardWriter } from './boardWriter.ts';
import type { Preview } from './preview.ts';
import type { StageTimes } from './stageTimes.ts';
import type { ShadowWriter } from './standby/shadowFeed.ts';
import { readClock } from './turnClock.ts';
import { place, TurnTimes } from './turnTimes.ts';

/** What the loop needs of the screen (src/screen/screen.ts). */
export interface ScreenPart {
	/** Judges a frame and, where the scan area is known, leaves the network's input. The answer is reused. */
	look(frame: Frame): {
		readonly scene: Scene;
		readonly repeated: boolean;
		readonly changed: boolean;
		readonly roi: Roi | null;
		/** Why the scene is not live; empty where it is. */
		readonly reason: string;
		/** What comes in is no screen: the signal is lost although frames come. */
		readonly lost: boolean;
	};
	/** Frames were missing: what was seen before says nothing about what comes. */
	reset(): void;
}

/** The parts that the loop drives; each behind its port. */
export interface LoopParts {
	source: FrameSource;
	screen: ScreenPart;
	model: VisionModel;
	lights: Light;
	board: BoardWriter;
	preview: Preview;
	/** The exam's state and the spare one it writes into. */
	exam: ExamState;
	spare: ExamState;
	/** Told when the scene becomes another one, with the reason. Called seldom; must not wait. */
	sceneChanged?(scene: Scene, reason: string): void;
	/** Told when the signal becomes another one, or its cause does. Called seldom; must not wait. */
	signalChanged?(signal: SignalState, cause: string): void;
	/** Takes a record away to be stored. Called seldom; must not wait. */
	record(record: ExamRecord, exam: ExamState): void;
	/** The network broke at an image. True: another one is in its place, and the frame counts as not seen. */
	modelFailed?(error: unknown, nowMs: number): boolean;
	/** Keeps the times of every turn; for benchmarks. */
	stages?: StageTimes;
}

/**
 * The way from frame to light, one frame a turn: wait for a frame, look at the screen, run the network, advance the exam,
 * show the light, leave the status. Synchronous; a turn allocates nothing but records.
 *
 * Invariant: the light never shows more than the exam said of this very turn, and what it shows rests on an image whose
 * age the indication's expiry bounds.
 */
export class VisionLoop {
	readonly #parts: LoopParts;
	readonly #frameDeadlineMs: number;
	#exam: ExamState;
	#spare: ExamState;
	readonly #observation: Observation = {
		timeMs: 0,
		signal: 'ok',
		scene: 'no-roi',
		repeated: false,
		landmark: noLandmark,
		landmarkConfidence: 0,
		vein: 'none',
		veinConfidence: 0,
	};
	/** The network carries images it has seen: its state is not blank. */
	#remembers = false;
	/** What the network said last of the images it remembers. */
	#answer: Answer | null = null;
	/** Capture time of the last image that the network saw. */
	#imageMs = Number.NaN;
	#roi: Roi | null = null;
	/** What came in last was no screen at all. */
	#lost = false;
	/** As told last. */
	#scene: Scene | null = null;
	#reason = '';
	#signal: SignalState | null = null;
	#cause = '';
	readonly #clock = new Float64Array(1);
	/** Of the image that goes to the shadow: its time, and the time since the image before. */
	readonly #image = new Float64Array(2);
	readonly #times = new TurnTimes();
	/** What the lights and the model are told of the time; each is written anew. */
	readonly #moment = { nowMs: Number.NaN };
	readonly #interval = { intervalMs: Number.NaN };
	/** The last turn had a frame. */
	hadFrame = false;
	ended = false;

	constructor(parts: LoopParts, frameDeadlineMs: number) {
		this.#parts = parts;
		this.#frameDeadlineMs = frameDeadlineMs;
		this.#exam = parts.exam;
		this.#spare = parts.spare;
	}

	get exam(): ExamState {
		return this.#exam;
	}

	/** What the last turn saw; overwritten by the next. */
	get observation(): Readonly<Observation> {
		return this.#observation;
	}

	/** What the network said of the last fresh image; null where the scene is not live. Overwritten by the next. */
	get answer(): Readonly<Answer> | null {
		return this.#answer;
	}

	/** One turn; waits at most the frame deadline for a frame. */
	turn(): void {
		const { source, board } = this.#parts;
		const times = this.#times;
		times.begin();
		const pull = source.next(this.#frameDeadlineMs);
		if (pull.kind === 'frame') times.received(pull.frame);
		else times.resume();
		board.beat();
		this.hadFrame = pull.kind === 'frame';
		if (pull.kind === 'end') this.ended = true;
		this.#observe(pull);
		this.#show(advance(this.#exam, this.#observation, this.#spare));
		if (pull.kind === 'frame') times.shown(pull.frame);
		else times.resume();
		this.#account(pull);
		times.end(place.status);
		this.#parts.stages?.keep(times);
	}

	/**
	 * Changes the exam by one of its commands: `apply` writes the following state into its last argument.
	 * @param nowMs on the clock of the frames; recordings that are not played in real time have one of their own
	 */
	command(apply: (state: ExamState, nowMs: number, next: ExamState) => ExamStep, nowMs = monotonicMs()): void {
		this.#show(apply(this.#exam, nowMs, this.#spare));
	}

	/** Between two turns, or where a network has just broken: another one, which has seen nothing yet. */
	takeModel(model: VisionModel): void {
		this.#forget();
		this.#parts.model = model;
	}

	/** Images and answers go here as well, for a model that is tried beside; null: to nobody. */
	shadow: ShadowWriter | null = null;

	#observe(pull: Pull): void {
		const { screen } = this.#parts;
		const observation = this.#observation;
		observation.signal = pull.kind === 'signal' ? pull.signal : pull.kind === 'end' ? 'no-signal' : 'ok';
		if (pull.detail !== this.#cause || observation.signal !== this.#signal) this.#tellSignal(pull.detail);
		readClock(this.#clock, 0);
		observation.timeMs = this.#clock[0]!;
		observation.repeated = true;
		observation.landmark = noLandmark;
		observation.landmarkConfidence = 0;
		observation.vein = 'none';
		observation.veinConfidence = 0;
		if (pull.kind === 'frame') {
			observation.timeMs = pull.frame.timestampMs;
			const view = screen.look(pull.frame);
			this.#times.end(place.screen);
			this.#roi = view.roi;
			this.#lost = view.lost;
			if (view.lost) observation.signal = 'no-signal';
			// Another scan area is another picture: nothing seen in the old one goes on in it.
			observation.scene = view.changed && view.scene === 'live' ? 'layout-changed' : view.scene;
			observation.repeated = view.repeated;
			if (view.reason !== this.#reason || view.scene !== this.#scene) this.#tellScene(view.scene, view.reason);
			if (observation.scene !== 'live') this.#forget();
			else if (!view.repeated) this.#infer(pull.frame);
		} else if (pull.kind === 'idle') {
			// No frame yet is no news of a signal that was lost.
			if (this.#lost) observation.signal = 'no-signal';
		} else {
			this.#lost = false;
			this.#forget();
			screen.reset();
		}
	}

	#tellScene(scene: Scene, reason: string): void {
		this.#scene = scene;
		this.#reason = reason;
		this.#parts.sceneChanged?.(scene, reason);
	}

	#tellSignal(cause: string): void {
		this.#signal = this.#observation.signal;
		this.#cause = cause;
		this.#parts.signalChanged?.(this.#signal, cause);
	}

	#infer({ timestampMs: timeMs }: Frame): void {
		const { model } = this.#parts;
		const observation = this.#observation;
		this.#interval.intervalMs = this.#remembers ? timeMs - this.#imageMs : 0;
		let answer: Answer;
		try {
			answer = model.run(this.#interval);
		} catch (error) {
			if (!this.#parts.modelFailed?.(error, timeMs)) throw error;
			observation.repeated = true;
			return;
		}
		this.#times.end(place.network);
		this.#remembers = true;
		this.#answer = answer;
		this.#imageMs = timeMs;
		observation.landmark = answer.landmark;
		observation.landmarkConfidence = answer.landmarkConfidence;
		observation.vein = answer.vein;
		observation.veinConfidence = answer.veinConfidence;
		if (this.shadow) {
			this.#image[0] = timeMs;
			this.#image[1] = this.#interval.intervalMs;
			this.shadow.offer(answer, this.#image);
		}
	}

	#forget(): void {
		if (!this.#remembers) return;
		this.#parts.model.reset();
		this.#remembers = false;
		this.#answer = null;
	}

	/** The lights say until then which box this is, while the exam waits; monotonic, milliseconds. */
	identifyUntilMs = Number.NEGATIVE_INFINITY;
	readonly #identify: Indication = { guidance: 'identify', site: null, expiresMs: Number.NaN };

	/** Rests on this very turn, as all that is shown does: a loop that stands goes dark in this state too. */
	#identifies(step: ExamStep): boolean {
		const { nowMs } = this.#moment;
		if (!(nowMs < this.identifyUntilMs) || !mayIdentify(step.guidance, this.#exam.phase === 'running')) return false;
		this.#identify.expiresMs = nowMs + this.#exam.protocol.resultMs;
		return true;
	}

	#show(step: ExamStep): void {
		const before = this.#exam;
		this.#exam = this.#spare;
		this.#spare = before;
		readClock(this.#clock, 0);
		this.#moment.nowMs = this.#clock[0]!;
		this.#parts.lights.show(this.#identifies(step) ? this.#identify : step, this.#moment);
		for (let i = 0; i < step.records.length; i++) this.#parts.record(step.records[i]!, this.#exam);
	}

	/** Leaves what was seen on the board, and the scan area for the display page. */
	#account(pull: Pull): void {
		const { board, preview } = this.#parts;
		const observation = this.#observation;
		board.describe(observation, this.#exam);
		if (pull.kind === 'frame') {
			board.countFrame(pull.frame, observation, this.#roi, this.#times);
			// Only a fresh live image: in any other scene the area may hold what must not leave this thread.
			if (observation.scene === 'live' && !observation.repeated && this.#roi) preview.draw(pull.frame, this.#roi);
		}
	}
}
