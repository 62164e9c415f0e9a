/**
 * The part of linux/videodev2.h that capture uses: request numbers, sizes and byte offsets of structs, constants. The
 * same on x64 and arm64; test/capture/v4l2/ioctls.test.ts compares them with a C compiler's.
 */
export const structBytes = {
	capability: 104,
	fmtdesc: 64,
	format: 208,
	requestbuffers: 20,
	buffer: 88,
	plane: 64,
	edid: 40,
	input: 80,
	control: 8,
	dvTimings: 132,
	event: 136,
	eventSubscription: 32,
	int: 4,
} as const;

const write = 1;
const read = 2;

/** _IOC of asm-generic/ioctl.h, for the type 'V'. */
function request(direction: number, number: number, struct: keyof typeof structBytes): number {
	return ((direction << 30) | (structBytes[struct] << 16) | (0x56 << 8) | number) >>> 0;
}

export const ioctls = {
	QUERYCAP: request(read, 0, 'capability'),
	ENUM_FMT: request(read | write, 2, 'fmtdesc'),
	G_FMT: request(read | write, 4, 'format'),
	S_FMT: request(read | write, 5, 'format'),
	REQBUFS: request(read | write, 8, 'requestbuffers'),
	QUERYBUF: request(read | write, 9, 'buffer'),
	QBUF: request(read | write, 15, 'buffer'),
	DQBUF: request(read | write, 17, 'buffer'),
	STREAMON: request(write, 18, 'int'),
	STREAMOFF: request(write, 19, 'int'),
	ENUMINPUT: request(read | write, 26, 'input'),
	G_CTRL: request(read | write, 27, 'control'),
	G_INPUT: request(read, 38, 'int'),
	G_EDID: request(read | write, 40, 'edid'),
	S_EDID: request(read | write, 41, 'edid'),
	S_DV_TIMINGS: request(read | write, 87, 'dvTimings'),
	G_DV_TIMINGS: request(read | write, 88, 'dvTimings'),
	DQEVENT: request(read, 89, 'event'),
	SUBSCRIBE_EVENT: request(write, 90, 'eventSubscription'),
	QUERY_DV_TIMINGS: request(read, 99, 'dvTimings'),
} as const;

export type IoctlName = keyof typeof ioctls;

/** Byte offsets of the members used, by struct. */
export const offsets = {
	capability: { driver: 0, card: 16, capabilities: 84, deviceCaps: 88 },
	fmtdesc: { index: 0, type: 4, pixelformat: 44 },
	format: { type: 0, width: 8, height: 12, pixelformat: 16, field: 20, bytesperline: 24, sizeimage: 28 },
	/** The same struct for the multi-planar API. */
	formatPlanar: {
		width: 8,
		height: 12,
		pixelformat: 16,
		field: 20,
		sizeimage: 28,
		bytesperline: 32,
		planes: 188,
	},
	requestbuffers: { count: 0, type: 4, memory: 8 },
	buffer: {
		index: 0,
		type: 4,
		bytesused: 8,
		flags: 12,
		seconds: 24,
		microseconds: 32,
		sequence: 56,
		memory: 60,
		offset: 64,
		planes: 64,
		length: 72,
	},
	plane: { bytesused: 0, length: 4, offset: 8, dataOffset: 16 },
	edid: { pad: 0, startBlock: 4, blocks: 8, edid: 32 },
	input: { index: 0, status: 56, capabilities: 60 },
	control: { id: 0, value: 4 },
	/** Packed in C: the pixel clock lies on no multiple of eight. */
	dvTimings: {
		type: 0,
		width: 4,
		height: 8,
		interlaced: 12,
		pixelclock: 20,
		hfrontporch: 28,
		hsync: 32,
		hbackporch: 36,
		vfrontporch: 40,
		vsync: 44,
		vbackporch: 48,
		ilVfrontporch: 52,
		ilVsync: 56,
		ilVbackporch: 60,
	},
	event: { type: 0 },
	eventSubscription: { type: 0 },
} as const;

/** Named as in the header, less `V4L2_`. */
export const constants = {
	BUF_TYPE_VIDEO_CAPTURE: 1,
	BUF_TYPE_VIDEO_CAPTURE_MPLANE: 9,
	MEMORY_MMAP: 1,
	CAP_VIDEO_CAPTURE: 0x1,
	CAP_VIDEO_CAPTURE_MPLANE: 0x1000,
	CAP_STREAMING: 0x0400_0000,
	CAP_DEVICE_CAPS: 0x8000_0000,
	BUF_FLAG_ERROR: 0x40,
	BUF_FLAG_TIMESTAMP_MASK: 0xe000,
	BUF_FLAG_TIMESTAMP_MONOTONIC: 0x2000,
	FIELD_NONE: 1,
	DV_BT_656_1120: 0,
	IN_CAP_DV_TIMINGS: 0x2,
	IN_ST_NO_POWER: 0x1,
	IN_ST_NO_SIGNAL: 0x2,
	IN_ST_NO_H_LOCK: 0x100,
	IN_ST_NO_V_LOCK: 0x400,
	IN_ST_NO_SYNC: 0x1_0000,
	EVENT_SOURCE_CHANGE: 5,
	CID_DV_RX_POWER_PRESENT: 0x00a0_0964,
} as const;
