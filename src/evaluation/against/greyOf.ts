import type { Spec } from './spec.ts';

/** The brightness of the scan area alone, a byte a pixel, row by row: of YUYV every second byte. */
export function greyOf(bytes: Uint8Array, { frame, roi }: Spec): Uint8Array<ArrayBuffer> {
	const step = frame.pixelFormat === 'YUYV' ? 2 : 1;
	const grey = new Uint8Array(roi.width * roi.height);
	let at = 0;
	for (let y = roi.y; y < roi.y + roi.height; y++) {
		let from = y * frame.stride + roi.x * step;
		for (let x = 0; x < roi.width; x++, from += step) grey[at++] = bytes[from]!;
	}
	return grey;
}

/** The frames of the file, each a view. */
export function framesOf(file: Uint8Array, count: number): Uint8Array[] {
	const byteLength = file.length / count;
	return Array.from({ length: count }, (_, place) => file.subarray(place * byteLength, (place + 1) * byteLength));
}
