import { monotonicMs } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { Converter } from '../convert/converter.ts';
import type { Frame } from '../frame.ts';
import type { FrameMemory } from '../frameMemory.ts';
import type { FrameSource, Pull } from '../frameSource.ts';
import { systemCalls } from '../libc.ts';
import { pollEntryBytes, pollError, pollIn, pollPriority, type SystemCalls } from '../systemCalls.ts';
import { V4l2Device } from './device.ts';
import { phleboxEdid } from './edid.ts';
import { type Fault, SignalFault } from './faults.ts';
import type { FrameFormat } from './formats.ts';
import { type V4l2Options, v4l2Defaults } from './options.ts';
import { Sequence } from './sequence.ts';
import { V4l2Stream } from './stream.ts';
import { sameTimings, type Timings, timingsText } from './timings.ts';

/** What is being captured, for logs and reports. */
export interface CaptureMode extends FrameFormat {
	/** `driver: card` as the kernel has them. */
	card: string;
	/** Such as `1280x720p60`; '' for a device without DV timings. */
	timings: string;
	/** Whether frames are copied out of the driver's memory. */
	copying: boolean;
}

/**
 * A V4L2 capture device as a frame source. It never gives up: whatever goes wrong is a signal state, the device is
 * closed, and `next` opens it again, at most every `reopenMs`. A fault is told at once, and stays until a good frame has
 * come. No frame is delivered while the input says that it has no signal: many receivers go on at full rate with noise.
 *
 * Between a loss of signal and its telling lie the event's way (a device that announces it) or at most `queryMs`.
 */
