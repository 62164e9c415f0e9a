import type { SystemCalls } from '../systemCalls.ts';
import { constants, offsets, structBytes } from './ioctls.ts';

const at = offsets.buffer;

/**
 * struct v4l2_buffer, in the single-planar API or, with the one plane that it then points to, in the multi-planar one.
 * Reused from call to call; reading it allocates nothing.
 */
export class BufferStruct {
	/** As an argument of ioctl. */
	readonly bytes = new Uint8Array(structBytes.buffer);
	readonly #view = new DataView(this.bytes.buffer);
	/** Memory of its own, which the kernel is told the address of: it must not move. */
	readonly #plane = new DataView(new ArrayBuffer(structBytes.plane));
	readonly #planar: boolean;

	constructor(calls: SystemCalls, bufferType: number) {
		this.#planar = bufferType === constants.BUF_TYPE_VIDEO_CAPTURE_MPLANE;
		this.#view.setUint32(at.type, bufferType, true);
		this.#view.setUint32(at.memory, constants.MEMORY_MMAP, true);
		if (!this.#planar) return;
		const address = calls.addressOf(new Uint8Array(this.#plane.buffer));
		this.#view.setBigUint64(at.planes, BigInt(address), true);
		this.#view.setUint32(at.length, 1, true);
	}

	get index(): number {
		return this.#view.getUint32(at.index, true);
	}

	set index(index: number) {
		this.#view.setUint32(at.index, index, true);
	}

	get flags(): number {
		return this.#view.getUint32(at.flags, true);
	}

	get sequence(): number {
		return this.#view.getUint32(at.sequence, true);
	}

	/** Bytes of the frame, from `frameOffset` on. */
	get bytesUsed(): number {
		if (!this.#planar) return this.#view.getUint32(at.bytesused, true);
		return this.#plane.getUint32(offsets.plane.bytesused, true) - this.frameOffset;
	}

	/** Where in the buffer the frame begins. */
	get frameOffset(): number {
		return this.#planar ? this.#plane.getUint32(offsets.plane.dataOffset, true) : 0;
	}

	/** Bytes of the whole buffer, and where mmap finds it. */
	get byteLength(): number {
		return this.#planar ? this.#plane.getUint32(offsets.plane.length, true) : this.#view.getUint32(at.length, true);
	}

	get mapOffset(): number {
		return this.#planar ? this.#plane.getUint32(offsets.plane.offset, true) : this.#view.getUint32(at.offset, true);
	}

	/** The kernel's time, milliseconds on CLOCK_MONOTONIC; NaN where the driver stamps by another clock. */
	get timestampMs(): number {
		const monotonic = (this.flags & constants.BUF_FLAG_TIMESTAMP_MASK) === constants.BUF_FLAG_TIMESTAMP_MONOTONIC;
		if (!monotonic) return Number.NaN;
		// struct timeval, without a number too large to stay a plain one.
		const seconds = this.#view.getUint32(at.seconds, true) + this.#view.getUint32(at.seconds + 4, true) * 2 ** 32;
		return seconds * 1000 + this.#view.getUint32(at.microseconds, true) / 1000;
	}
}
