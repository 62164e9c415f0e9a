import { type Frame, frameBytes, type PixelFormat } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource, Pull } from '../capture/frameSource.ts';
import { readClock } from '../vision/turnClock.ts';

/** Frames that already lie in the frame memory, one a slot, given in turn without waiting: for measuring what follows. */
export class MemorySource implements FrameSource {
	readonly name = 'frames in memory';
	readonly #pull: Pull;
	readonly #fill: (slot: number, bytes: Uint8Array) => void;
	readonly #frames: number;
	readonly #clock = new Float64Array(1);
	#memory: FrameMemory | null = null;

	/**
	 * @param frames how many the source gives before it ends
	 * @param fill writes the picture of a slot: rows of `width` pixels without padding
	 */
	constructor(
		shape: { width: number; height: number; pixelFormat: PixelFormat },
		frames: number,
		fill: (slot: number, bytes: Uint8Array) => void,
	) {
		const { width, height, pixelFormat } = shape;
		const stride = pixelFormat === 'YUYV' || pixelFormat === 'UYVY' ? 2 * width : width;
		const byteLength = frameBytes(pixelFormat, stride, height);
		const frame: Frame = { width, height, pixelFormat, stride, offset: 0, byteLength, sequence: -1, timestampMs: 0 };
		this.#pull = { kind: 'frame', frame, signal: 'ok', detail: '' };
		this.#frames = frames;
		this.#fill = fill;
	}

	open(memory: FrameMemory): void {
		const { byteLength } = this.#pull.frame;
		for (let slot = 0; slot < memory.slots; slot++) {
			const offset = memory.slotOffset(slot);
			this.#fill(slot, memory.bytes.subarray(offset, offset + byteLength));
		}
		this.#memory = memory;
	}

	next(): Pull {
		const { frame } = this.#pull;
		if (!this.#memory || frame.sequence + 1 >= this.#frames) {
			this.#pull.kind = 'end';
			return this.#pull;
		}
		frame.sequence++;
		frame.offset = this.#memory.slotOffset(frame.sequence % this.#memory.slots);
		readClock(this.#clock, 0);
		frame.timestampMs = this.#clock[0]!;
		return this.#pull;
	}

	close(): void {
		this.#memory = null;
	}
}
