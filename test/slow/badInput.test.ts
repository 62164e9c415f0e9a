import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { formatHeader, frameMarker } from '../../src/capture/recording/y4m.ts';
import { runProgram } from '../../src/cli/program.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { type Ended, phlebox } from '../cli/phlebox.ts';

const folder = mkdtempSync(join(tmpdir(), 'phlebox-bad-'));

function file(name: string, content: string | Uint8Array): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

/** A configuration that plays a recording without MQTT and page. */
function config(name: string, changes = '', recording = 'short.y4m'): string {
	return file(
		`${name}.yaml`,
		`capture: {source: recording, recording: {file: ${join(folder, recording)}, loop: false, pace: fast}}
mqtt: {enabled: false}
web: {enabled: false}
log: {level: fatal}
store: {folder: ${join(folder, `${name}-store`)}}
${changes}`,
	);
}

function y4m(frames: number): Buffer {
	const size = { width: 320, height: 240 };
	const header = formatHeader({ ...size, rate: { numerator: 25, denominator: 1 }, colourSpace: 'mono' });
	const frame = Buffer.concat([Buffer.from(frameMarker), Buffer.alloc(320 * 240, 40)]);
	return Buffer.concat([Buffer.from(header), ...Array.from({ length: frames }, () => frame)]);
}

file('short.y4m', y4m(3));
file('cut.y4m', y4m(3).subarray(0, -100));
file('header.y4m', y4m(3).subarray(0, 20));
file('noise.y4m', 'no video at all');
mkdirSync(join(folder, 'flipped'));
cpSync(shippedPath('models', 'phlebox-dual'), join(folder, 'flipped'), { recursive: true });
const model = readFileSync(join(folder, 'flipped', 'model.onnx'));
model[model.length >> 1]! ^= 1;
file('flipped/model.onnx', model);
cpSync(shippedPath('models', 'phlebox-dual'), join(folder, 'shape'), { recursive: true });
const manifest = JSON.parse(readFileSync(join(folder, 'shape', 'manifest.json'), 'utf8'));
manifest.input.width /= 2;
manifest.input.height *= 2;
file('shape/manifest.json', JSON.stringify(manifest));

/** Runs a command in this process, a hundred times as fast: what never comes to start a box. */
async function commandLine(args: readonly string[]): Promise<Ended> {
	const said = { stdout: '', stderr: '' };
	const { error } = console;
	const { write } = process.stdout;
	console.error = (line: unknown) => {
		said.stderr += `${line}\n`;
	};
	process.stdout.write = ((text: string) => {
		said.stdout += text;
		return true;
	}) as typeof write;
	try {
		return { code: await runProgram(args), ...said };
	} finally {
		console.error = error;
		process.stdout.write = write;
	}
}

