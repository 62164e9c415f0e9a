import { constants as os } from 'node:os';
import type { Converter } from '../convert/converter.ts';
import { JpegConverter } from '../convert/jpegConverter.ts';
import { RgbConverter } from '../convert/rgbConverter.ts';
import type { FrameMemory } from '../frameMemory.ts';
import type { SystemCalls } from '../systemCalls.ts';
import { BufferStruct } from './bufferStruct.ts';
import { struct, type V4l2Device } from './device.ts';
import type { FrameFormat } from './formats.ts';
import { constants, offsets } from './ioctls.ts';
import { type Wire, wireFormats } from './wireFormats.ts';

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
 * What the box does not read as it is delivered is converted into the last slot, which then is no driver's.
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
	/** The converter of a format that needs one. */
	readonly converter: Converter | undefined;

	readonly #calls: SystemCalls;
	readonly #device: V4l2Device;
	readonly #memory: FrameMemory;
	/** Fewer bytes are a damaged frame. */
	readonly #leastBytes: number;
	/** Slots that buffers of the driver may take. */
	readonly #slots: number;
	readonly #base: number;
	readonly #buffers: DriverBuffer[] = [];
	readonly #dequeued: BufferStruct;
	readonly #queued: BufferStruct;
	/** VIDIOC_STREAMON and STREAMOFF take the type by itself. */
	readonly #type: Uint8Array;
	#copying: boolean;
	#streaming = false;
	/** Bytes that the taken buffer holds, and where in it they begin. */
	#delivered = 0;
	#frameOffset = 0;

	constructor(calls: SystemCalls, device: V4l2Device, memory: FrameMemory, format: FrameFormat, copy: boolean) {
		this.#calls = calls;
		this.#device = device;
		this.#memory = memory;
		this.#leastBytes = format.wireBytes;
		this.#copying = copy;
		this.#base = calls.addressOf(memory.bytes);
		this.#dequeued = new BufferStruct(calls, device.bufferType);
		this.#queued = new BufferStruct(calls, device.bufferType);
		this.#type = new Uint8Array([device.bufferType, 0, 0, 0]);
		this.converter = converterOf(memory, format);
		this.#slots = memory.slots - (this.converter ? 1 : 0);
	}

	/** Whether frames are copied out of the driver's memory. */
	get copying(): boolean {
		return this.#copying;
	}

	/** @throws SignalFault */
	start(buffers: number): void {
		const { bytes, view } = this.#requestBuffers(Math.min(buffers, this.#slots));
		this.#device.call('REQBUFS', bytes);
		const granted = view.getUint32(offsets.requestbuffers.count, true);
		const places = Array.from({ length: granted }, (_, index) => this.#locate(index));
		const fits = granted <= this.#slots && places.every(({ byteLength }) => byteLength <= this.#memory.slotBytes);
		this.#copying ||= !fits || !this.#mapOntoSlots(places);
		if (this.#copying) this.#mapElsewhere(places);
		for (let index = 0; index < granted; index++) this.#queue(index);
		this.#device.call('STREAMON', this.#type);
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
		const buffer = this.#dequeued;
		let taken = 0;
		for (; taken < this.#buffers.length; taken++) {
			const result = this.#device.attempt('DQBUF', buffer.bytes);
			if (result === -os.errno.EAGAIN) break;
			if (result < 0) throw this.#device.fault('DQBUF', -result);
			const { index } = buffer;
			if (buffer.flags & constants.BUF_FLAG_ERROR || buffer.bytesUsed < this.#leastBytes) {
				this.damaged++;
				this.#queue(index);
				continue;
			}
			this.release();
			this.index = index;
			this.sequence = buffer.sequence;
			this.timestampMs = buffer.timestampMs;
			this.#delivered = buffer.bytesUsed;
			this.#frameOffset = buffer.frameOffset;
		}
		this.full = atDriver > 1 && taken >= atDriver;
		return this.index >= 0 && this.#place();
	}

	/** Gives the taken frame back to the driver: its memory changes from here on. */
	release(): void {
		if (this.index >= 0) this.#queue(this.index);
		this.index = -1;
	}

	/** Stops, and gives the slots memory of their own. Throws nothing: what the device refuses now does not matter. */
	stop(): void {
		if (this.#streaming) this.#device.attempt('STREAMOFF', this.#type);
		this.#streaming = false;
		this.index = -1;
		this.#unmap();
		this.#device.attempt('REQBUFS', this.#requestBuffers(0).bytes);
	}

	/**
	 * In copy mode the frame goes into its slot here, whence the driver may fill its buffer again.
	 * @returns whether there is a whole frame
	 */
	#place(): boolean {
		const slot = this.#memory.slotOffset(this.index % this.#slots);
		if (this.#copying) {
			const { address, byteLength } = this.#buffers[this.index]!;
			const mostBytes = Math.min(byteLength - this.#frameOffset, this.#memory.slotBytes);
			this.#calls.copy(this.#base + slot, address + this.#frameOffset, Math.min(this.#delivered, mostBytes));
		}
		this.offset = this.#copying ? slot : slot + this.#frameOffset;
		const whole = this.converter === undefined || this.#convert(this.converter);
		if (this.#copying || this.converter) this.release();
		return whole;
	}

	#convert(converter: Converter): boolean {
		const to = this.#memory.slotOffset(this.#memory.slots - 1);
		const whole = converter.convert(this.offset, this.#delivered, to);
		if (!whole) this.damaged++;
		this.offset = to;
		return whole;
	}

	#queue(index: number): void {
		this.#queued.index = index;
		this.#device.call('QBUF', this.#queued.bytes);
	}

	#requestBuffers(count: number): ReturnType<typeof struct> {
		const request = struct('requestbuffers');
		request.view.setUint32(offsets.requestbuffers.count, count, true);
		request.view.setUint32(offsets.requestbuffers.type, this.#device.bufferType, true);
		request.view.setUint32(offsets.requestbuffers.memory, constants.MEMORY_MMAP, true);
		return request;
	}

	#locate(index: number): { offset: number; byteLength: number } {
		const buffer = new BufferStruct(this.#calls, this.#device.bufferType);
		buffer.index = index;
		this.#device.call('QUERYBUF', buffer.bytes);
		return { offset: buffer.mapOffset, byteLength: buffer.byteLength };
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

function converterOf(memory: FrameMemory, format: FrameFormat): Converter | undefined {
	const wire: Wire = wireFormats[format.wireFormat];
	if (wire.kind === 'raw') return undefined;
	if (wire.kind === 'jpeg') return new JpegConverter(memory);
	return new RgbConverter(memory, wire, format.width, format.height, format.wireStride);
}
