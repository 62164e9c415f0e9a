import type { PixelFormat } from '../frame.ts';

/**
 * What a device may deliver, by its V4L2 fourcc, best first: what needs no work, then what needs a little, then JPEG.
 * `frame` is the format of the frames that come of it. `rgb` says how many bytes a pixel has and where in it red and
 * blue lie; green is always the second. Byte orders: "Packed RGB formats" of the V4L2 specification.
 */
export const wireFormats = {
	YUYV: { frame: 'YUYV', kind: 'raw' },
	UYVY: { frame: 'UYVY', kind: 'raw' },
	NV12: { frame: 'NV12', kind: 'raw' },
	GREY: { frame: 'GREY', kind: 'raw' },
	BGR3: { frame: 'NV12', kind: 'rgb', bytes: 3, red: 2, blue: 0 },
	RGB3: { frame: 'NV12', kind: 'rgb', bytes: 3, red: 0, blue: 2 },
	XR24: { frame: 'NV12', kind: 'rgb', bytes: 4, red: 2, blue: 0 },
	BGR4: { frame: 'NV12', kind: 'rgb', bytes: 4, red: 2, blue: 0 },
	MJPG: { frame: 'NV12', kind: 'jpeg' },
} as const satisfies Record<string, Wire>;

export type WireFormat = keyof typeof wireFormats;
export const wireFormatNames = Object.keys(wireFormats) as WireFormat[];

export type Wire =
	| { frame: PixelFormat; kind: 'raw' }
	| { frame: 'NV12'; kind: 'rgb'; bytes: 3 | 4; red: number; blue: number }
	| { frame: 'NV12'; kind: 'jpeg' };
