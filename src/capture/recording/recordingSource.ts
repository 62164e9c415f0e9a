import { statSync } from 'node:fs';
import { monotonicMs } from '../../clock.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { FrameMemory } from '../frameMemory.ts';
import type { FrameSource, Pull } from '../frameSource.ts';
import { pause } from '../pause.ts';
import { FfmpegVideo } from './ffmpegVideo.ts';
import type { LumaReader } from './lumaReader.ts';
import { type RecordingOptions, recordingDefaults } from './options.ts';
import { isStillPicture, StillPicture } from './stillPicture.ts';
import { Y4mFile } from './y4mFile.ts';

/**
 * A recording as a frame source: its luma as GREY frames. The sequence number is the frame's place in the recording
 * (going on across rounds of a loop); gaps are frames that were dropped because nobody fetched them in time.
 * A recording that breaks off plays to its last whole frame, then gives one signal `error` (with `truncated` set), then
 * the end.
 */
export class RecordingSource implements FrameSource {
	readonly name: string;
	readonly #options: RecordingOptions;
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
	#reader: LumaReader | undefined;
	#into: Uint8Array = new Uint8Array(0);
	#framesPerSecond = 0;
	#periodMs = 0;
	/** When frame 0 was, or would have been, due. */
	#startMs = Number.NaN;
	/** The frame the reader stands before. */
	#index = 0;
	/** The first frame of the present round of a loop. */
	#round = 0;
	/** Since when the decoder owes a frame; NaN while it owes none. */
	#owedMs = Number.NaN;
	#truncated: PhleboxError | undefined;

	constructor(options: Pick<RecordingOptions, 'file'> & Partial<RecordingOptions>) {
		this.#options = { ...recordingDefaults, ...options };
		this.name = `recording ${options.file}`;
	}

	/** Frames a second at which it plays; 0 before `open`. */
	get framesPerSecond(): number {
		return this.#framesPerSecond;
	}

	/** Set once the recording turned out to break off: code `video-truncated`, one line. */
	get truncated(): PhleboxError | undefined {
		return this.#truncated;
	}

