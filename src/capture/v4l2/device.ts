import { constants as os } from 'node:os';
import type { SystemCalls } from '../systemCalls.ts';
import { EdidStruct } from './edidStruct.ts';
import { type CallName, type Fault, faultOfErrno, faultOfInputStatus, SignalFault } from './faults.ts';
import { FormatStruct } from './formatStruct.ts';
import { checkFormat, chooseFormat, type FrameFormat, fourccText } from './formats.ts';
import { constants, type IoctlName, ioctls, offsets, structBytes } from './ioctls.ts';
import { readTimings, type Timings, timingsRefusal } from './timings.ts';
import type { WireFormat } from './wireFormats.ts';

const { EBUSY, EINVAL, ENODATA, ENOENT, ENOTTY } = os.errno;

/** What the input says of its signal. */
export interface InputSignal {
	fault?: Fault;
	/** Where the device has DV timings. */
	timings?: Timings;
}

/** An open V4L2 device and what can be asked of it. Methods throw SignalFault for what the device refuses. */
export class V4l2Device {
	readonly path: string;
	readonly #calls: SystemCalls;
	#descriptor = -1;
	#driver = '';
	#card = '';
	#bufferType: number = constants.BUF_TYPE_VIDEO_CAPTURE;
	readonly #timings = new Uint8Array(structBytes.dvTimings);
	readonly #event = new Uint8Array(structBytes.event);

	constructor(calls: SystemCalls, path: string) {
		this.#calls = calls;
		this.path = path;
	}

	/** V4L2_BUF_TYPE_...: of the API that the open device speaks. */
	get bufferType(): number {
		return this.#bufferType;
	}

	get descriptor(): number {
		return this.#descriptor;
	}

	/** The driver's name for itself and for the card, such as `uvcvideo: USB Video`. */
	get card(): string {
		return `${this.#driver}: ${this.#card}`;
	}