/** What is given, and what the one line on standard error has to name. Every row ends with an exit code other than 0. */
const rows: [what: string, args: () => string[], words: RegExp][] = [
	['an unknown command', () => ['bogus'], /unknown command 'bogus'/],
	['an unknown option', () => ['demo', '--bogus'], /unknown option '--bogus'/],
	['a port that is no number', () => ['demo', '--web-port', 'x'], /--web-port.*from 0 to 65535/],
	['a missing configuration', () => ['run', '--config', '/nowhere.yaml'], /\/nowhere\.yaml: cannot be read/],
	['a recording that is not there', () => ['run', '--config', config('gone', '', 'gone.y4m')], /gone\.y4m/],
	['a file that is no video', () => ['run', '--config', config('noise', '', 'noise.y4m')], /noise\.y4m/],
	[
		'a recording that breaks off',
		() => ['run', '--config', config('cut', '', 'cut.y4m')],
		/cut\.y4m breaks off.*frame 2$/,
	],
	[
		'a video without its header',
		() => ['run', '--config', config('header', '', 'header.y4m')],
		/header\.y4m is no \.y4m/,
	],
	[
		'a scan area without width',
		() => ['run', '--config', config('roi', 'screen: {roi: [10, 10, 0, 100]}')],
		/screen\.roi\[2\]: 0 is not allowed/,
	],
	['a set that is not there', () => ['evaluate', '/nowhere'], /\/nowhere\/index\.json: cannot be read/],
	['nothing to write for simulate', () => ['simulate'], /--out FOLDER or --sheet FILE/],
	['pictures beside no sheet', () => ['simulate', '--beside', folder], /--sheet FILE/],
	[
		'a folder without pictures',
		() => ['simulate', '--sheet', join(folder, 's.png'), '--beside', join(folder, 'flipped')],
		/flipped holds no pictures/,
	],
	['an import without labels', () => ['import', 'a.y4m', '--into', folder], /--labels/],
	[
		'a scan area that is none',
		() => ['import', 'a.y4m', '--labels', 'a.csv', '--into', folder, '--roi', '1,2,3'],
		/--roi.*like 120,80,640,480/,
	],
	[
		'labels that are not there',
		() => ['import', 'a.y4m', '--labels', '/nowhere.csv', '--into', folder],
		/\/nowhere\.csv: cannot be read/,
	],
	['a line to compare over', () => ['bench', '--against', '--hz', '60'], /leave out --hz/],
	['fewer frames than rounds', () => ['bench', '--against', '--frames', '100', '--rounds', '200'], /as many --frames/],
	['a figure of no comparison', () => ['bench', '--svg', join(folder, 'x.svg')], /--svg is for --against/],
	['nothing to do for config', () => ['config'], /--check FILE or --print-defaults/],
	[
		'a model package that is not there',
		() => ['run', '--config', config('nomodel', 'inference: {model: /nowhere}')],
		/\/nowhere/,
	],
	[
		'a model with a flipped bit',
		() => ['run', '--config', config('flip', `inference: {model: ${join(folder, 'flipped')}}`)],
		/model\.onnx.*sha256/,
	],
	[
		'a model of another shape',
		() => ['model', 'seal', join(folder, 'shape')],
		/"image" is \[1,1,128,128\] in the graph, \[1,1,256,64\] by the manifest/,
	],
	['a repository of models that is none', () => ['model', 'verify', '/nowhere'], /\/nowhere: no root is signed yet/],
	['signing where nothing is', () => ['model', 'sign', '/nowhere'], /repository\.json.*model init-repository/],
	['a signing key without a passphrase', () => ['model', 'keygen', join(folder, 'key')], /PHLEBOX_KEY_PASSPHRASE/],
	[
		'a public key that is none',
		() => {
			const keys = ['root', 'targets', 'snapshot', 'timestamp'].flatMap((role) => [`--${role}`, '/nowhere.pub']);
			return ['model', 'init-repository', join(folder, 'models'), ...keys];
		},
		/\/nowhere\.pub: no public key can be read/,
	],
	[
		'a site that the model does not know',
		() => ['run', '--config', config('site', 'exam: {sites: [elbow]}')],
		/exam\.sites names elbow.*sfj, fv/,
	],
];

/** These start threads, or are to end a process. */
const processes = new Set(['run', 'bogus']);

// One after the other: a dozen programs that start at once keep each other from their deadlines.
for (const [what, args, words] of rows)
	test.serial(`${what} is refused in one line, with an exit code`, async (t) => {
		const line = args();
		const { code, stderr } = await (processes.has(line[0]!) ? phlebox(line) : commandLine(line));
		const lines = stderr.trim().split('\n');
		t.is(lines.length, 1, stderr);
		t.regex(lines[0]!, words);
		t.not(code, 0);
	});

test.serial('a scan area out of the picture is said, and the box goes on', async (t) => {
	const box = config('outside', 'screen: {roi: [300, 200, 200, 100]}');
	writeFileSync(box, readFileSync(box, 'utf8').replace('log: {level: fatal}', ''));
	const { code, stdout, stderr } = await phlebox(['run', '--config', box]);
	t.regex(stdout + stderr, /roi-invalid.*\[300, 200, 200, 100\] does not lie within the frame/);
	t.is(code, 0);
});

test.serial('a recording is played to its end, and the box ends with it', async (t) => {
	const { code, stderr } = await phlebox(['run', '--config', config('fine')]);
	t.is(stderr, '');
	t.is(code, 0);
});

test.serial('a taken port is said in one line that names it', async (t) => {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as { port: number };
	t.teardown(() => server.close());
	for (const args of [
		['--web-port', String(port), '--mqtt-port', '0'],
		['--web-port', '0', '--mqtt-port', String(port)],
	]) {
		const { code, stderr } = await phlebox(['demo', ...args]);
		t.is(stderr.trim().split('\n').length, 1, stderr);
		t.true(stderr.includes(String(port)));
		t.regex(stderr, new RegExp(args[0] === '--web-port' && args[1] !== '0' ? '--web-port' : '--mqtt-port'));
		t.not(code, 0);
	}
});

test.serial('every command answers --help with exit code 0', async (t) => {
	for (const command of ['demo', 'run', 'simulate', 'import', 'evaluate', 'bench', 'doctor', 'model', 'config']) {
		const { code, stdout } = await commandLine([command, '--help']);
		t.is(code, 0, command);
		t.regex(stdout, new RegExp(`Usage: phlebox ${command}`));
	}
});
