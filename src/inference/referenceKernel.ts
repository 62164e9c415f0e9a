import { type Frame, lumaLayout, type Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { PixelKernel } from './pixelKernel.ts';
import { createSourceRows, placeRows } from './sourceRows.ts';

/** The plain twin of the SIMD kernel: written to be read, used as its oracle in tests. */
export class ReferenceKernel implements PixelKernel {
	readonly #bytes: Uint8Array;
	readonly #floats: Float32Array;

	constructor(memory: FrameMemory) {
		this.#bytes = memory.bytes;
		this.#floats = new Float32Array(memory.memory.buffer);
	}

	areaAverage(frame: Frame, roi: Roi, out: number, outWidth: number, outHeight: number): void {
		const { first, step } = lumaLayout(frame.pixelFormat);
		const rows = createSourceRows();
		placeRows(rows, roi, outHeight);
		const start = frame.offset + first + rows.first * frame.stride;
		for (let row = 0; row < outHeight; row++) {
			const top = rows.top + (row * rows.height) / outHeight;
			const bottom = Math.min(rows.count, rows.top + ((row + 1) * rows.height) / outHeight);
			for (let column = 0; column < outWidth; column++) {
				const left = roi.x + (column * roi.width) / outWidth;
				const right = roi.x + ((column + 1) * roi.width) / outWidth;
				let sum = 0;
				for (let y = Math.floor(top); y < bottom; y++) {
					const tall = Math.min(y + 1, bottom) - Math.max(y, top);
					for (let x = Math.floor(left); x < right; x++) {
						const wide = Math.min(x + 1, right) - Math.max(x, left);
						sum += this.#bytes[start + y * rows.apart * frame.stride + x * step]! * tall * wide;
					}
				}
				this.#floats[out / 4 + row * outWidth + column] = sum / ((bottom - top) * (right - left)) / 255;
			}
		}
	}

	toBytes(tensor: number, out: number, count: number): void {
		for (let i = 0; i < count; i++)
			this.#bytes[out + i] = Math.max(0, Math.min(255, Math.round(this.#floats[tensor / 4 + i]! * 255)));
	}
}
