import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { type ErrorCode, PhleboxError } from '../../src/errors.ts';
import type { Manifest } from '../../src/inference/package/manifest.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { sha256Of } from '../../src/inference/package/packageFile.ts';
import {
	changeManifest,
	makeTinyPackage,
	type PackageParts,
	paleGraph,
	temporaryFolder,
	tinyGoldenInputs,
	tinyVariant,
	writeDraftPackage,
} from './tinyPackage.ts';

const memory = createFrameMemory(0);

/** Puts another file in its place and makes its hash right. */
function replace(
	folder: string,
	name: string,
	key: Exclude<keyof Manifest['sha256'], 'variants'>,
	bytes: Uint8Array,
): void {
	writeFileSync(join(folder, name), bytes);
	changeManifest(folder, (manifest) => {
		manifest.sha256[key] = sha256Of(bytes);
	});
}

function flipBit(path: string, at: number): void {
	const bytes = readFileSync(path);
	bytes[at]! ^= 4;
	writeFileSync(path, bytes);
}

interface Fault {
	name: string;
	/** Of the package before it is spoiled. */
	parts?: PackageParts;
	spoil: (folder: string) => void;
	code: ErrorCode;
	/** What the one line must say, beside the folder. */
	says: RegExp;
}

const faults: Fault[] = [
	...['model.onnx', 'manifest.json', 'golden.u8', 'golden.f32'].flatMap((file): Fault[] => [
		{
			name: `${file} is missing`,
			spoil: (folder) => rmSync(join(folder, file)),
			code: 'model-invalid',
			says: new RegExp(`${file} is missing`),
		},
		{
			name: `${file} is a folder`,
			spoil: (folder) => {
				rmSync(join(folder, file));
				mkdirSync(join(folder, file));
			},
			code: 'model-invalid',
			says: new RegExp(`${file} is no file`),
		},
		{
			name: `${file} is empty`,
			spoil: (folder) => truncateSync(join(folder, file)),
			code: 'model-invalid',
			says: new RegExp(file),
		},
		{
			name: `${file} is cut short`,
			spoil: (folder) => truncateSync(join(folder, file), 300),
			code: 'model-invalid',
			says: file === 'golden.f32' ? /sha256|bytes/ : new RegExp(file),
		},
	]),
	...['model.onnx', 'golden.u8', 'golden.f32'].map(
		(file): Fault => ({
			name: `one bit of ${file} is another`,
			spoil: (folder) => flipBit(join(folder, file), 40),
			code: 'model-invalid',
			says: new RegExp(`${file} has sha256`),
		}),
	),
	...[tinyVariant.model, tinyVariant.goldenOutputs].flatMap((file): Fault[] => [
		{
			name: `${file} of a variant is missing`,
			parts: { variant: paleGraph() },
			spoil: (folder) => rmSync(join(folder, file)),
			code: 'model-invalid',
			says: new RegExp(`${file} is missing`),
		},
		{
			name: `one bit of ${file} of a variant is another`,
			parts: { variant: paleGraph() },
			spoil: (folder) => flipBit(join(folder, file), 40),
			code: 'model-invalid',
			says: new RegExp(`${file} has sha256`),
		},
	]),
	{
		name: 'the folder is missing',
		spoil: (folder) => rmSync(folder, { recursive: true }),
		code: 'model-invalid',
		says: /no folder/,
	},
	{
		name: 'the folder is a file',
		spoil: (folder) => {
			rmSync(folder, { recursive: true });
			writeFileSync(folder, '');
		},
		code: 'model-invalid',
		says: /no folder/,
	},
	{
		name: 'the manifest has a key that nobody knows',
		spoil: (folder) => changeManifest(folder, (manifest) => Object.assign(manifest, { colour: 'green' })),
		code: 'model-invalid',
		says: /manifest\.json: .*"colour"/,
	},
	{
		name: 'a sealed network is no network',
		spoil: (folder) => replace(folder, 'model.onnx', 'model', Buffer.from('not a network at all')),
		code: 'model-invalid',
		says: /model\.onnx does not run/,
	},
	{
		name: 'a sealed network is cut short',
		spoil: (folder) => {
			const graph = readFileSync(join(folder, 'model.onnx'));
			replace(folder, 'model.onnx', 'model', graph.subarray(0, graph.length - 200));
		},
		code: 'model-invalid',
		says: /model\.onnx does not run/,
	},
	{
		name: 'a sealed network is empty',
		spoil: (folder) => replace(folder, 'model.onnx', 'model', Buffer.alloc(0)),
		code: 'model-invalid',
		says: /model\.onnx does not run/,
	},
	...(
		[
			['a threshold', '"open": 0.6', '"open": 0.2'],
			['the order of the labels', '"sfj",\n\t\t\t\t"fv"', '"fv",\n\t\t\t\t"sfj"'],
			['the licence', 'Apache', 'Apachf'],
		] as const
	).map(
		([what, before, after]): Fault => ({
			name: `${what} in the manifest is another than when it was sealed`,
			spoil: (folder) => {
				const path = join(folder, 'manifest.json');
				const text = readFileSync(path, 'utf8');
				if (!text.includes(before)) throw new Error(`no ${before} in the manifest`);
				writeFileSync(path, text.replace(before, after));
			},
			code: 'model-invalid',
			says: /manifest\.json was changed after it was sealed/,
		}),
	),
	{
		name: 'the temperature is another than that of the golden answers',
		spoil: (folder) =>
			changeManifest(folder, (manifest) => {
				manifest.outputs.landmark.temperature = 2;
			}),
		code: 'model-golden-failed',
		says: /golden image 1/,
	},
	{
		name: 'a golden answer is another',
		spoil: (folder) => {
			const answers = readFileSync(join(folder, 'golden.f32'));
			answers.writeFloatLE(answers.readFloatLE(7 * 4) + 0.01, 7 * 4);
			replace(folder, 'golden.f32', 'goldenOutputs', answers);
		},
		code: 'model-golden-failed',
		says: /golden image 1, "sfj" is .* \(tolerance 0\.001\)/,
	},
	{
		name: 'a golden answer is no number',
		spoil: (folder) => {
			const answers = readFileSync(join(folder, 'golden.f32'));
			answers.writeFloatLE(Number.NaN, 27 * 4);
			replace(folder, 'golden.f32', 'goldenOutputs', answers);
		},
		code: 'model-golden-failed',
		says: /golden image 3, "none"/,
	},
	{
		name: 'the intervals are others than when it was sealed',
		spoil: (folder) =>
			changeManifest(folder, (manifest) => {
				manifest.golden.intervalsMs = [0, 33, 5000, 17];
			}),
		code: 'model-golden-failed',
		says: /golden image 3/,
	},
	{
		name: 'there are fewer golden images than intervals',
		spoil: (folder) => replace(folder, 'golden.u8', 'goldenInputs', tinyGoldenInputs().subarray(0, 128 * 128)),
		code: 'model-invalid',
		says: /golden\.u8 has 16384 bytes; .* make 65536/,
	},
	{
		name: 'there are fewer golden answers than images',
		spoil: (folder) => replace(folder, 'golden.f32', 'goldenOutputs', Buffer.alloc(4)),
		code: 'model-invalid',
		says: /golden\.f32 has 4 bytes/,
	},
];

