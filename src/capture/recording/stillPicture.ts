import { PhleboxError } from '../../errors.ts';
import type { LumaReader, Reading } from './lumaReader.ts';

/** A picture shown again and again: decoded once, then copied. */
export class StillPicture implements LumaReader {
	readonly width: number;
	readonly height: number;
	readonly framesPerSecond = undefined;
	readonly #luma: Uint8Array;
	readonly #frames: number;
	#shown = 0;

	/**
	 * @param picture gives the picture as its first frame, and is closed here
	 * @param frames how often it is delivered before the end
	 * @param untilMs moment on the monotonic clock by which it must be decoded
	 * @throws PhleboxError not-a-video
	 */
	constructor(file: string, picture: LumaReader, frames: number, untilMs: number) {
		this.width = picture.width;
		this.height = picture.height;
		this.#frames = frames;
		this.#luma = new Uint8Array(picture.width * picture.height);
		const reading = picture.read(this.#luma, untilMs);
		const complaint = reading === 'luma' ? '' : picture.complaint() || 'it is not whole';
		picture.close();
		if (reading !== 'luma') throw new PhleboxError('not-a-video', `${file} cannot be shown: ${complaint}`);
	}

	read(into: Uint8Array): Reading {
		const reading = this.skip();
		if (reading === 'luma') into.set(this.#luma);
		return reading;
	}

	skip(): Reading {
		if (this.#shown >= this.#frames) return 'end';
		this.#shown++;
		return 'luma';
	}

	rewind(): void {
		this.#shown = 0;
	}

	complaint(): string {
		return '';
	}

	close(): void {}
}

/** Whether a file is a single picture, by its name. */
export function isStillPicture(file: string): boolean {
	return /\.(?:png|jpe?g|bmp|tiff?|webp|pgm|ppm)$/i.test(file);
}
