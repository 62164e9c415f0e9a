import { constants as os } from 'node:os';
import type { FrameMemory } from '../frameMemory.ts';
import type { SystemCalls } from '../systemCalls.ts';
import { struct, type V4l2Device } from './device.ts';
import { constants, offsets } from './ioctls.ts';

const at = offsets.buffer;

interface DriverBuffer {
	/** Where the driver's memory is mapped. */
	address: number;
	byteLength: number;
}

/**
 * A device's buffers and the frames in them. The driver's memory is mapped over the slots of the frame memory, so that
 * what the driver writes is what the pixel kernel reads. Where that cannot be (or must not: `copy`), it is mapped
 * elsewhere and each frame is copied into a slot.
 *
 * After `stop` the slots are memory of their own again, all zeros: a view that is read too late reads nothing, and does
 * not kill the process.
 */
export class V4l2Stream {
	/** The frame that `take` has found: index of its buffer or -1, where it lies, and what the kernel says of it. */
	index = -1;
	offset = 0;
	sequence = 0;
	/** CLOCK_MONOTONIC, milliseconds; NaN where the driver stamps by another clock. */
	timestampMs = 0;
	/** Whether the driver had filled all the buffers it had: then it has dropped frames since, and this one may be old. */
	full = false;
	/** Frames that the driver marked as damaged, or that were not whole; whoever reads it may set it back. */
	damaged = 0;

	readonly #calls: SystemCalls;
	readonly #device: V4l2Device;
	readonly #memory: FrameMemory;
	readonly #frameBytes: number;
	readonly #base: number;
	readonly #buffers: DriverBuffer[] = [];
	readonly #dequeued = struct('buffer');
	readonly #queued = struct('buffer');
	#copying: boolean;
	#streaming = false;

