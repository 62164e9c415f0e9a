import { z } from 'zod';

export const screenSchema = z.strictObject({
	roi: z
		.union([z.literal('auto'), z.tuple([z.int().min(0), z.int().min(0), z.int().min(1), z.int().min(1)])])
		.default('auto')
		.describe('The scan area as [x, y, width, height] in pixels of the delivered frame; `auto` finds it.'),
});
