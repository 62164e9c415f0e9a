import type { Frame, Roi } from '../capture/frame.ts';

/**
 * Port: the pixel work between the frame memory and the network's input. Everything lies in one FrameMemory and is named
 * by byte offsets; nothing is allocated or copied. The SIMD kernel (pixels.as.ts) and its plain twin
 * (referenceKernel.ts) answer alike within 1e-3 of full scale.
 */
export interface PixelKernel {
	/**
	 * Area average of the frame's luma inside `roi` into a float32 tensor [outHeight, outWidth] of values 0..1 (luma / 255).
	 * Each source pixel counts with the share of it that lies in the output pixel's footprint; where the output is larger
	 * than the ROI, footprints are fractions of a source pixel. Where many rows make one, every second one is read (sourceRows.ts).
	 * @param out byte offset of the tensor, 16-aligned
	 */
	areaAverage(frame: Frame, roi: Roi, out: number, outWidth: number, outHeight: number): void;
	/** float32 tensor of `count` values to bytes 0..255, rounded. */
	toBytes(tensor: number, out: number, count: number): void;
}
