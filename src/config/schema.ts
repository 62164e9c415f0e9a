import { z } from 'zod';
import { buttonsSchema } from './buttonsSection.ts';
import { captureSchema } from './captureSection.ts';
import { examSchema } from './examSection.ts';
import { indicatorSchema } from './indicatorSection.ts';
import { inferenceSchema } from './inferenceSection.ts';
import { screenSchema } from './screenSection.ts';
import { mqttSchema, storeSchema } from './telemetrySection.ts';
import { updateSchema } from './updateSection.ts';

const milliseconds = z.number().positive();

/**
 * The whole configuration of a box. Everything that can be set stands here once: types, defaults, JSON Schema, the
 * environment's names and docs/config.md come from it. Unknown keys are refused.
 */
export const configSchema = z.strictObject({
	box: z
		.strictObject({
			id: z
				.string()
				.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'letters, digits, - and _, at most 64')
				.default('box')
				.describe('Name of this box on MQTT: the level after the version in every topic, and the client id.'),
			label: z
				.string()
				.max(64)
				.default('')
				.describe('What people call the box, such as a room number. Goes into the birth message. Never a patient.'),
		})
		.prefault({}),
	capture: captureSchema.prefault({}),
	screen: screenSchema.prefault({}),
	inference: inferenceSchema.prefault({}),
	exam: examSchema.prefault({}),
	indicator: indicatorSchema.prefault({}),
	buttons: buttonsSchema.prefault({}),
	vision: z
		.strictObject({
			watchdogMs: milliseconds
				.min(200)
				.max(60_000)
				.default(2000)
				.describe('A vision thread that shows no sign of life for this long is reported and restarted.'),
			startMs: milliseconds
				.min(1000)
				.max(600_000)
				.default(30_000)
				.describe('The same while the thread starts: it loads the model and proves it with the golden images.'),
			previewHz: z
				.number()
				.min(0)
				.max(30)
				.default(12)
				.describe('Pictures of the scan area a second for the display page; 0 shows none.'),
			cpus: z
				.array(z.int().min(0).max(1023))
				.min(1)
				.nullable()
				.default(null)
				.describe('Processors, from 0 on, that the way from frame to light may run on; null: any.'),
			realtimePriority: z
				.int()
				.min(0)
				.max(99)
				.default(0)
				.describe(
					'Real-time priority of the way from frame to light (SCHED_FIFO); 0 for none. Needs deploy/systemd/realtime.conf.',
				),
		})
		.prefault({}),
	mqtt: mqttSchema.prefault({}),
	store: storeSchema.prefault({}),
	update: updateSchema.prefault({}),
	web: z
		.strictObject({
			enabled: z.boolean().default(true).describe('Serve the display page and the local API.'),
			host: z
				.string()
				.default('127.0.0.1')
				.describe('Address to listen on. Other than loopback: anyone there can look on.'),
			port: z.int().min(0).max(65_535).default(8080).describe('TCP port; 0 takes any free one.'),
		})
		.prefault({}),
	log: z
		.strictObject({
			level: z
				.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
				.default('info')
				.describe('Least severe level that is written, as JSON lines on standard error.'),
		})
		.prefault({}),
});

export type Config = z.infer<typeof configSchema>;
