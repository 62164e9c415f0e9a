import { constants, offsets, structBytes } from './ioctls.ts';

/** Timing of a digital video signal, as far as it tells one mode from another. */
export interface Timings {
	/** V4L2_DV_...: what kind of timings the driver speaks of. */
	type: number;
	/** Pixels of the picture. */
	width: number;
	height: number;
	interlaced: boolean;
	/** Pixels a second, blanking included. */
	pixelClock: number;
	/** Frames a second. */
	framesPerSecond: number;
}

const at = offsets.dvTimings;

/** @param struct v4l2_dv_timings */
export function readTimings(struct: Uint8Array): Timings {
	const view = new DataView(struct.buffer, struct.byteOffset, structBytes.dvTimings);
	const word = (offset: number) => view.getUint32(offset, true);
	const [width, height] = [word(at.width), word(at.height)];
	const interlaced = word(at.interlaced) !== 0;
	const pixelClock = Number(view.getBigUint64(at.pixelclock, true));
	const row = width + word(at.hfrontporch) + word(at.hsync) + word(at.hbackporch);
	const secondField = interlaced ? word(at.ilVfrontporch) + word(at.ilVsync) + word(at.ilVbackporch) : 0;
	const rows = height + word(at.vfrontporch) + word(at.vsync) + word(at.vbackporch) + secondField;
	const framesPerSecond = row * rows === 0 ? 0 : pixelClock / (row * rows);
	return { type: word(at.type), width, height, interlaced, pixelClock, framesPerSecond };
}

/** Receivers measure the clock, and measure it a little differently each time. */
const clockTolerance = 0.02;

/** Whether two measurements are of the same mode. */
export function sameTimings(one: Timings, other: Timings): boolean {
	return (
		one.width === other.width &&
		one.height === other.height &&
		one.interlaced === other.interlaced &&
		Math.abs(one.pixelClock - other.pixelClock) <= clockTolerance * Math.max(one.pixelClock, other.pixelClock)
	);
}

/** Such as `1280x720p60`; an interlaced mode is called by its half frames a second, `1920x1080i60`. */
export function timingsText({ width, height, interlaced, framesPerSecond }: Timings): string {
	const rate = framesPerSecond * (interlaced ? 2 : 1);
	return `${width}x${height}${interlaced ? 'i' : 'p'}${Math.round(rate * 100) / 100}`;
}

/** Why a mode cannot be captured, by its name; undefined for one that can. */
export function timingsRefusal(timings: Timings): string | undefined {
	const { type, width, height, interlaced } = timings;
	if (type !== constants.DV_BT_656_1120) return `a signal with timings of the unknown type ${type}`;
	if (width < 1 || height < 1) return `an unknown mode (${timingsText(timings)})`;
	if (interlaced) return `${timingsText(timings)}, which is interlaced: set a progressive mode (p) at the machine`;
	return undefined;
}
