import { z } from 'zod';

const led = z.string().regex(/^[^\s]+$/, 'a folder such as /sys/class/leds/phlebox:green');

export const indicatorSchema = z.strictObject({
	expiryMs: z
		.number()
		.min(50)
		.max(2000)
		.default(250)
		.describe('A shown result that is not renewed for this long turns to *don’t know*.'),
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
});