export class V4l2Source implements FrameSource {
	readonly name: string;
	readonly #options: V4l2Options;
	readonly #calls: SystemCalls;
	readonly #device: V4l2Device;
	readonly #sequence = new Sequence();
	readonly #polled = new Uint8Array(pollEntryBytes);
	readonly #entry = new DataView(this.#polled.buffer);
	readonly #pull: Pull = {
		kind: 'idle',
		frame: {
			width: 0,
			height: 0,
			pixelFormat: 'GREY',
			stride: 0,
			offset: 0,
			byteLength: 0,
			sequence: 0,
			timestampMs: 0,
		},
		signal: 'ok',
		detail: '',
	};
	#memory: FrameMemory | undefined;
	#stream: V4l2Stream | undefined;
	#mode: CaptureMode | undefined;
	#timings: Timings | undefined;
	/** What is wrong; stays until a good frame has come. */
	#fault: Fault | undefined;
	#told = false;
	#openAtMs = 0;
	#queryAtMs = 0;
	/** When the last good frame came, or the stream began. */
	#aliveMs = 0;
	/** When `next` was left. */
	#leftMs = 0;
	#started = false;
	/** Whether this stream's sequence has begun. */
	#counting = false;
	#stillFrames = 0;
	/** Frames of before this moment may show what came before the signal changed. */
	#trustedFromMs = 0;
	#lastMs = 0;

	constructor(options: Partial<V4l2Options> = {}, calls: SystemCalls = systemCalls) {
		this.#options = { ...v4l2Defaults, ...options };
		this.#calls = calls;
		this.#device = new V4l2Device(calls, this.#options.device);
		this.name = `v4l2 ${this.#options.device}`;
	}

	/** What is being captured; undefined while nothing is. */
	get mode(): CaptureMode | undefined {
		return this.#mode;
	}

	/** The device itself is opened by the first `next`. */
	open(memory: FrameMemory): void {
		this.close();
		this.#memory = memory;
		this.#fault = undefined;
		this.#told = false;
		this.#openAtMs = 0;
		this.#leftMs = monotonicMs();
	}

	next(deadlineMs: number): Pull {
		if (this.#memory === undefined) return this.#say('end');
		const entered = monotonicMs();
		// Time in which nobody asked for frames says nothing about the device.
		this.#aliveMs += entered - this.#leftMs;
		const pull = this.#pullUntil(this.#memory, entered + deadlineMs);
		this.#leftMs = monotonicMs();
		return pull;
	}

	close(): void {
		this.#release();
		this.#memory = undefined;
	}

	#pullUntil(memory: FrameMemory, until: number): Pull {
		for (;;) {
			try {
				if (this.#stream === undefined && monotonicMs() >= this.#openAtMs) this.#start(memory);
				if (this.#stream !== undefined && this.#take(this.#stream)) return this.#say('frame');
			} catch (error) {
				this.#fail(error);
			}
			if (this.#fault !== undefined && !this.#told) return this.#say('signal', this.#fault);
			if (monotonicMs() >= until)
				return this.#fault === undefined ? this.#say('idle') : this.#say('signal', this.#fault);
			this.#wait(until);
		}
	}

	#start(memory: FrameMemory): void {
		const { width, height, pixelFormats, buffers, copy, edid, reopenMs, queryMs } = this.#options;
		this.#openAtMs = monotonicMs() + reopenMs;
		this.#device.open();
		if (edid) this.#device.offerModes(phleboxEdid);
		const { fault, timings } = this.#device.signal();
		if (fault !== undefined) throw new SignalFault(fault);
		if (timings !== undefined) this.#device.applyTimings();
		const asked = width !== undefined && height !== undefined ? { width, height } : undefined;
		const format = this.#device.negotiate(pixelFormats, timings ?? asked, memory.slotBytes);
		this.#stream = new V4l2Stream(this.#calls, this.#device, memory, format, copy);
		this.#stream.start(buffers);
		this.#timings = timings;
		this.#mode = {
			...format,
			card: this.#device.card,
			timings: timings === undefined ? '' : timingsText(timings),
			copying: this.#stream.copying,
		};
		this.#pull.frame.pixelFormat = format.pixelFormat;
		shape(this.#pull.frame, format);
		this.#sequence.restart();
		this.#started = false;
		this.#counting = false;
		this.#stillFrames = 0;
		this.#aliveMs = monotonicMs();
		this.#queryAtMs = this.#aliveMs + queryMs;
		this.#trustedFromMs = this.#aliveMs;
		this.#entry.setInt32(0, this.#device.descriptor, true);
		this.#entry.setInt16(4, pollIn | pollPriority, true);
	}

	/** Looks after the signal, then takes a frame. @returns whether there is one, in the pull */
	#take(stream: V4l2Stream): boolean {
		this.#watch();
		const took = stream.take();
		const now = monotonicMs();
		if (took && this.#accept(stream, now)) return true;
		if (now - this.#aliveMs > this.#patienceMs) throw new SignalFault(this.#stuck(stream));
		return false;
	}

	/** How long no good frame may come. */
	get #patienceMs(): number {
		return this.#started ? this.#options.stuckMs : this.#options.firstFrameMs;
	}

	#accept(stream: V4l2Stream, now: number): boolean {
		const { frame } = this.#pull;
		const sequence = this.#sequence.next(stream.sequence);
		if (!this.#counting) {
			// One number alone does not show that the sequence moves; a device that stands still would look well at each start.
			this.#counting = true;
			return false;
		}
		if (sequence < 0) {
			this.#stillFrames++;
			return false;
		}
		// A stamp of another clock, or one that cannot be right, would put the frame at a wrong moment of the examination.
		const stamped = stream.timestampMs <= now && stream.timestampMs > this.#lastMs;
		const timestampMs = stamped ? stream.timestampMs : now;
		if (timestampMs < this.#trustedFromMs) return false;
		if (stream.full && now - timestampMs > this.#options.staleMs) return false;
		frame.sequence = sequence;
		frame.timestampMs = timestampMs;
		frame.offset = stream.offset;
		// A compressed picture says its own size.
		if (stream.converter) shape(frame, stream.converter);
		this.#lastMs = timestampMs;
		this.#aliveMs = now;
		this.#started = true;
		this.#stillFrames = 0;
		stream.damaged = 0;
		this.#fault = undefined;
		return true;
	}

	/** Takes events and, now and then, asks the input: throws when there is no signal to deliver frames of. */
	#watch(): void {
		const now = monotonicMs();
		const changed = this.#device.takeEvents();
		if (!changed && now < this.#queryAtMs) return;
		this.#queryAtMs = now + this.#options.queryMs;
		const { fault, timings } = this.#device.signal();
		if (fault !== undefined) throw new SignalFault(fault);
		if (changed) this.#trustedFromMs = monotonicMs();
		if (timings === undefined || this.#timings === undefined || sameTimings(timings, this.#timings)) return;
		const modes = `from ${timingsText(this.#timings)} to ${timingsText(timings)}`;
		throw new SignalFault({ signal: 'no-lock', detail: `${this.#options.device}: the signal changed ${modes}` });
	}

	#stuck(stream: V4l2Stream): Fault {
		const { device } = this.#options;
		const forMs = `for ${this.#patienceMs} ms`;
		if (this.#stillFrames > 0) return { signal: 'stuck', detail: `${device} counts no new frames ${forMs}` };
		if (stream.damaged > 0) return { signal: 'stuck', detail: `${device} has given only damaged frames ${forMs}` };
		return { signal: 'stuck', detail: `${device} has given no frame ${forMs}` };
	}

	#fail(error: unknown): void {
		this.#release();
		const known = error instanceof SignalFault;
		const signal = known ? error.signal : 'error';
		const detail = known ? error.detail : `${this.#options.device}: ${messageOf(error)}`;
		this.#told &&= this.#fault?.signal === signal && this.#fault.detail === detail;
		this.#fault = { signal, detail };
	}

	#release(): void {
		this.#stream?.stop();
		this.#stream = undefined;
		this.#mode = undefined;
		this.#device.close();
	}

	/** Until the device has something to say, something is due, or `until`. */
	#wait(until: number): void {
		const now = monotonicMs();
		const streaming = this.#stream !== undefined;
		const stuckAt = this.#aliveMs + this.#patienceMs + 1;
		const due = streaming ? Math.min(until, this.#queryAtMs, stuckAt) : Math.min(until, this.#openAtMs);
		this.#entry.setInt16(6, 0, true);
		const waitMs = Math.max(0, Math.ceil(due - now));
		const ready = this.#calls.poll(this.#polled, streaming ? 1 : 0, waitMs);
		const onlyError = ready > 0 && (this.#entry.getInt16(6, true) & (pollIn | pollPriority | pollError)) === pollError;
		// A device that is ready with nothing but an error would make this a busy loop until it has its next say.
		if (onlyError) this.#calls.poll(this.#polled, 0, Math.min(waitMs, 10));
	}

	#say(kind: Pull['kind'], fault?: Fault): Pull {
		if (fault !== undefined) this.#told = true;
		this.#pull.kind = kind;
		this.#pull.signal = fault?.signal ?? 'ok';
		this.#pull.detail = fault?.detail ?? '';
		return this.#pull;
	}
}

function shape(frame: Frame, { width, height, stride, byteLength }: Omit<Converter, 'convert'>): void {
	frame.width = width;
	frame.height = height;
	frame.stride = stride;
	frame.byteLength = byteLength;
}
