import { z } from 'zod';

const providerNames = ['tensorrt', 'cuda', 'cpu'] as const;

const provider = z
	.strictObject({
		name: z.enum(providerNames),
		/** Passed to the runtime as they are: a number that YAML would write another way never comes about. */
		options: z.record(z.string().min(1), z.string()).default({}),
	})
	.refine(({ name, options }) => name !== 'cpu' || Object.keys(options).length === 0, {
		path: ['options'],
		message: 'cpu takes no options; leave them out',
	});

export const inferenceSchema = z.strictObject({
	model: z
		.string()
		.default('shipped')
		.describe('Folder of the model package. `shipped` is the one that comes with the software.'),
	library: z
		.string()
		.nullable()
		.default(null)
		.describe(
			'Path of libonnxruntime.so, for a board’s own build; null takes the one of the npm package onnxruntime-node. Where it cannot be loaded, `cpu` runs on that one.',
		),
	providers: z
		.array(z.union([z.enum(providerNames), provider]))
		.min(1)
		.default(['cpu'])
		.describe(
			'Execution providers in the order in which they are tried; the first one that gives the golden answers is used. A name, or `{name: tensorrt, options: {trt_fp16_enable: "1"}}` with the runtime’s own options, all of them texts.',
		),
	engineFolder: z
		.string()
		.nullable()
		.default(null)
		.describe(
			'Where TensorRT’s engines are kept, for as long as model, runtime, TensorRT, options and device are the same; null: `engines` in the store’s folder. Not for a provider whose options name an engine cache themselves.',
		),
	threads: z.int().min(1).max(16).default(1).describe('Threads inside one run of the network.'),
});

export type InferenceConfig = z.infer<typeof inferenceSchema>;
