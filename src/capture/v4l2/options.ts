import { type WireFormat, wireFormatNames } from './wireFormats.ts';

/** How a V4L2 device is read. */
export interface V4l2Options {
	/** Such as `/dev/video0`, or a link below /dev/v4l/by-id that stays the same when devices come in another order. */
	device: string;
	/**
	 * Pixels, asked of a device without DV timings (a camera, a USB grabber). Not given: as the device stands. A device
	 * with DV timings always delivers what comes in over the cable.
	 */
	width?: number;
	height?: number;
	/** The formats that are accepted, best first. */
	pixelFormats: readonly WireFormat[];
	/** Buffers asked of the driver: one is being read, the others are filled meanwhile. */
	buffers: number;
	/** After a fault the device is opened again at most this often, milliseconds. */
	reopenMs: number;
	/** With no good frame for so long a stream counts as stuck, milliseconds. */
	stuckMs: number;
	/** The same for the first frame after the start, for which cameras take their time, milliseconds. */
	firstFrameMs: number;
	/**
	 * A frame older than this is passed over when every buffer was full, milliseconds: after a pause of the reader the
	 * buffers hold what was on the screen long ago.
	 */
	staleMs: number;
	/** How often the input is asked for its signal while frames come, milliseconds: many devices stream on without one. */
	queryMs: number;
	/** Copies each frame out of the driver's memory: for boards where that memory is uncached and slow to read. */
	copy: boolean;
	/** Writes the modes that the box wants into the input's EDID, where the driver takes one. */
	edid: boolean;
}

export const v4l2Defaults = {
	device: '/dev/video0',
	pixelFormats: wireFormatNames,
	buffers: 4,
	reopenMs: 500,
	stuckMs: 1000,
	firstFrameMs: 5000,
	staleMs: 100,
	queryMs: 200,
	copy: false,
	edid: true,
} as const satisfies V4l2Options;
