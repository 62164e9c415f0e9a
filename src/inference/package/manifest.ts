import { z } from 'zod';
import { noLandmark, veinStates } from '../../exam/observation.ts';
import { providerNames } from '../onnxRuntime/providerNames.ts';

/** Files of a model package whose names are fixed. The golden files are named in the manifest. */
export const manifestFile = 'manifest.json';
export const modelFile = 'model.onnx';

const text = z.string().trim().min(1);
const tensorName = z.string().min(1);
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be a plain file name in the package folder');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
const share = z.number().min(0).max(1);
const tolerance = z.number().positive().max(0.5);
/** Blocks of 8x8 are compared when frames are checked for repeats. */
const side = z.int().min(8).max(512).multipleOf(8);
const semver = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

const unique = (words: readonly string[]) => new Set(words).size === words.length;

function answer(labels: z.ZodType<string[]>) {
	return z.strictObject({
		/** Name of the graph's output, shape [1, labels]. */
		name: tensorName,
		/** What each place of the output stands for. */
		labels,
		/** `logits` go through a softmax; `probabilities` have been through one. */
		kind: z.enum(['logits', 'probabilities']),
		/** Calibration: logits are divided by it before the softmax. 1 changes nothing. */
		temperature: z.number().positive().max(100),
	});
}

const landmarkLabels = z
	.array(z.string().regex(/^[a-z][a-z0-9-]*$/))
	.min(2)
	.max(8)
	.refine(unique, 'must name each landmark once')
	.refine((labels) => labels.includes(noLandmark), `must include "${noLandmark}"`);

const veinLabels = z
	.array(z.string())
	.refine(
		(labels) => unique(labels) && labels.length === veinStates.length && veinStates.every((s) => labels.includes(s)),
		`must be ${veinStates.join(', ')}, each once, in the order of the output`,
	);

const body = {
	/** Version of this format. */
	schema: z.literal(1),
	name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
	/** Semantic version. */
	version: z.string().regex(semver, 'must be a semantic version such as 1.2.0'),
	/** SPDX name of the licence of model and golden files. */
	licence: text,
	intendedUse: text,
	limitations: z.array(text).min(1),
	/** Sets of recordings it learned from, each with its licence; simulated ones say so. */
	trainedOn: z.array(text).min(1),
	/** The image: graph input [1, channels, height, width], float32; luma / 255. */
	input: z.strictObject({
		name: tensorName,
		width: side,
		height: side,
		channels: z.literal(1),
		range: z.tuple([z.literal(0), z.literal(1)]),
	}),
	/** Graph input [1, 1], float32: seconds since the image before, 0 for the first. Left out: the graph has none. */
	interval: z.strictObject({ name: tensorName }).optional(),
	/** What the network carries from image to image: zeros at the start; `output` is fed to `input` at the next image. */
	state: z
		.array(z.strictObject({ input: tensorName, output: tensorName, shape: z.array(z.int().positive()).min(1).max(6) }))
		.max(8),
	outputs: z.strictObject({ landmark: answer(landmarkLabels), vein: answer(veinLabels) }),
	/** Calibrated probabilities that an answer has to reach to count. */
	thresholds: z.strictObject({ landmark: share, open: share, closed: share }),
	/** Landmarks of an examination in their order, out of the landmark labels. */
	protocol: z.array(z.string()).min(1),
	/** The same network in other arithmetic, for providers that are faster with it. All others run `model.onnx`. */
	variants: z
		.array(
			z.strictObject({
				providers: z.array(z.enum(providerNames)).min(1),
				/** Graph with the inputs and outputs of `model.onnx`. */
				model: fileName,
				/** What it answers to the golden images, as `golden.outputs` has it of `model.onnx`. */
				goldenOutputs: fileName,
				/** As `golden.tolerance`. In 8 bits it is wider: the last bit of a float can be one of 256 steps. */
				tolerance,
			}),
		)
		.min(1)
		.max(providerNames.length)
		.refine((all) => unique(all.flatMap(({ providers }) => providers)), 'must name each provider once')
		.optional(),
	/** What its maker asks of a device before it is switched to in the field, beside what the device's own owner asks. */
	limits: z
		.strictObject({
			/** Longest that an image may take, the median, milliseconds. */
			latencyMs: z.number().positive().optional(),
			/** Most memory that a process may take that runs it, MiB. */
			memoryMiB: z.number().positive().optional(),
		})
		.optional(),
};

const goldenBody = {
	/** Raw bytes, one a pixel, image after image, rows from the top: luma 0..255. */
	inputs: fileName,
	/** Milliseconds since the image before, one an image; says how many images there are. The first is 0. */
	intervalsMs: z.array(z.number().min(0)).min(1).max(64),
	/** Largest difference of a probability that still passes. */
	tolerance,
};

