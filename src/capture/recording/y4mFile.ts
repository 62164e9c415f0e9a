import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PhleboxError } from '../../errors.ts';
import type { LumaReader, Reading } from './lumaReader.ts';
import { chromaBytes, frameMarker, framesPerSecond, longestHeader, type ParsedY4mHeader, parseHeader } from './y4m.ts';

const newline = 10;
const space = 32;
const marker = Buffer.from(frameMarker, 'latin1');

/** A frame's line may carry parameters (`FRAME Ip`); none in use is near this long. */
const longestFrameLine = 256;

/** Reads a .y4m file straight into its destination; nothing is allocated a frame. */
export class Y4mFile implements LumaReader {
	readonly width: number;
	readonly height: number;
	readonly framesPerSecond: number | undefined;
	readonly #descriptor: number;
	readonly #header: ParsedY4mHeader;
	readonly #chroma: number;
	readonly #line = new Uint8Array(longestFrameLine);
	#position: number;
	#open = true;

	private constructor(descriptor: number, header: ParsedY4mHeader, chroma: number) {
		this.#descriptor = descriptor;
		this.#header = header;
		this.#chroma = chroma;
		this.#position = header.byteLength;
		this.width = header.width;
		this.height = header.height;
		this.framesPerSecond = framesPerSecond(header);
	}

	/**
	 * @returns the file, or undefined for a colour space that is not read here
	 * @throws PhleboxError not-a-video, video-truncated when not even one frame is whole
	 */
	static open(file: string): Y4mFile | undefined {
		const descriptor = openSync(file, 'r');
		try {
			const start = new Uint8Array(longestHeader);
			const header = parseHeader(start.subarray(0, readSync(descriptor, start, 0, start.length, 0)));
			if (typeof header === 'string') throw new PhleboxError('not-a-video', `${file} is no .y4m video: ${header}`);
			const chroma = chromaBytes(header);
			if (chroma === undefined) {
				closeSync(descriptor);
				return undefined;
			}
			const least = header.byteLength + marker.length + header.width * header.height + chroma;
			if (fstatSync(descriptor).size < least)
				throw new PhleboxError('video-truncated', `${file} holds no whole frame: it ends too early`);
			return new Y4mFile(descriptor, header, chroma);
		} catch (error) {
			closeSync(descriptor);
			throw error;
		}
	}

	read(into: Uint8Array): Reading {
		const line = this.#frameLine();
		if (line <= 0) return line === 0 ? 'end' : 'cut';
		const size = this.width * this.height;
		if (!this.#fill(into, size, this.#position + line)) return 'cut';
		return this.#step(line + size + this.#chroma, this.#chroma > 0);
	}

	skip(): Reading {
		const line = this.#frameLine();
		if (line <= 0) return line === 0 ? 'end' : 'cut';
		return this.#step(line + this.width * this.height + this.#chroma, true);
	}

	rewind(): void {
		this.#position = this.#header.byteLength;
	}

	complaint(): string {
		return '';
	}

	close(): void {
		if (this.#open) closeSync(this.#descriptor);
		this.#open = false;
	}

	/** Moves on by one frame, if its last byte is there: luma without its chroma is no whole frame. */
	#step(byteLength: number, unproven: boolean): Reading {
		if (unproven && !this.#fill(this.#line, 1, this.#position + byteLength - 1)) return 'cut';
		this.#position += byteLength;
		return 'luma';
	}

	/** Bytes of the line that opens the frame here; 0 at the end of the file, -1 for anything else. */
	#frameLine(): number {
		const line = this.#line;
		const length = readSync(this.#descriptor, line, 0, marker.length, this.#position);
		if (length === 0) return 0;
		for (let i = 0; i < marker.length - 1; i++) if (i >= length || line[i] !== marker[i]) return -1;
		if (length < marker.length) return -1;
		if (line[marker.length - 1] === newline) return marker.length;
		if (line[marker.length - 1] !== space) return -1;
		const longer = readSync(this.#descriptor, line, 0, line.length, this.#position);
		for (let i = marker.length; i < longer; i++) if (line[i] === newline) return i + 1;
		return -1;
	}

	#fill(into: Uint8Array, byteLength: number, position: number): boolean {
		let filled = 0;
		while (filled < byteLength) {
			const length = readSync(this.#descriptor, into, filled, byteLength - filled, position + filled);
			if (length === 0) return false;
			filled += length;
		}
		return true;
	}
}