	open(): void {
		this.#descriptor = this.#calls.open(this.path);
		if (this.#descriptor < 0) throw this.fault('open', -this.#descriptor);
		const { bytes, view } = struct('capability');
		this.call('QUERYCAP', bytes);
		this.#driver = cString(bytes, offsets.capability.driver, 16);
		this.#card = cString(bytes, offsets.capability.card, 32);
		const all = view.getUint32(offsets.capability.capabilities, true);
		const own = view.getUint32(offsets.capability.deviceCaps, true);
		const capabilities = all & constants.CAP_DEVICE_CAPS ? own : all;
		const single = (capabilities & constants.CAP_VIDEO_CAPTURE) !== 0;
		if (!single && !(capabilities & constants.CAP_VIDEO_CAPTURE_MPLANE))
			throw this.#unusable('error', 'captures no video');
		this.#bufferType = single ? constants.BUF_TYPE_VIDEO_CAPTURE : constants.BUF_TYPE_VIDEO_CAPTURE_MPLANE;
		if (!(capabilities & constants.CAP_STREAMING)) throw this.#unusable('error', 'cannot stream');
		this.#subscribe();
	}

	close(): void {
		if (this.#descriptor >= 0) this.#calls.close(this.#descriptor);
		this.#descriptor = -1;
	}

	/** @returns what the call returned, negated errno included */
	attempt(name: IoctlName, argument: Uint8Array): number {
		return this.#calls.ioctl(this.#descriptor, ioctls[name], argument);
	}

	call(name: IoctlName, argument: Uint8Array): void {
		const result = this.attempt(name, argument);
		if (result < 0) throw this.fault(name, -result);
	}

	fault(call: CallName, errno: number): SignalFault {
		return new SignalFault(faultOfErrno(this.path, call, errno));
	}

	/** Asks the receiver what comes in: its DV timings first, the input's status where it has none. */
	signal(): InputSignal {
		const result = this.attempt('QUERY_DV_TIMINGS', this.#timings);
		if (result >= 0) {
			const timings = readTimings(this.#timings);
			const refusal = timingsRefusal(timings);
			if (refusal === undefined) return { timings };
			return { fault: { signal: 'unsupported-format', detail: `${this.path} receives ${refusal}` } };
		}
		// No receiver that measures timings (a camera, a USB grabber), or one that cannot while it streams.
		if (-result === ENOTTY || -result === ENODATA || -result === EINVAL || -result === EBUSY) {
			const fault = this.#inputFault();
			return fault === undefined ? {} : { fault };
		}
		return { fault: faultOfErrno(this.path, 'QUERY_DV_TIMINGS', -result, this.#powered()) };
	}

	/** Makes the device take the timings that `signal` has found. Without this a receiver delivers the mode of before. */
	applyTimings(): void {
		this.call('S_DV_TIMINGS', this.#timings.slice());
	}

	/**
	 * Takes the events that wait.
	 * @returns whether one of them says that the source changed
	 */
	takeEvents(): boolean {
		const view = new DataView(this.#event.buffer);
		let changed = false;
		for (;;) {
			const result = this.attempt('DQEVENT', this.#event);
			if (result >= 0) changed ||= view.getUint32(offsets.event.type, true) === constants.EVENT_SOURCE_CHANGE;
			else if (-result === ENOENT || -result === ENOTTY || -result === EINVAL) return changed;
			else throw this.fault('DQEVENT', -result);
		}
	}

	/**
	 * Asks for the best format there is, and believes only what the device then says that it delivers.
	 * @param size pixels, or undefined to leave them as they are
	 */
	negotiate(
		wanted: readonly WireFormat[],
		size: { width: number; height: number } | undefined,
		largestBytes: number,
	): FrameFormat {
		const chosen = chooseFormat(this.path, this.#offeredFormats(), wanted);
		if (typeof chosen !== 'string') throw new SignalFault(chosen);
		const asked = new FormatStruct(this.#bufferType);
		this.call('G_FMT', asked.bytes);
		asked.ask(chosen, size);
		this.call('S_FMT', asked.bytes);
		this.call('G_FMT', asked.bytes);
		const format = checkFormat(this.path, asked.read(), wanted, largestBytes);
		if ('signal' in format) throw new SignalFault(format);
		return format;
	}

	/**
	 * Tells the source which modes it may send, where the device lets its EDID be written and holds another one. The
	 * source then takes the cable for plugged in anew.
	 * @param edid whole blocks of 128 bytes
	 * @returns whether it was written
	 */
	offerModes(edid: Uint8Array): boolean {
		const input = struct('int');
		if (this.attempt('G_INPUT', input.bytes) < 0) return false;
		const asked = new EdidStruct(this.#calls, input.view.getUint32(0, true), edid.length / 128);
		if (this.attempt('G_EDID', asked.bytes) >= 0 && asked.holds(edid)) return false;
		return this.attempt('S_EDID', asked.fill(edid)) >= 0;
	}

	#offeredFormats(): string[] {
		const offered: string[] = [];
		const { bytes, view } = struct('fmtdesc');
		view.setUint32(offsets.fmtdesc.type, this.#bufferType, true);
		for (let index = 0; index < 256; index++) {
			view.setUint32(offsets.fmtdesc.index, index, true);
			if (this.attempt('ENUM_FMT', bytes) < 0) break;
			offered.push(fourccText(view.getUint32(offsets.fmtdesc.pixelformat, true)));
		}
		return offered;
	}

	#inputFault(): Fault | undefined {
		const selected = struct('int');
		if (this.attempt('G_INPUT', selected.bytes) < 0) return undefined;
		const { bytes, view } = struct('input');
		view.setUint32(offsets.input.index, selected.view.getUint32(0, true), true);
		if (this.attempt('ENUMINPUT', bytes) < 0) return undefined;
		return faultOfInputStatus(this.path, view.getUint32(offsets.input.status, true));
	}

	/** Whether a source feeds 5 V into the HDMI cable; undefined where the driver does not say. */
	#powered(): boolean | undefined {
		const { bytes, view } = struct('control');
		view.setUint32(offsets.control.id, constants.CID_DV_RX_POWER_PRESENT, true);
		return this.attempt('G_CTRL', bytes) < 0 ? undefined : view.getUint32(offsets.control.value, true) !== 0;
	}

	/** Devices without this event refuse it; the query at intervals then stands alone. */
	#subscribe(): void {
		const { bytes, view } = struct('eventSubscription');
		view.setUint32(offsets.eventSubscription.type, constants.EVENT_SOURCE_CHANGE, true);
		this.attempt('SUBSCRIBE_EVENT', bytes);
	}

	#unusable(signal: Fault['signal'], why: string): SignalFault {
		return new SignalFault({ signal, detail: `${this.path} (${this.card}) ${why}` });
	}
}

/** Zeroed memory for a struct, and a view to its members. */
export function struct(name: keyof typeof structBytes): { bytes: Uint8Array; view: DataView } {
	const bytes = new Uint8Array(structBytes[name]);
	return { bytes, view: new DataView(bytes.buffer) };
}

function cString(bytes: Uint8Array, offset: number, longest: number): string {
	const field = bytes.subarray(offset, offset + longest);
	const end = field.indexOf(0);
	return Buffer.from(field.subarray(0, end < 0 ? longest : end)).toString('latin1');
}
