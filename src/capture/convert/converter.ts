/**
 * Port: makes an NV12 frame of what a device delivers in a format that the box does not read as it is. Both lie in the
 * frame memory. The fields tell of the frame that was made last.
 */
export interface Converter {
	/** Pixels: what came, which a compressed picture says itself. */
	readonly width: number;
	readonly height: number;
	/** Bytes a row. */
	readonly stride: number;
	/** Bytes of the whole frame. */
	readonly byteLength: number;
	/**
	 * @param from byte offset of what was delivered
	 * @param fromBytes bytes of it
	 * @param to byte offset of the slot for the frame
	 * @returns false for a damaged picture, of which nothing was made
	 */
	convert(from: number, fromBytes: number, to: number): boolean;
}

/** Rows of NV12 made here: two bytes of chroma for each pair of pixels begun. */
export function nv12Stride(width: number): number {
	return width + (width & 1);
}

export function nv12Bytes(width: number, height: number): number {
	return nv12Stride(width) * (height + Math.ceil(height / 2));
}
