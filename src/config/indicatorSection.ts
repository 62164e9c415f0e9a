import { z } from 'zod';

const led = z.string().regex(/^[^\s]+$/, 'a folder such as /sys/class/leds/phlebox:green');
const line = z.union([z.int().min(0).max(1023), z.string().min(1).max(31)]);

export const indicatorSchema = z.strictObject({
	expiryMs: z
		.number()
		.min(50)
		.max(2000)
		.default(250)
		.describe('A shown result that is not renewed for this long turns to *don’t know*.'),
	selfTest: z
		.boolean()
		.default(true)
		.describe('Show each state of the light once at start, before the first picture is looked at.'),
	dimmed: z.boolean().default(false).describe('Start with the brightness for dark rooms.'),
	dimPercent: z
		.number()
		.min(1)
		.max(100)
		.default(20)
		.describe('Brightness in a dark room, percent of each light’s own; a button switches between the two.'),
	console: z.boolean().default(false).describe('Print a line on standard output whenever the light changes.'),
	leds: z
		.array(
			z.strictObject({
				red: led.optional().describe('LED of that colour.'),
				green: led.optional().describe('LED of that colour.'),
				blue: led.optional().describe('LED of that colour.'),
				single: led.optional().describe('A lamp of one colour: states differ by pattern alone.'),
				multicolour: led.optional().describe('A lamp of the multicolour class (multi_intensity).'),
				brightness: z.number().min(1).max(100).default(100).describe('Percent of the lamp’s full brightness.'),
			}),
		)
		.default([])
		.describe('LEDs of the kernel’s LED class that show the light.'),
	gpio: z
		.array(
			z.strictObject({
				chip: z.string().default('/dev/gpiochip0').describe('GPIO chip.'),
				activeLow: z.boolean().default(false).describe('The lamps are lit by a low level.'),
				red: line.optional().describe('Number or name of the line of that colour.'),
				green: line.optional().describe('Number or name of the line of that colour.'),
				blue: line.optional().describe('Number or name of the line of that colour.'),
				single: line.optional().describe('A lamp of one colour: states differ by pattern alone.'),
			}),
		)
		.default([])
		.describe('Lamps on GPIO lines, for boards that do not describe them to the kernel as LEDs.'),
	framebuffers: z
		.array(
			z.strictObject({
				device: z.string().min(1).default('/dev/fb0').describe('The framebuffer.'),
				brightness: z.number().min(1).max(100).default(100).describe('Percent of full brightness.'),
			}),
		)
		.default([])
		.describe('Displays with a framebuffer of the kernel that show the light’s states with their words.'),
	ssd1306: z
		.array(
			z.strictObject({
				bus: z.string().min(1).default('/dev/i2c-1').describe('The I2C bus.'),
				address: z.int().min(3).max(0x77).default(0x3c).describe('Address on the bus.'),
				height: z
					.union([z.literal(64), z.literal(32)])
					.default(64)
					.describe('Rows; it is 128 pixels wide.'),
				brightness: z.number().min(1).max(100).default(100).describe('Percent of full contrast.'),
			}),
		)
		.default([])
		.describe('OLED displays with the controller SSD1306 on an I2C bus, the same way.'),
});
