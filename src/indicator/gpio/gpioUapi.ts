/**
 * The part of linux/gpio.h (the character device, version 2) that is used: request numbers, sizes and byte offsets of
 * structs, constants. The same on x64 and arm64; test/indicator/uapi.test.ts compares them with a C compiler's.
 */
export const gpioBytes = {
	gpiochip_info: 68,
	gpio_v2_line_info: 256,
	gpio_v2_line_request: 592,
	gpio_v2_line_values: 16,
} as const;

export const gpioOffsets = {
	gpiochip_info: { name: 0, label: 32, lines: 64 },
	gpio_v2_line_info: { name: 0, consumer: 32, offset: 64, flags: 72 },
	gpio_v2_line_request: { offsets: 0, consumer: 256, config: 288, num_lines: 560, fd: 588 },
	gpio_v2_line_values: { bits: 0, mask: 8 },
} as const;

const write = 1;
const read = 2;

/** _IOC of asm-generic/ioctl.h, for the type 0xB4. */
function request(direction: number, number: number, struct: keyof typeof gpioBytes): number {
	return ((direction << 30) | (gpioBytes[struct] << 16) | (0xb4 << 8) | number) >>> 0;
}

export const gpioIoctls = {
	GPIO_GET_CHIPINFO_IOCTL: request(read, 0x01, 'gpiochip_info'),
	GPIO_V2_GET_LINEINFO_IOCTL: request(read | write, 0x05, 'gpio_v2_line_info'),
	GPIO_V2_GET_LINE_IOCTL: request(read | write, 0x07, 'gpio_v2_line_request'),
	GPIO_V2_LINE_SET_VALUES_IOCTL: request(read | write, 0x0f, 'gpio_v2_line_values'),
} as const;

export const gpioFlags = {
	GPIO_V2_LINE_FLAG_USED: 1,
	GPIO_V2_LINE_FLAG_ACTIVE_LOW: 2,
	GPIO_V2_LINE_FLAG_OUTPUT: 8,
} as const;

/** GPIO_MAX_NAME_SIZE. */
export const gpioNameBytes = 32;