	/** @param frameBytes bytes of a whole frame */
	constructor(calls: SystemCalls, device: V4l2Device, memory: FrameMemory, frameBytes: number, copy: boolean) {
		this.#calls = calls;
		this.#device = device;
		this.#memory = memory;
		this.#frameBytes = frameBytes;
		this.#copying = copy;
		this.#base = calls.addressOf(memory.bytes);
		for (const { view } of [this.#dequeued, this.#queued]) {
			view.setUint32(at.type, constants.BUF_TYPE_VIDEO_CAPTURE, true);
			view.setUint32(at.memory, constants.MEMORY_MMAP, true);
		}
	}

	/** Whether frames are copied out of the driver's memory. */
	get copying(): boolean {
		return this.#copying;
	}

	/** @throws SignalFault */
	start(buffers: number): void {
		const { bytes, view } = this.#requestBuffers(Math.min(buffers, this.#memory.slots));
		this.#device.call('REQBUFS', bytes);
		const granted = view.getUint32(offsets.requestbuffers.count, true);
		const places = Array.from({ length: granted }, (_, index) => this.#locate(index));
		const fits =
			granted <= this.#memory.slots && places.every(({ byteLength }) => byteLength <= this.#memory.slotBytes);
		this.#copying ||= !fits || !this.#mapOntoSlots(places);
		if (this.#copying) this.#mapElsewhere(places);
		for (let index = 0; index < granted; index++) this.#queue(index);
		this.#device.call('STREAMON', captureType);
		this.#streaming = true;
	}

	/**
	 * Takes the newest good frame there is and gives the others back to the driver. Waits for nothing. What was taken
	 * before is given back first.
	 * @returns whether there is a frame, in the fields of this object
	 * @throws SignalFault
	 */
	take(): boolean {
		const atDriver = this.#buffers.length - (this.index >= 0 ? 1 : 0);
		this.release();
		const { bytes, view } = this.#dequeued;
		let taken = 0;
		for (; taken < this.#buffers.length; taken++) {
			const result = this.#device.attempt('DQBUF', bytes);
			if (result === -os.errno.EAGAIN) break;
			if (result < 0) throw this.#device.fault('DQBUF', -result);
			const index = view.getUint32(at.index, true);
			const flags = view.getUint32(at.flags, true);
			if (flags & constants.BUF_FLAG_ERROR || view.getUint32(at.bytesused, true) < this.#frameBytes) {
				this.damaged++;
				this.#queue(index);
				continue;
			}
			this.release();
			this.index = index;
			this.sequence = view.getUint32(at.sequence, true);
			const monotonic = (flags & constants.BUF_FLAG_TIMESTAMP_MASK) === constants.BUF_FLAG_TIMESTAMP_MONOTONIC;
			this.timestampMs = monotonic ? timeMs(view) : Number.NaN;
		}
		this.full = atDriver > 1 && taken >= atDriver;
		if (this.index < 0) return false;
		this.#place();
		return true;
	}

	/** Gives the taken frame back to the driver: its memory changes from here on. */
	release(): void {
		if (this.index >= 0) this.#queue(this.index);
		this.index = -1;
	}

	/** Stops, and gives the slots memory of their own. Throws nothing: what the device refuses now does not matter. */
	stop(): void {
		if (this.#streaming) this.#device.attempt('STREAMOFF', captureType);
		this.#streaming = false;
		this.index = -1;
		this.#unmap();
		this.#device.attempt('REQBUFS', this.#requestBuffers(0).bytes);
	}

	/** In copy mode the frame goes into its slot here, whence the driver may fill its buffer again. */
	#place(): void {
		this.offset = this.#memory.slotOffset(this.index % this.#memory.slots);
		if (!this.#copying) return;
		this.#calls.copy(this.#base + this.offset, this.#buffers[this.index]!.address, this.#frameBytes);
		this.release();
	}

	#queue(index: number): void {
		this.#queued.view.setUint32(at.index, index, true);
		this.#device.call('QBUF', this.#queued.bytes);
	}

	#requestBuffers(count: number): ReturnType<typeof struct> {
		const request = struct('requestbuffers');
		request.view.setUint32(offsets.requestbuffers.count, count, true);
		request.view.setUint32(offsets.requestbuffers.type, constants.BUF_TYPE_VIDEO_CAPTURE, true);
		request.view.setUint32(offsets.requestbuffers.memory, constants.MEMORY_MMAP, true);
		return request;
	}

	#locate(index: number): { offset: number; byteLength: number } {
		const { bytes, view } = struct('buffer');
		view.setUint32(at.index, index, true);
		view.setUint32(at.type, constants.BUF_TYPE_VIDEO_CAPTURE, true);
		view.setUint32(at.memory, constants.MEMORY_MMAP, true);
		this.#device.call('QUERYBUF', bytes);
		return { offset: view.getUint32(at.offset, true), byteLength: view.getUint32(at.length, true) };
	}

	#mapOntoSlots(places: readonly { offset: number; byteLength: number }[]): boolean {
		for (const [index, { offset, byteLength }] of places.entries()) {
			const address = this.#base + this.#memory.slotOffset(index);
			if (this.#calls.map(address, byteLength, this.#device.descriptor, offset) !== address) {
				this.#unmap();
				return false;
			}
			this.#buffers.push({ address, byteLength });
		}
		return true;
	}

	#mapElsewhere(places: readonly { offset: number; byteLength: number }[]): void {
		for (const { offset, byteLength } of places) {
			const address = this.#calls.map(0, byteLength, this.#device.descriptor, offset);
			if (address < 0) throw this.#device.fault('mmap', -address);
			this.#buffers.push({ address, byteLength });
		}
	}

	#unmap(): void {
		const slots = this.#base + this.#memory.slotOffset(0);
		for (const { address, byteLength } of this.#buffers) {
			if (address >= slots && address < this.#base + this.#memory.bytes.length)
				this.#calls.mapZeros(address, byteLength);
			else this.#calls.unmap(address, byteLength);
		}
		this.#buffers.length = 0;
	}
}

const captureType = new Uint8Array([constants.BUF_TYPE_VIDEO_CAPTURE, 0, 0, 0]);

/** struct timeval, without a number too large to stay a plain one. */
function timeMs(view: DataView): number {
	const seconds = view.getUint32(at.seconds, true) + view.getUint32(at.seconds + 4, true) * 2 ** 32;
	return seconds * 1000 + view.getUint32(at.microseconds, true) / 1000;
}
