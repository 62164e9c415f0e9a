import { z } from 'zod';
import { bootField, inputField, instant, modelRef, refusedProvider, schemaField } from './fields.ts';

const text = z.string();

export const birthSchema = z.object({
	schema: schemaField,
	boot: bootField,
	startedAt: instant.describe('When the software started.'),
	software: text.describe('Version of Phlebox.'),
	label: text.describe('Name that people gave the box, such as a room number. Never a patient.'),
	input: inputField,
	source: text.describe('The frame source, such as `v4l2 /dev/video0`.'),
	hardware: z.object({ maker: text, model: text, serial: text }).describe('Of the board; empty where it does not say.'),
	system: z.object({
		os: text,
		l4t: text.describe('NVIDIA Linux for Tegra; empty elsewhere.'),
		kernel: text,
		architecture: text,
		node: text,
	}),
	model: modelRef.nullable(),
	provider: text.describe('Execution provider of the network, such as `cpu`.'),
	providersRefused: z
		.array(refusedProvider)
		.optional()
		.describe('Providers that were to be used before it and are not. Older boxes do not say it.'),
	sites: z.array(text).describe('Sites of the examination, in their order.'),
	capabilities: z.array(text).describe('What this box can do beyond the basics.'),
});

export type Birth = z.infer<typeof birthSchema>;

export const birthExample: Birth = {
	schema: 1,
	boot: 17,
	startedAt: '2026-03-02T08:14:02.004Z',
	software: '0.1.0',
	label: 'Room 3',
	input: 'camera',
	source: 'v4l2 /dev/video0',
	hardware: { maker: 'NVIDIA', model: 'Jetson Orin Nano', serial: '1420723050123' },
	system: { os: 'Ubuntu 22.04.5 LTS', l4t: '36.4.3', kernel: '5.15.148-tegra', architecture: 'arm64', node: '22.14.0' },
	model: {
		name: 'phlebox-dual',
		version: '1.0.0',
		sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
	},
	provider: 'cpu',
	providersRefused: [{ provider: 'tensorrt', reason: 'no engine was built for it yet; it is being built' }],
	sites: ['sfj', 'fv'],
	capabilities: [],
};
