import { frameBytes, lumaLayout, type PixelFormat } from '../frame.ts';
import type { Fault } from './faults.ts';
import { constants } from './ioctls.ts';

/** What a device says it delivers (VIDIOC_G_FMT), and after `checkFormat` what it does deliver. */
export interface DeliveredFormat {
	/** Pixels. */
	width: number;
	height: number;
	/** Four characters. */
	fourcc: string;
	/** V4L2_FIELD_... */
	field: number;
	/** Bytes from one row to the next. */
	bytesPerLine: number;
	/** Bytes of a whole frame, as the driver has it. */
	sizeImage: number;
}

export interface FrameFormat {
	width: number;
	height: number;
	pixelFormat: PixelFormat;
	stride: number;
	/** Bytes of a whole frame: fewer are a damaged one. */
	byteLength: number;
}

/** `YUYV` for 0x56595559; what is no letter becomes `?`, and the mark of big-endian formats is left away. */
export function fourccText(code: number): string {
	const letter = (shift: number) => String.fromCharCode((code >>> shift) & 0x7f).replace(/[^ -~]/, '?');
	return [0, 8, 16, 24].map(letter).join('').trimEnd();
}

export function fourccCode(text: string): number {
	const padded = text.padEnd(4);
	return [3, 2, 1, 0].reduce((code, at) => (code << 8) | padded.charCodeAt(at), 0) >>> 0;
}

/** The first wanted format among those offered, or the fault that says what is offered instead. */
export function chooseFormat(
	device: string,
	offered: readonly string[],
	wanted: readonly PixelFormat[],
): PixelFormat | Fault {
	const chosen = wanted.find((format) => offered.includes(format));
	if (chosen !== undefined) return chosen;
	const instead = offered.length === 0 ? 'nothing' : offered.join(', ');
	return { signal: 'unsupported-format', detail: `${device} offers ${instead}; this box reads ${wanted.join(', ')}` };
}

const wholeFrames: readonly number[] = [
	constants.FIELD_NONE,
	constants.FIELD_INTERLACED,
	constants.FIELD_INTERLACED_TB,
	constants.FIELD_INTERLACED_BT,
];

/** Whether the box can read what the device really delivers: never what was asked of it. */
export function checkFormat(
	device: string,
	delivered: DeliveredFormat,
	wanted: readonly PixelFormat[],
	largestBytes: number,
): FrameFormat | Fault {
	const { width, height, fourcc, field, bytesPerLine, sizeImage } = delivered;
	const unsupported = (why: string): Fault => ({ signal: 'unsupported-format', detail: `${device} delivers ${why}` });
	const pixelFormat = wanted.find((format) => format === fourcc);
	if (pixelFormat === undefined) return unsupported(`${fourcc}; this box reads ${wanted.join(', ')}`);
	if (!wholeFrames.includes(field)) return unsupported(`${fourcc} in half frames (field order ${field})`);
	const least = width * lumaLayout(pixelFormat).step;
	// Some drivers leave it at zero and mean rows without gaps.
	const stride = bytesPerLine === 0 ? least : bytesPerLine;
	const byteLength = frameBytes(pixelFormat, stride, height);
	if (width < 1 || height < 1 || stride < least || sizeImage < byteLength)
		return unsupported(`${fourcc} of ${width}x${height} that does not fit its ${sizeImage} bytes`);
	if (byteLength > largestBytes) return unsupported(`${width}x${height}, too large for this box`);
	return { width, height, pixelFormat, stride, byteLength };
}