	/** @throws PhleboxError file-not-found, not-a-video, video-truncated (no whole frame), ffmpeg-missing */
	open(memory: FrameMemory): void {
		const { file, fallbackFps, fps } = this.#options;
		this.close();
		const reader = openReader(this.#options);
		const { width, height } = reader;
		if (width * height > memory.slotBytes) {
			reader.close();
			throw new PhleboxError('not-a-video', `${file} has frames of ${width}x${height}, too large for this box`);
		}
		this.#reader = reader;
		this.#framesPerSecond = fps ?? reader.framesPerSecond ?? fallbackFps;
		this.#periodMs = 1000 / this.#framesPerSecond;
		this.#startMs = Number.NaN;
		this.#owedMs = Number.NaN;
		this.#index = 0;
		this.#round = 0;
		const { frame } = this.#pull;
		frame.width = width;
		frame.height = height;
		frame.stride = width;
		frame.byteLength = width * height;
		frame.offset = memory.slotOffset(0);
		this.#into = memory.bytes.subarray(frame.offset, frame.offset + frame.byteLength);
	}

	next(deadlineMs: number): Pull {
		const now = monotonicMs();
		if (Number.isNaN(this.#startMs)) this.#startMs = now;
		try {
			return this.#options.pace === 'fast' ? this.#read(now + deadlineMs) : this.#readInTime(now, now + deadlineMs);
		} catch (error) {
			this.close();
			return this.#say('signal', 'error', `${this.#options.file} cannot be read on: ${messageOf(error)}`);
		}
	}

	close(): void {
		this.#reader?.close();
		this.#reader = undefined;
	}

	/** Waits until the next frame is due, and passes over those whose time is over. */
	#readInTime(now: number, until: number): Pull {
		// A decoder that is behind by itself is not hurried, or it would never show anything: its frames are late instead.
		if (!Number.isNaN(this.#owedMs)) this.#startMs = Math.max(this.#startMs, now - this.#index * this.#periodMs);
		const due = this.#due();
		if (this.#reader !== undefined && due > now) {
			pause(Math.min(due, until) - now);
			if (due > until) return this.#say('idle');
		}
		const newest = Math.floor((monotonicMs() - this.#startMs) / this.#periodMs);
		while (this.#reader !== undefined && this.#index < newest) {
			if (monotonicMs() > until) return this.#say('idle');
			const reading = this.#reader.skip(this.#into, until);
			if (reading === 'later') return this.#owe();
			if (reading === 'luma') this.#index++;
			else if (this.#turn(reading)) return this.#pull;
		}
		return this.#read(until);
	}

	#read(until: number): Pull {
		while (this.#reader !== undefined) {
			const reading = this.#reader.read(this.#into, until);
			if (reading === 'luma') return this.#deliver();
			if (reading === 'later') return this.#owe();
			if (this.#turn(reading)) return this.#pull;
		}
		return this.#say('end');
	}

	#deliver(): Pull {
		const { frame } = this.#pull;
		const late = monotonicMs() - this.#due();
		// Late by the reading itself: from here on everything is that much later, or frame after frame would be dropped.
		if (this.#options.pace === 'realtime' && late > this.#periodMs) this.#startMs += late;
		frame.timestampMs = this.#due();
		frame.sequence = this.#index++;
		this.#owedMs = Number.NaN;
		return this.#say('frame');
	}

	/** At the end of a round: begins the next, or ends. @returns whether there is something to say now */
	#turn(reading: 'end' | 'cut'): boolean {
		const { file, loop } = this.#options;
		const played = this.#index - this.#round;
		const again = loop && played > 0;
		let broken = '';
		if (reading === 'cut') {
			const complaint = this.#reader?.complaint();
			broken = `${file} breaks off or is damaged after frame ${played}${complaint ? ` (${complaint})` : ''}`;
			this.#truncated ??= new PhleboxError('video-truncated', broken);
		}
		this.#round = this.#index;
		if (again) this.#reader?.rewind();
		else this.close();
		if (broken !== '') this.#say('signal', 'error', broken);
		else if (!again) this.#say('end');
		return broken !== '' || !again;
	}

	/** The decoder has not given the frame that is due. */
	#owe(): Pull {
		const now = monotonicMs();
		if (Number.isNaN(this.#owedMs)) this.#owedMs = now;
		if (now - this.#owedMs < this.#options.decoderMs) return this.#say('idle');
		return this.#say('signal', 'stuck', `ffmpeg has given no frame of ${this.#options.file} for a long time`);
	}

	#due(): number {
		return this.#startMs + this.#index * this.#periodMs;
	}

	#say(kind: Pull['kind'], signal: Pull['signal'] = 'ok', detail = ''): Pull {
		this.#pull.kind = kind;
		this.#pull.signal = signal;
		this.#pull.detail = detail;
		return this.#pull;
	}
}

function openReader(options: RecordingOptions): LumaReader {
	const { file, fps, fallbackFps, loop, stillSeconds, decoderMs } = options;
	if (file === '') throw new PhleboxError('file-not-found', 'no recording is named: say which file to play');
	const stat = statSync(file, { throwIfNoEntry: false });
	if (stat === undefined) throw new PhleboxError('file-not-found', `${file} does not exist`);
	if (!stat.isFile()) throw new PhleboxError('not-a-video', `${file} is no file`);
	if (/\.y4m$/i.test(file)) {
		const video = Y4mFile.open(file);
		if (video !== undefined) return video;
	}
	const still = isStillPicture(file);
	const video = new FfmpegVideo(file, { framesPerSecond: still ? undefined : fps, loop, still, decoderMs });
	if (!still) return video;
	const frames = Math.max(1, Math.round(stillSeconds * (fps ?? fallbackFps)));
	return new StillPicture(file, video, frames, monotonicMs() + decoderMs);
}