for (const { name, parts, spoil, code, says } of faults)
	test(`refused: ${name}`, (t) => {
		const folder = makeTinyPackage(parts);
		spoil(folder);
		const error = t.throws(() => loadModelPackage(folder, memory), { instanceOf: PhleboxError, code });
		t.regex(error.message, says);
		t.true(error.message.startsWith(folder), error.message);
		t.false(error.message.includes('\n'));
		t.log(error.message.replace(folder, '...'));
	});

test('a package that was not sealed is not loaded', (t) => {
	const folder = temporaryFolder();
	writeDraftPackage(folder);
	t.throws(() => loadModelPackage(folder, memory), { code: 'model-invalid', message: /sha256/ });
});

test('a network larger than the limit is not read', (t) => {
	const folder = makeTinyPackage();
	const size = readFileSync(join(folder, 'model.onnx')).length;
	t.throws(() => loadModelPackage(folder, memory, { maxModelBytes: size - 1 }), {
		code: 'model-invalid',
		message: new RegExp(`${size} bytes; at most ${size - 1}`),
	});
	loadModelPackage(folder, memory, { maxModelBytes: size }).model.close();
});

test('a refused package gives its room in the work area back', (t) => {
	const small = createFrameMemory(0);
	const folder = makeTinyPackage();
	changeManifest(folder, (manifest) => {
		manifest.outputs.landmark.temperature = 2;
	});
	for (let turn = 0; turn < 60; turn++)
		t.throws(() => loadModelPackage(folder, small), { code: 'model-golden-failed' });
	const bad = makeTinyPackage();
	replace(bad, 'model.onnx', 'model', Buffer.from('no network'));
	for (let turn = 0; turn < 60; turn++) t.throws(() => loadModelPackage(bad, small), { code: 'model-invalid' });
});
