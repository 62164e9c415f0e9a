/** Pixel formats a source may deliver. GREY: one byte a pixel; NV12: a luma plane first; YUYV/UYVY: two bytes a pixel. */
export const pixelFormats = ['YUYV', 'UYVY', 'NV12', 'GREY'] as const;
export type PixelFormat = (typeof pixelFormats)[number];

/** A rectangle in pixels of the delivered frame. */
export interface Roi {
	x: number;
	y: number;
	width: number;
	height: number;
}

/**
 * One delivered frame. The object and the memory behind it belong to the source and are valid until the next call of
 * `next()` or `close()`: nothing on the way from frame to light may keep either.
 */
export interface Frame {
	/** Pixels. */
	width: number;
	height: number;
	pixelFormat: PixelFormat;
	/** Bytes from one row of luma to the next. */
	stride: number;
	/** Where the first byte of the frame lies in the frame memory (`FrameMemory.bytes`). */
	offset: number;
	/** Bytes of the frame in the frame memory. */
	byteLength: number;
	/** The kernel's sequence number (or the source's own count); gaps mean dropped frames. */
	sequence: number;
	/** Capture time on the monotonic clock (src/clock.ts), milliseconds. */
	timestampMs: number;
}

/** Where in a frame the luma lies: byte of the first luma sample, and bytes from one sample to the next in a row. */
export interface LumaLayout {
	readonly first: number;
	readonly step: 1 | 2;
}

/** Made once: a fresh object each time would be one a row in the vision loop. */
const lumaLayouts: Readonly<Record<PixelFormat, LumaLayout>> = {
	YUYV: { first: 0, step: 2 },
	UYVY: { first: 1, step: 2 },
	NV12: { first: 0, step: 1 },
	GREY: { first: 0, step: 1 },
};

export function lumaLayout(format: PixelFormat): LumaLayout {
	return lumaLayouts[format];
}

/** Bytes of a whole frame with rows of `stride` bytes. */
export function frameBytes(format: PixelFormat, stride: number, height: number): number {
	return format === 'NV12' ? stride * height + stride * Math.ceil(height / 2) : stride * height;
}
