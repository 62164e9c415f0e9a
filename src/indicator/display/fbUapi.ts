/**
 * The part of linux/fb.h that is used, as it is on 64-bit machines. test/indicator/uapi.test.ts compares it with a C
 * compiler's.
 */
export const fbBytes = { fb_var_screeninfo: 160, fb_fix_screeninfo: 80 } as const;
export const fbOffsets = {
	fb_var_screeninfo: { xres: 0, yres: 4, xoffset: 16, yoffset: 20, bits_per_pixel: 24, red: 32, green: 44, blue: 56 },
	fb_fix_screeninfo: { line_length: 48 },
} as const;
/** struct fb_bitfield: first bit, then how many. */
export const fbBitfield = { offset: 0, length: 4 } as const;
export const fbIoctls = {
	FBIOGET_VSCREENINFO: 0x4600,
	FBIOPUT_VSCREENINFO: 0x4601,
	FBIOGET_FSCREENINFO: 0x4602,
} as const;