/** No file may be two things. */
function filesDiffer({
	golden,
	variants = [],
}: {
	golden: { inputs: string; outputs: string };
	variants?: VariantFiles[];
}) {
	const named = variants.flatMap(({ model, goldenOutputs }) => [model, goldenOutputs]);
	return unique([manifestFile, modelFile, golden.inputs, golden.outputs, ...named]);
}
const filesRule = { path: ['variants'], message: 'must name files of their own' };

interface VariantFiles {
	model: string;
	goldenOutputs: string;
}

interface Labelled {
	outputs: { landmark: { labels: string[] } };
	protocol: string[];
}

const protocolFits = ({ outputs, protocol }: Labelled) =>
	unique(protocol) && protocol.every((l) => l !== noLandmark && outputs.landmark.labels.includes(l));
const protocolRule = { path: ['protocol'], message: 'must name landmarks out of outputs.landmark.labels, each once' };

/**
 * A model package is a folder with `manifest.json`, `model.onnx`, two golden files, and two files more for each variant. This
 * is its manifest as the box loads it; unknown keys are refused. The trainer writes it as a draft (`draftManifestSchema`): the same without
 * `sha256` and `golden.outputs`, which `sealPackage` fills.
 *
 *     {
 *       "schema": 1,
 *       "name": "phlebox-dual",
 *       "version": "0.1.0",
 *       "licence": "Apache-2.0",
 *       "intendedUse": "Guides a compression examination of the leg veins; finds landmark and vein state.",
 *       "limitations": ["Trained on simulated scans only."],
 *       "trainedOn": ["Phlebox simulator, seed 1..400 (Apache-2.0, simulated)"],
 *       "input": { "name": "image", "width": 128, "height": 128, "channels": 1, "range": [0, 1] },
 *       "interval": { "name": "interval" },
 *       "state": [{ "input": "state", "output": "next_state", "shape": [1, 64] }],
 *       "outputs": {
 *         "landmark": { "name": "landmark", "labels": ["sfj", "fv", "none"], "kind": "logits", "temperature": 1.4 },
 *         "vein": {
 *           "name": "vein", "labels": ["open", "closing", "closed", "none"], "kind": "logits", "temperature": 1.2
 *         }
 *       },
 *       "thresholds": { "landmark": 0.6, "open": 0.6, "closed": 0.7 },
 *       "protocol": ["sfj", "fv"],
 *       "variants": [
 *         { "providers": ["cpu"], "model": "model-int8.onnx", "goldenOutputs": "golden-int8.f32", "tolerance": 0.05 }
 *       ],
 *       "limits": { "latencyMs": 33, "memoryMiB": 512 },
 *       "golden": {
 *         "inputs": "golden.u8",
 *         "intervalsMs": [0, 33, 33, 33, 33, 33, 33, 33],
 *         "outputs": "golden.f32",                      // filled by sealPackage
 *         "tolerance": 0.02
 *       },
 *       "sha256": {                                     // filled by sealPackage
 *         "manifest": "64 hexadecimal digits", "model": "...", "goldenInputs": "...", "goldenOutputs": "...",
 *         "variants": [{ "model": "...", "goldenOutputs": "..." }]
 *       }
 *     }
 *
 * `golden.f32`: raw little-endian float32; for each image the calibrated probabilities of the landmark labels, then of
 * the vein labels, as they stand after that image, the state carried from the first.
 */
export const manifestSchema = z
	.strictObject({
		...body,
		golden: z.strictObject({ ...goldenBody, outputs: fileName }),
		/** Of the files' bytes; `manifest` of this manifest without `sha256` (see `manifestHash`). */
		sha256: z.strictObject({
			...{ manifest: sha256, model: sha256, goldenInputs: sha256, goldenOutputs: sha256 },
			/** In the order of `variants`. */
			variants: z.array(z.strictObject({ model: sha256, goldenOutputs: sha256 })).optional(),
		}),
	})
	.refine(protocolFits, protocolRule)
	.refine(filesDiffer, filesRule)
	.refine(({ variants, sha256 }) => variants?.length === sha256.variants?.length, {
		...{ path: ['sha256', 'variants'], message: 'must have the hashes of each variant' },
	});

export type Manifest = z.infer<typeof manifestSchema>;

/** What the trainer writes and `sealPackage` reads; a sealed manifest is a draft too. */
export const draftManifestSchema = z
	.strictObject({
		...body,
		golden: z.strictObject({ ...goldenBody, outputs: fileName.default('golden.f32') }),
		sha256: z.unknown().optional(),
	})
	.refine(protocolFits, protocolRule)
	.refine(filesDiffer, filesRule);

export type DraftManifest = z.infer<typeof draftManifestSchema>;
