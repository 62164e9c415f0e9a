import test from 'ava';
import { draftManifestSchema, manifestSchema } from '../../src/inference/package/manifest.ts';
import { manifestHash } from '../../src/inference/package/packageFile.ts';
import { tinyManifest, tinyVariant } from './tinyPackage.ts';

const hash = 'a'.repeat(64);
const sealed = () => ({
	...tinyManifest(),
	sha256: { manifest: hash, model: hash, goldenInputs: hash, goldenOutputs: hash },
});

/** Sets `path` (dots between keys) in a fresh manifest; undefined takes the key away. */
function withValue(path: string, value: unknown): unknown {
	const manifest = structuredClone(sealed()) as Record<string, unknown>;
	const keys = path.split('.');
	let at = manifest;
	for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
	if (value === undefined) delete at[keys.at(-1)!];
	else at[keys.at(-1)!] = value;
	return manifest;
}

test('a whole manifest is taken as it is', (t) => {
	t.deepEqual(manifestSchema.parse(sealed()), sealed() as ReturnType<typeof manifestSchema.parse>);
});

test('a draft may lack hashes and the name of the golden outputs, a sealed one may not', (t) => {
	const { sha256, ...rest } = sealed();
	const { outputs, ...golden } = rest.golden;
	t.is(draftManifestSchema.parse({ ...rest, golden }).golden.outputs, 'golden.f32');
	t.false(manifestSchema.safeParse(rest).success);
	t.false(manifestSchema.safeParse({ ...rest, golden, sha256 }).success);
	t.true(draftManifestSchema.safeParse(sealed()).success);
});

for (const key of Object.keys(sealed()).filter((key) => key !== 'interval'))
	test(`a manifest without ${key} is refused`, (t) => {
		const result = manifestSchema.safeParse(withValue(key, undefined));
		t.is(result.error?.issues[0]?.path[0], key);
	});

const refused: [string, unknown][] = [
	['schema', 2],
	['name', 'Tiny Model'],
	['version', '1.0'],
	['version', 'v1.0.0'],
	['licence', ' '],
	['limitations', []],
	['trainedOn', []],
	['input.width', 127],
	['input.width', 1024],
	['input.channels', 3],
	['input.range', [0, 255]],
	['input.mean', 0.5],
	['interval.unit', 'ms'],
	['state', undefined],
	['state.0.shape', []],
	['state.0.shape', [1, 0]],
	['outputs.landmark.kind', 'scores'],
	['outputs.landmark.temperature', 0],
	['outputs.landmark.labels', ['sfj', 'fv']],
	['outputs.landmark.labels', ['sfj', 'sfj', 'none']],
	['outputs.landmark.labels', ['SFJ', 'fv', 'none']],
	['outputs.vein.labels', ['open', 'closing', 'closed']],
	['outputs.vein.labels', ['open', 'open', 'closed', 'none']],
	['outputs.vein.labels', ['open', 'closing', 'closed', 'gone']],
	['outputs.other', {}],
	['thresholds.open', 1.5],
	['thresholds.closed', undefined],
	['thresholds.closing', 0.5],
	['protocol', []],
	['protocol', ['sfj', 'none']],
	['protocol', ['pop']],
	['protocol', ['sfj', 'sfj']],
	['golden.inputs', '../golden.u8'],
	['golden.outputs', '/etc/passwd'],
	['golden.intervalsMs', []],
	['golden.intervalsMs', [-1]],
	['golden.tolerance', 0],
	['golden.tolerance', 1],
	['sha256.model', hash.toUpperCase()],
	['sha256.model', 'abc'],
	['sha256.manifest', undefined],
	['sha256.other', hash],
	['variants', []],
	['variants', [tinyVariant]],
	['sha256.variants', [{ model: hash, goldenOutputs: hash }]],
];

for (const [path, value] of refused)
	test(`a manifest with ${path} ${value === undefined ? 'left out' : JSON.stringify(value)} is refused`, (t) => {
		t.false(manifestSchema.safeParse(withValue(path, value)).success);
	});

for (const [path, value] of [
	['interval', undefined],
	['state', []],
	['version', '1.2.3-rc.1'],
	['outputs.landmark.kind', 'probabilities'],
	['outputs.vein.labels', ['none', 'closed', 'closing', 'open']],
	['outputs.landmark.labels', ['fv', 'none', 'pop', 'sfj']],
	['protocol', ['fv']],
] as const)
	test(`a manifest with ${path} ${value === undefined ? 'left out' : JSON.stringify(value)} is taken`, (t) => {
		t.true(manifestSchema.safeParse(withValue(path, value)).success);
	});

const withVariants = (...variants: Record<string, unknown>[]) => ({
	...sealed(),
	variants: variants.map((variant) => ({ ...tinyVariant, ...variant })),
	sha256: { ...sealed().sha256, variants: variants.map(() => ({ model: hash, goldenOutputs: hash })) },
});
const second = { providers: ['cuda'], model: 'model-fp16.onnx', goldenOutputs: 'golden-fp16.f32' };

test('a manifest may name variants, each with its hashes', (t) => {
	t.true(manifestSchema.safeParse(withVariants({})).success);
	t.true(manifestSchema.safeParse(withVariants({}, { ...second, providers: ['cuda', 'tensorrt'] })).success);
});

for (const [what, variants] of [
	['a provider that nobody knows', [{ providers: ['npu'] }]],
	['no provider', [{ providers: [] }]],
	['a provider twice', [{}, { ...second, providers: ['tensorrt', 'cpu'] }]],
	['a file outside the folder', [{ model: '../model.onnx' }]],
	['model.onnx for a variant', [{ model: 'model.onnx' }]],
	['golden answers that are those of model.onnx', [{ goldenOutputs: 'golden.f32' }]],
	['golden answers of another variant', [{}, { ...second, goldenOutputs: 'golden-int8.f32' }]],
	['the golden images for a graph', [{ model: 'golden.u8' }]],
	['a key that nobody knows', [{ bits: 8 }]],
	['no tolerance', [{ tolerance: undefined }]],
	['a tolerance that lets all pass', [{ tolerance: 1 }]],
] as const)
	test(`variants with ${what} are refused`, (t) => {
		t.false(manifestSchema.safeParse(withVariants(...variants)).success);
	});

test('the hash of a manifest is of its content: not of the order of its keys, nor of its hashes', (t) => {
	const manifest = tinyManifest();
	const { outputs } = manifest;
	const { landmark, vein } = outputs;
	const other = { ...Object.fromEntries(Object.entries(sealed()).reverse()), outputs: { vein, landmark } };
	t.is(manifestHash(other as ReturnType<typeof sealed>), manifestHash(manifest));
	landmark.labels.reverse();
	t.not(manifestHash(manifest), manifestHash(tinyManifest()));
});
