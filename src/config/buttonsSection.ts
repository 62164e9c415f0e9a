import { z } from 'zod';
import { keyCode } from '../buttons/keyNames.ts';
import { buttonActions } from '../buttons/presses.ts';

const key = z
	.union([z.int().min(1).max(0x2ff), z.string()])
	.refine(
		(name) => keyCode(name) !== undefined,
		'a key such as KEY_ENTER, BTN_LEFT, or its number (`evtest` shows them)',
	)
	.optional();

export const buttonsSchema = z.strictObject({
	holdMs: z
		.number()
		.min(0)
		.max(10_000)
		.default(1000)
		.describe('How long the button `cancel` has to be held, so that no examination is given up by accident.'),
	devices: z
		.array(
			z
				.strictObject({
					device: z.string().min(1).describe('Input device, such as /dev/phlebox/buttons or /dev/input/by-id/....'),
					next: key.describe('Key that begins the next examination; a running one ends first.'),
					side: key.describe('Key that changes the side: left, right, left, ...'),
					cancel: key.describe('Key that, held, cancels the running examination.'),
					dim: key.describe('Key that switches between full brightness and the one for dark rooms.'),
					grab: z.boolean().default(true).describe('Take the device for the box alone: its keys type nowhere else.'),
				})
				.refine(
					(device) => {
						const codes = buttonActions.flatMap((action) => keyCode(device[action] ?? 0) || []);
						return codes.length > 0 && new Set(codes).size === codes.length;
					},
					`name at least one of ${buttonActions.join(', ')}, each with a key of its own`,
				),
		)
		.default([])
		.describe('Push buttons, foot pedals or key pads.'),
});
