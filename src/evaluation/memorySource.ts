import { type Frame, frameBytes, type PixelFormat } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource, Pull } from '../capture/frameSource.ts';
import { pause } from '../capture/pause.ts';
import { readClock } from '../vision/turnClock.ts';

/**
 * Frames that already lie in the frame memory, one a slot, given in turn: for measuring what follows. As fast as they are
 * asked for, or at the rate of a line, where whoever asks late is given the newest and misses those before it.
 */
export class MemorySource implements FrameSource {
	readonly name = 'frames in memory';
	readonly #pull: Pull;
	readonly #fill: (slot: number, bytes: Uint8Array) => void;
	readonly #frames: number;
	readonly #clock = new Float64Array(1);
	/** Between two frames of the line, milliseconds; 0: without waiting. */
	readonly #everyMs: number;
	/** When the next frame of the line is due. */
	readonly #due = new Float64Array(1);
	#memory: FrameMemory | null = null;

	/**
	 * @param frames how many the source gives before it ends
	 * @param fill writes the picture of a slot: rows of `width` pixels without padding
	 * @param hz frames a second of the line; 0 for as fast as they are asked for
	 */
	constructor(
		shape: { width: number; height: number; pixelFormat: PixelFormat },
		frames: number,
		fill: (slot: number, bytes: Uint8Array) => void,
		hz = 0,
	) {
		const { width, height, pixelFormat } = shape;
		const stride = pixelFormat === 'YUYV' || pixelFormat === 'UYVY' ? 2 * width : width;
		const byteLength = frameBytes(pixelFormat, stride, height);
		const frame: Frame = { width, height, pixelFormat, stride, offset: 0, byteLength, sequence: -1, timestampMs: 0 };
		this.#pull = { kind: 'frame', frame, signal: 'ok', detail: '' };
		this.#frames = frames;
		this.#fill = fill;
		this.#everyMs = hz > 0 ? 1000 / hz : 0;
	}

	/** The frame that is given next, in the memory it lies in. @throws TypeError before it is open */
	get laid(): { memory: FrameMemory; frame: Frame } {
		if (!this.#memory) throw new TypeError('the source is not open');
		return { memory: this.#memory, frame: this.#pull.frame };
	}

	open(memory: FrameMemory): void {
		const { byteLength } = this.#pull.frame;
		for (let slot = 0; slot < memory.slots; slot++) {
			const offset = memory.slotOffset(slot);
			this.#fill(slot, memory.bytes.subarray(offset, offset + byteLength));
		}
		readClock(this.#due, 0);
		this.#memory = memory;
	}

	next(): Pull {
		const { frame } = this.#pull;
		if (!this.#memory || frame.sequence + 1 >= this.#frames) {
			this.#pull.kind = 'end';
			return this.#pull;
		}
		frame.sequence++;
		readClock(this.#clock, 0);
		if (this.#everyMs > 0) this.#waitForLine(frame);
		else frame.timestampMs = this.#clock[0]!;
		frame.offset = this.#memory.slotOffset(frame.sequence % this.#memory.slots);
		return this.#pull;
	}

	/** Until the next frame is due; or on to the newest that has been. */
	#waitForLine(frame: Frame): void {
		const due = this.#due;
		const everyMs = this.#everyMs;
		for (; due[0]! + everyMs <= this.#clock[0]!; frame.sequence++) due[0]! += everyMs;
		while (this.#clock[0]! < due[0]!) {
			pause(Math.max(0, due[0]! - this.#clock[0]!));
			readClock(this.#clock, 0);
		}
		frame.timestampMs = due[0]!;
		due[0]! += everyMs;
	}

	close(): void {
		this.#memory = null;
	}
}
