import type { Frame, Roi } from '../capture/frame.ts';
import { createFrameMemory } from '../capture/frameMemory.ts';
import { RecordingSource } from '../capture/recording/recordingSource.ts';
import { PhleboxError } from '../errors.ts';
import { SimdKernel } from '../inference/simdKernel.ts';
import { areaFault } from '../screen/configuredArea.ts';
import { type SceneResult, Screen } from '../screen/screen.ts';
import { screenDefaults } from '../screen/screenOptions.ts';

export interface PlayerOptions {
	/** The scan area [x, y, width, height], or null: the screen searches for it. */
	area: readonly [number, number, number, number] | null;
	/** Width and height of the network's input. */
	size: number;
	/** Frames a second in place of the video's own. */
	fps?: number;
}

/** A delivered frame of a video; overwritten by the next. */
export interface Played {
	/** Place in the video, from 0. */
	place: number;
	timeMs: number;
	frame: Frame;
	/** The whole memory that the frame lies in. */
	bytes: Uint8Array;
	/** What the box takes the screen for; `repeated` is judged on the network's input. */
	view: Readonly<SceneResult>;
}

/** A decoder may take its time. */
const frameDeadlineMs = 30_000;

/** A video as the box sees it, but without a network: frame by frame through the screen's judge and the pixel kernel. */
export class RecordingPlayer {
	readonly #options: PlayerOptions;
	readonly #file: string;
	readonly #source: RecordingSource;
	readonly #memory = createFrameMemory(1);
	readonly #kernel = new SimdKernel(this.#memory);
	readonly #input: number;
	readonly #image: Uint8Array;

	/** @param file .y4m, or whatever ffmpeg can decode */
	constructor(file: string, options: PlayerOptions) {
		const { size, fps } = options;
		this.#file = file;
		this.#options = options;
		this.#source = new RecordingSource({ file, pace: 'fast', ...(fps === undefined ? {} : { fps }) });
		this.#input = this.#memory.reserve(size * size * 4);
		const at = this.#memory.reserve(size * size);
		this.#image = this.#memory.bytes.subarray(at, at + size * size);
	}

	/** Of the video, once it plays. */
	get framesPerSecond(): number {
		return this.#source.framesPerSecond;
	}

	/**
	 * Every frame in turn.
	 * @throws PhleboxError file-not-found, not-a-video, video-truncated, ffmpeg-missing, roi-invalid
	 */
	*frames(): Generator<Played> {
		const { area, size } = this.#options;
		const screen = new Screen({ ...screenDefaults, area }, this.#memory, this.#kernel, size, size, this.#input);
		const source = this.#source;
		source.open(this.#memory);
		try {
			for (;;) {
				const { kind, frame, detail } = source.next(frameDeadlineMs);
				if (kind === 'end') break;
				if (kind !== 'frame') throw source.truncated ?? new PhleboxError('not-a-video', detail || this.#standsStill());
				if (frame.sequence === 0 && area) this.#check(area, frame);
				const timeMs = (frame.sequence * 1000) / source.framesPerSecond;
				yield { place: frame.sequence, timeMs, frame, bytes: this.#memory.bytes, view: screen.look(frame) };
			}
		} finally {
			source.close();
		}
	}

	/** The network's input of the present frame as bytes of luma; overwritten by the next. */
	image(): Uint8Array {
		this.#kernel.toBytes(this.#input, this.#image.byteOffset, this.#image.length);
		return this.#image;
	}

	#check(area: readonly number[], frame: Frame): void {
		const fault = areaFault(area, frame);
		if (fault !== '') throw new PhleboxError('roi-invalid', `${this.#file}: ${fault}`);
	}

	#standsStill(): string {
		return `${this.#file}: no frame for ${frameDeadlineMs / 1000} s`;
	}
}

/** @returns the scan area that the box finds on a video and keeps longest; null where it finds none */
export function findArea(file: string, fps?: number): Roi | null {
	const player = new RecordingPlayer(file, { area: null, size: 128, ...(fps === undefined ? {} : { fps }) });
	const held = new Map<string, { roi: Roi; frames: number }>();
	for (const { view } of player.frames()) {
		if (view.roi === null) continue;
		const { x, y, width, height } = view.roi;
		const key = [x, y, width, height].join();
		const area = held.get(key) ?? { roi: { x, y, width, height }, frames: 0 };
		held.set(key, area);
		// Steady for so long it will not get better.
		if (++area.frames >= 5 * player.framesPerSecond) break;
	}
	const [best] = [...held.values()].sort((a, b) => b.frames - a.frames);
	return best?.roi ?? null;
}
