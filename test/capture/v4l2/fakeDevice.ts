import { closeSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { constants as os, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemCalls } from '../../../src/capture/libc.ts';
import { pause } from '../../../src/capture/pause.ts';
import { pollEntryBytes, pollError, pollIn, pollPriority, type SystemCalls } from '../../../src/capture/systemCalls.ts';
import { fourccCode } from '../../../src/capture/v4l2/formats.ts';
import { constants, type IoctlName, ioctls, offsets } from '../../../src/capture/v4l2/ioctls.ts';
import { monotonicMs } from '../../../src/clock.ts';

const names = new Map(Object.entries(ioctls).map(([name, request]) => [request, name as IoctlName]));
const pageBytes = 4096;
const planarCapabilities = constants.CAP_VIDEO_CAPTURE_MPLANE | constants.CAP_STREAMING;
const pixelBytes: Record<string, number> = { YUYV: 2, UYVY: 2, BGR3: 3, RGB3: 3, XR24: 4, BGR4: 4 };

/**
 * A capture device behind the port of system calls, for what no driver can be made to do on demand. Its buffers are a
 * real file, mapped for real; it answers ioctls from the fields below, and fills buffers by the clock.
 */
export class FakeDevice implements SystemCalls {
	/** Calls that fail, and how. */
	errno: { [call in IoctlName | 'open' | 'map']?: keyof typeof os.errno } = {};
	offered = ['YUYV'];
	/** What G_FMT says whatever was set, where given. */
	delivered: string | undefined;
	width = 64;
	height = 32;
	/** Bytes at the end of each row that are no pixels. */
	gap = 0;
	capabilities: number = constants.CAP_VIDEO_CAPTURE | constants.CAP_STREAMING;
	inputStatus = 0;
	/** 5 V on the cable, undefined for a device that cannot tell. */
	power: boolean | undefined;
	/** Has DV timings: the mode that comes in. */
	mode: { width: number; height: number; clock: number; interlaced?: boolean } | undefined;
	/** Frames a second; 0 for none at all. */
	fps = 100;
	/** Added to the sequence number a frame. */
	step = 1;
	nextSequence = 0;
	flags: number = constants.BUF_FLAG_TIMESTAMP_MONOTONIC;
	/** Of a frame's bytes, how many are missing. */
	short = 0;
	/** Added to each timestamp, milliseconds. */
	clockOffsetMs = 0;
	leastBuffers = 0;
	/** Bytes of each buffer behind the frame. */
	spare = 0;
	/** Bytes of the next frame. */
	shade = 1;
	/** The next frame itself, where given. */
	picture: Uint8Array | undefined;
	/** V4L2_FIELD_... */
	field: number = constants.FIELD_NONE;
	/** Speaks the multi-planar API; so many planes. */
	planes: number | undefined;
	/** Bytes in front of a frame, of the multi-planar API. */
	dataOffset = 0;
	/** Lets its EDID be written: what it holds. */
	edid: Uint8Array | undefined;
	edidsWritten = 0;

	readonly log: string[] = [];
	opened = 0;
	#descriptor = -1;
	#format = fourccCode('YUYV');
	#queued: number[] = [];
	#filled: { index: number; sequence: number; stampMs: number }[] = [];
	#streaming = false;
	#events = 0;
	#lastMs = 0;
	/** The mode that S_DV_TIMINGS took: without it the device delivers the one of before. */
	#timed: { width: number; height: number } | undefined;

	/** The source changes: the event of it waits. */
	announce(): void {
		this.#events++;
	}

	get isOpen(): boolean {
		return this.#descriptor >= 0;
	}

	get fourcc(): string {
		return this.delivered ?? this.offered.find((format) => fourccCode(format) === this.#format) ?? this.offered[0]!;
	}

	open(): number {
		this.opened++;
		if (this.errno.open) return -os.errno[this.errno.open];
		const path = join(tmpdir(), `phlebox-fake-${process.pid}-${this.opened}-${Math.random()}`);
		this.#descriptor = openSync(path, 'w+');
		unlinkSync(path);
		return this.#descriptor;
	}

	close(descriptor: number): void {
		closeSync(descriptor);
		this.#descriptor = -1;
		this.#streaming = false;
		this.#events = 0;
	}

	ioctl(_descriptor: number, request: number, argument: Uint8Array): number {
		const name = names.get(request)!;
		this.log.push(name);
		const errno = this.errno[name];
		return errno ? -os.errno[errno] : this.#answer(name, new DataView(argument.buffer, argument.byteOffset));
	}

	poll(entries: Uint8Array, count: number, timeoutMs: number): number {
		const until = monotonicMs() + timeoutMs;
		const view = new DataView(entries.buffer, entries.byteOffset, pollEntryBytes);
		for (;;) {
			this.#fill();
			const ready = (this.#filled.length > 0 ? pollIn : 0) | (this.#events > 0 ? pollPriority : 0);
			const events = this.errno.DQBUF === 'EIO' ? pollError : ready;
			if (count > 0 && events) {
				view.setInt16(6, events, true);
				return 1;
			}
			if (monotonicMs() >= until) return 0;
			pause(Math.min(2, until - monotonicMs()));
		}
	}

	map(address: number, byteLength: number, descriptor: number, offset: number): number {
		if (this.errno.map && address !== 0) return -os.errno[this.errno.map];
		return systemCalls.map(address, byteLength, descriptor, offset);
	}

	mapZeros = systemCalls.mapZeros;
	unmap = systemCalls.unmap;
	copy = systemCalls.copy;
	addressOf = systemCalls.addressOf;

	get #size(): { width: number; height: number } {
		return this.mode === undefined ? this : (this.#timed ?? { width: 16, height: 16 });
	}

	get #stride(): number {
		return this.#size.width * (pixelBytes[this.fourcc] ?? 1) + this.gap;
	}

	get #frameBytes(): number {
		if (this.fourcc === 'MJPG') return this.picture?.length ?? 0;
		return this.fourcc === 'NV12' ? this.#stride * this.#size.height * 1.5 : this.#stride * this.#size.height;
	}

	get #bufferBytes(): number {
		return Math.ceil((this.#frameBytes + this.spare + this.dataOffset) / pageBytes) * pageBytes;
	}

	/** Fills as many buffers as frames have become due, oldest first, each with its own shade. */
	#fill(): void {
		const now = monotonicMs();
		if (!this.#streaming || this.fps === 0) {
			this.#lastMs = now;
			return;
		}
		const period = 1000 / this.fps;
		for (; this.#lastMs + period <= now; this.#lastMs += period) {
			const index = this.#queued.shift();
			const sequence = this.nextSequence;
			this.nextSequence += this.step;
			if (index === undefined) continue;
			writeSync(
				this.#descriptor,
				this.picture ?? new Uint8Array(this.#frameBytes).fill(this.shade),
				0,
				null,
				index * this.#bufferBytes + this.dataOffset,
			);
			this.#filled.push({ index, sequence, stampMs: this.#lastMs + period + this.clockOffsetMs });
		}
	}

	#poke(address: bigint, offset: number, value: number): void {
		const bytes = new Uint8Array(new Uint32Array([value]).buffer);
		systemCalls.copy(Number(address) + offset, systemCalls.addressOf(bytes), 4);
	}

	#answer(name: IoctlName, view: DataView): number {
		const set = (offset: number, value: number) => view.setUint32(offset, value >>> 0, true);
		const get = (offset: number) => view.getUint32(offset, true);
		const { buffer, plane } = offsets;
		const at = this.planes === undefined ? offsets.format : offsets.formatPlanar;
		/** The one plane of a buffer of the multi-planar API lies where the buffer points. */
		const setPlane = (offset: number, value: number) =>
			this.#poke(view.getBigUint64(buffer.planes, true), offset, value);
		switch (name) {
			case 'QUERYCAP':
				new Uint8Array(view.buffer).set(Buffer.from('fake'), offsets.capability.driver);
				set(offsets.capability.capabilities, this.planes === undefined ? this.capabilities : planarCapabilities);
				return 0;
			case 'ENUM_FMT': {
				const offered = this.offered[get(offsets.fmtdesc.index)];
				if (offered === undefined) return -os.errno.EINVAL;
				set(offsets.fmtdesc.pixelformat, fourccCode(offered));
				return 0;
			}
			case 'S_FMT':
				this.#format = get(at.pixelformat);
				if (this.mode === undefined) [this.width, this.height] = [get(at.width), get(at.height)];
				return 0;
			case 'G_FMT':
				set(at.width, this.#size.width);
				set(at.height, this.#size.height);
				set(at.pixelformat, fourccCode(this.fourcc));
				set(at.field, this.field);
				set(at.bytesperline, this.fourcc === 'MJPG' ? 0 : this.#stride);
				set(at.sizeimage, this.#frameBytes);
				if (this.planes !== undefined) view.setUint8(offsets.formatPlanar.planes, this.planes);
				return 0;
			case 'REQBUFS': {
				const count = Math.max(this.leastBuffers, get(offsets.requestbuffers.count));
				set(offsets.requestbuffers.count, count);
				ftruncateSync(this.#descriptor, count * this.#bufferBytes);
				this.#queued = [];
				this.#filled = [];
				return 0;
			}
			case 'QUERYBUF':
				if (this.planes !== undefined) {
					setPlane(plane.offset, get(buffer.index) * this.#bufferBytes);
					setPlane(plane.length, this.#bufferBytes);
					return 0;
				}
				set(buffer.offset, get(buffer.index) * this.#bufferBytes);
				set(buffer.length, this.#bufferBytes);
				return 0;
			case 'QBUF':
				this.#queued.push(get(buffer.index));
				return 0;
			case 'DQBUF': {
				this.#fill();
				const filled = this.#filled.shift();
				if (filled === undefined) return -os.errno.EAGAIN;
				set(buffer.index, filled.index);
				if (this.planes !== undefined) {
					setPlane(plane.bytesused, this.dataOffset + this.#frameBytes - this.short);
					setPlane(plane.dataOffset, this.dataOffset);
				} else set(buffer.bytesused, this.#frameBytes - this.short);
				set(buffer.flags, this.flags);
				set(buffer.sequence, filled.sequence);
				set(buffer.seconds, Math.floor(filled.stampMs / 1000));
				set(buffer.microseconds, (filled.stampMs % 1000) * 1000);
				return 0;
			}
			case 'STREAMON':
				this.#streaming = true;
				this.#lastMs = monotonicMs();
				return 0;
			case 'STREAMOFF':
				this.#streaming = false;
				return 0;
			case 'DQEVENT':
				if (this.#events === 0) return -os.errno.ENOENT;
				this.#events--;
				set(offsets.event.type, constants.EVENT_SOURCE_CHANGE);
				return 0;
			case 'ENUMINPUT':
				set(offsets.input.status, this.inputStatus);
				return 0;
			case 'G_CTRL':
				if (this.power === undefined) return -os.errno.EINVAL;
				set(offsets.control.value, this.power ? 1 : 0);
				return 0;
			case 'QUERY_DV_TIMINGS':
				if (this.mode === undefined) return -os.errno.ENOTTY;
				set(offsets.dvTimings.width, this.mode.width);
				set(offsets.dvTimings.height, this.mode.height);
				set(offsets.dvTimings.pixelclock, this.mode.clock);
				set(offsets.dvTimings.interlaced, this.mode.interlaced ? 1 : 0);
				return 0;
			case 'G_EDID':
			case 'S_EDID': {
				if (this.edid === undefined) return -os.errno.ENOTTY;
				const bytes = new Uint8Array(get(offsets.edid.blocks) * 128);
				const [own, theirs] = [systemCalls.addressOf(bytes), Number(view.getBigUint64(offsets.edid.edid, true))];
				if (name === 'G_EDID') {
					bytes.set(this.edid.subarray(0, bytes.length));
					systemCalls.copy(theirs, own, bytes.length);
					set(offsets.edid.blocks, this.edid.length / 128);
					return 0;
				}
				systemCalls.copy(own, theirs, bytes.length);
				this.edid = bytes;
				this.edidsWritten++;
				return 0;
			}
			case 'S_DV_TIMINGS':
				this.#timed = { width: get(offsets.dvTimings.width), height: get(offsets.dvTimings.height) };
				return 0;
			default:
				return 0;
		}
	}
}
