import { closeSync, openSync, readSync } from 'node:fs';
import { monotonicMs } from '../../clock.ts';
import { PhleboxError } from '../../errors.ts';
import { Decoder } from './decoder.ts';
import type { LumaReader, Reading } from './lumaReader.ts';
import { frameMarker, framesPerSecond, isY4m, longestHeader, type ParsedY4mHeader, parseHeader } from './y4m.ts';

export interface FfmpegOptions {
	/** Frames a second to bring the video to, or undefined for its own rate. */
	framesPerSecond: number | undefined;
	/** Whether ffmpeg itself plays it again and again: one process, no break between two rounds. */
	loop: boolean;
	/** Whether the first picture is all that is wanted. */
	still: boolean;
	/** How long ffmpeg may take to the first picture, milliseconds. */
	decoderMs: number;
}

/** No screen is read faster; a video that claims more has no steady rate. */
const highestRate = 240;

/** Any video or picture that ffmpeg can decode, turned into luma on its way: full range, 0..255. */
export class FfmpegVideo implements LumaReader {
	readonly width: number;
	readonly height: number;
	readonly framesPerSecond: number | undefined;
	readonly #file: string;
	readonly #options: FfmpegOptions;
	readonly #marker = new Uint8Array(frameMarker.length);
	#decoder: Decoder;
	/** How much of the present frame is there: first its marker, then its luma. */
	#filled = 0;

	/** @throws PhleboxError ffmpeg-missing, not-a-video */
	constructor(file: string, options: FfmpegOptions) {
		this.#file = file;
		this.#options = options;
		refuseText(file);
		this.#decoder = new Decoder(file, argumentsFor(file, options));
		const header = this.#header();
		this.width = header.width;
		this.height = header.height;
		this.framesPerSecond = framesPerSecond(header);
		if (!options.still && (this.framesPerSecond ?? 0) > highestRate) {
			this.close();
			throw new PhleboxError('not-a-video', `${file} has no steady frame rate: say with fps how fast to play it`);
		}
	}

	read(into: Uint8Array, untilMs: number): Reading {
		const size = this.width * this.height;
		const whole = this.#marker.length + size;
		while (this.#filled < whole) {
			const inMarker = this.#filled < this.#marker.length;
			const length = inMarker
				? this.#decoder.read(this.#marker, this.#filled, this.#marker.length - this.#filled, untilMs)
				: this.#decoder.read(into, this.#filled - this.#marker.length, whole - this.#filled, untilMs);
			if (length < 0) return 'later';
			if (length === 0) return this.#filled === 0 && this.complaint() === '' ? 'end' : 'cut';
			this.#filled += length;
		}
		this.#filled = 0;
		return 'luma';
	}

	skip(into: Uint8Array, untilMs: number): Reading {
		return this.read(into, untilMs);
	}

	rewind(): void {
		this.close();
		this.#filled = 0;
		this.#decoder = new Decoder(this.#file, argumentsFor(this.#file, this.#options));
		this.#header();
	}

	complaint(): string {
		return this.#decoder.complaint(monotonicMs() + this.#options.decoderMs);
	}

	close(): void {
		this.#decoder.close();
	}

	#header(): ParsedY4mHeader {
		const until = monotonicMs() + this.#options.decoderMs;
		const line = new Uint8Array(longestHeader);
		// A byte at a time: the frames behind the line belong to `read`.
		for (let at = 0; at < line.length && line[at - 1] !== 10; at++) {
			const length = this.#decoder.read(line, at, 1, until);
			if (length === 1) continue;
			const complaint =
				length < 0 ? `ffmpeg gave no picture in ${this.#options.decoderMs} ms` : this.complaint() || 'no picture in it';
			this.close();
			throw new PhleboxError('not-a-video', `${this.#file} cannot be played as a video: ${complaint}`);
		}
		const header = parseHeader(line);
		if (typeof header !== 'string') return header;
		this.close();
		throw new PhleboxError('not-a-video', `${this.#file} cannot be played: of what ffmpeg gave, ${header}`);
	}
}

function argumentsFor(file: string, options: FfmpegOptions): string[] {
	return [
		...['-nostdin', '-v', 'error'],
		...(options.loop && !options.still ? ['-stream_loop', '-1'] : []),
		// With the protocol named, no file name is taken for an option, a list or an address.
		...['-i', `file:${file}`, '-map', '0:v:0', '-f', 'yuv4mpegpipe', '-pix_fmt', 'gray'],
		...(options.framesPerSecond === undefined ? [] : ['-r', String(options.framesPerSecond)]),
		...(options.still ? ['-frames:v', '1'] : []),
		'pipe:1',
	];
}

/** ffmpeg draws some text files as pictures of a terminal, and takes others for lists of videos. */
function refuseText(file: string): void {
	const start = new Uint8Array(4096);
	const descriptor = openSync(file, 'r');
	let length: number;
	try {
		length = readSync(descriptor, start, 0, start.length, 0);
	} finally {
		closeSync(descriptor);
	}
	if (length === 0) throw new PhleboxError('not-a-video', `${file} is empty`);
	if (isText(start.subarray(0, length)) && !isY4m(start))
		throw new PhleboxError('not-a-video', `${file} is text, no video`);
}

function isText(bytes: Uint8Array): boolean {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes from text
		return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
	} catch {
		return false;
	}
}
