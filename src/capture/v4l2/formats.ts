import { nv12Bytes, nv12Stride } from '../convert/converter.ts';
import { jpegRoom } from '../convert/jpegConverter.ts';
import { frameBytes, lumaLayout, type PixelFormat } from '../frame.ts';
import type { Fault } from './faults.ts';
import { constants } from './ioctls.ts';
import { type Wire, type WireFormat, wireFormats } from './wireFormats.ts';

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
	/** Pieces of memory that a frame is spread over; 1 but for some formats of the multi-planar API. */
	planes: number;
}

export interface FrameFormat {
	width: number;
	height: number;
	pixelFormat: PixelFormat;
	stride: number;
	/** Bytes of a whole frame. */
	byteLength: number;
	/** What the device delivers, of which the frame is made. */
	wireFormat: WireFormat;
	wireStride: number;
	/** Fewer bytes than this are a damaged frame. */
	wireBytes: number;
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
	wanted: readonly WireFormat[],
): WireFormat | Fault {
	const chosen = wanted.find((format) => offered.includes(format));
	if (chosen !== undefined) return chosen;
	const instead = offered.length === 0 ? 'nothing' : offered.join(', ');
	return { signal: 'unsupported-format', detail: `${device} offers ${instead}; this box reads ${wanted.join(', ')}` };
}

/** V4L2_FIELD_... by number; half frames and woven ones are both no picture of one moment. */
const fieldNames: readonly string[] = [
	'an unknown order of fields',
	'progressive',
	'top half frames',
	'bottom half frames',
	'interlaced frames',
	'half frames one below the other, top first',
	'half frames one below the other, bottom first',
	'half frames in turn',
	'interlaced frames, top first',
	'interlaced frames, bottom first',
];

/** Whether the box can read what the device really delivers: never what was asked of it. */
export function checkFormat(
	device: string,
	delivered: DeliveredFormat,
	wanted: readonly WireFormat[],
	largestBytes: number,
): FrameFormat | Fault {
	const { width, height, fourcc, field, bytesPerLine, sizeImage, planes } = delivered;
	const unsupported = (why: string): Fault => ({ signal: 'unsupported-format', detail: `${device} delivers ${why}` });
	const wireFormat = wanted.find((format) => format === fourcc);
	if (wireFormat === undefined) return unsupported(`${fourcc}; this box reads ${wanted.join(', ')}`);
	if (field !== constants.FIELD_NONE)
		return unsupported(`${fieldNames[field] ?? `fields of order ${field}`}; this box reads progressive pictures only`);
	if (planes !== 1) return unsupported(`${fourcc} in ${planes} separate planes`);
	const wire: Wire = wireFormats[wireFormat];
	const least = width * wireRowBytes(wire);
	// Some drivers leave it at zero and mean rows without gaps.
	const wireStride = bytesPerLine === 0 || wire.kind === 'jpeg' ? least : bytesPerLine;
	const wireBytes =
		wire.kind === 'jpeg'
			? leastJpegBytes
			: wire.kind === 'rgb'
				? wireStride * height
				: frameBytes(wire.frame, wireStride, height);
	if (width < 1 || height < 1 || wireStride < least || sizeImage < wireBytes)
		return unsupported(`${fourcc} of ${width}x${height} that does not fit its ${sizeImage} bytes`);
	const room = wire.kind === 'jpeg' ? jpegRoom(width, height) : Math.max(wireBytes, nv12Bytes(width, height));
	if ((wire.kind === 'raw' ? wireBytes : room) > largestBytes)
		return unsupported(`${width}x${height}, too large for this box`);
	return {
		width,
		height,
		pixelFormat: wire.frame,
		stride: wire.kind === 'raw' ? wireStride : nv12Stride(width),
		byteLength: wire.kind === 'raw' ? wireBytes : nv12Bytes(width, height),
		wireFormat,
		wireStride,
		wireBytes,
	};
}

/** Start and end marks and a header: no picture has fewer. */
const leastJpegBytes = 16;

/** Least bytes a pixel in a row. */
function wireRowBytes(wire: Wire): number {
	return wire.kind === 'raw' ? lumaLayout(wire.frame).step : wire.kind === 'rgb' ? wire.bytes : 0;
}
