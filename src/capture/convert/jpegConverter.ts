import type { FrameMemory } from '../frameMemory.ts';
import { type Converter, nv12Bytes, nv12Stride } from './converter.ts';
import { JpegDecoder } from './jpegDecoder.ts';
import { RgbConverter } from './rgbConverter.ts';

const decodedLayout = { bytes: 3, red: 0, blue: 2 } as const;

/**
 * Motion JPEG to NV12: decoded to RGB in the codec's own memory, copied behind the frame's place in the slot, converted
 * there. The picture's own size counts, not the one that was agreed on.
 */
export class JpegConverter implements Converter {
	readonly #memory: FrameMemory;
	readonly #decoder = new JpegDecoder();
	readonly #fits: (width: number, height: number) => boolean;
	#rgb: RgbConverter | undefined;
	width = 0;
	height = 0;
	stride = 0;
	byteLength = 0;

	constructor(memory: FrameMemory) {
		this.#memory = memory;
		this.#fits = (width, height) => jpegRoom(width, height) <= memory.slotBytes;
	}

	convert(from: number, fromBytes: number, to: number): boolean {
		const { bytes } = this.#memory;
		const pixels = this.#decoder.decode(bytes.subarray(from, from + fromBytes), this.#fits);
		if (pixels === undefined) return false;
		const { width, height, components } = this.#decoder;
		if (width !== this.width || height !== this.height) this.#resize(width, height);
		const behind = to + this.byteLength;
		bytes.set(pixels, behind);
		if (components === 1) this.#placeGrey(behind, to);
		else this.#rgb!.convert(behind, pixels.length, to);
		return true;
	}

	#resize(width: number, height: number): void {
		this.width = width;
		this.height = height;
		this.stride = nv12Stride(width);
		this.byteLength = nv12Bytes(width, height);
		this.#rgb = new RgbConverter(this.#memory, decodedLayout, width, height, 3 * width);
	}

	#placeGrey(from: number, to: number): void {
		const { bytes } = this.#memory;
		for (let row = 0; row < this.height; row++)
			bytes.copyWithin(to + row * this.stride, from + row * this.width, from + (row + 1) * this.width);
		bytes.fill(128, to + this.height * this.stride, to + this.byteLength);
	}
}

/** Bytes of a slot that a picture needs: the frame and, behind it, the decoded RGB. */
export function jpegRoom(width: number, height: number): number {
	return nv12Bytes(width, height) + 3 * width * height;
}
