/**
 * The part of linux/input.h that is used, as it is on 64-bit machines: request numbers, sizes, offsets, constants.
 * test/indicator/uapi.test.ts compares them with a C compiler's.
 */
export const inputBytes = { input_event: 24 } as const;
export const inputOffsets = { input_event: { type: 16, code: 18, value: 20 } } as const;

/** Longest name of a device that is asked for, bytes; and the bits of all keys (KEY_MAX is 0x2ff). */
export const inputNameBytes = 256;
export const keyBitBytes = 96;

const write = 1;
const read = 2;

/** _IOC of asm-generic/ioctl.h, for the type 'E'. */
function request(direction: number, number: number, bytes: number): number {
	return ((direction << 30) | (bytes << 16) | (0x45 << 8) | number) >>> 0;
}

export const inputConstants = {
	EV_SYN: 0,
	EV_KEY: 1,
	/** Events were lost: what is held down is not known. */
	SYN_DROPPED: 3,
} as const;

export const inputIoctls = {
	EVIOCGRAB: request(write, 0x90, 4),
	EVIOCGNAME: request(read, 0x06, inputNameBytes),
	/** EVIOCGBIT(EV_KEY): which keys the device has. */
	EVIOCGBIT_KEY: request(read, 0x20 + inputConstants.EV_KEY, keyBitBytes),
} as const;
