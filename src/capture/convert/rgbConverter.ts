import { loadKernel } from '../../wasmKernel.ts';
import type { FrameMemory } from '../frameMemory.ts';
import { type Converter, nv12Bytes, nv12Stride } from './converter.ts';

/** Export of rgb.as.ts, which says what it does. */
interface Exports {
	rgbToNv12(
		...[source, stride, pixelBytes, red, blue, width, height, out, outStride]: [
			...[number, number, number, number, number],
			...[number, number, number, number],
		]
	): void;
}

/** How the bytes of packed RGB pixels lie; green is the second byte. */
export interface RgbLayout {
	readonly bytes: 3 | 4;
	readonly red: number;
	readonly blue: number;
}

/** Packed RGB to NV12, in WebAssembly SIMD over the frame memory. Allocates nothing a frame. */
export class RgbConverter implements Converter {
	readonly width: number;
	readonly height: number;
	readonly stride: number;
	readonly byteLength: number;
	readonly #layout: RgbLayout;
	readonly #sourceStride: number;
	readonly #kernel: Exports;

	/** @param sourceStride bytes a row of what is delivered */
	constructor(memory: FrameMemory, layout: RgbLayout, width: number, height: number, sourceStride: number) {
		this.width = width;
		this.height = height;
		this.stride = nv12Stride(width);
		this.byteLength = nv12Bytes(width, height);
		this.#layout = layout;
		this.#sourceStride = sourceStride;
		this.#kernel = loadKernel<Exports>('dist/kernels/rgb.wasm', memory);
	}

	convert(from: number, _fromBytes: number, to: number): boolean {
		const { bytes, red, blue } = this.#layout;
		const { width, height, stride } = this;
		this.#kernel.rgbToNv12(from, this.#sourceStride, bytes, red, blue, width, height, to, stride);
		return true;
	}
}
