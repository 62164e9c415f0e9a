import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';

interface Board {
	release?: string;
	compatible?: string;
	memoryKiB?: number;
}

const orin = 'nvidia,p3768-0000+p3767-0005-super\0nvidia,p3767-0005\0nvidia,tegra234\0';
const thor = 'nvidia,p3834-0008+p4071-0000\0nvidia,tegra264\0';
const l4t = (major: number, revision: string) =>
	`# R${major} (release), REVISION: ${revision}, GCID: 1, BOARD: generic, EABI: aarch64, DATE: today\n`;

/** Lets the script look at files that say what a board's would. */
function dryRun({ release, compatible = orin, memoryKiB = 8 << 20 }: Board, ...args: string[]) {
	const root = mkdtempSync(join(tmpdir(), 'phlebox-jetson-'));
	for (const folder of ['etc', 'proc/device-tree']) mkdirSync(join(root, folder), { recursive: true });
	if (release !== undefined) writeFileSync(join(root, 'etc/nv_tegra_release'), release);
	writeFileSync(join(root, 'proc/device-tree/compatible'), compatible);
	writeFileSync(join(root, 'proc/meminfo'), `MemTotal: ${memoryKiB} kB\nMemFree: 1 kB\nSwapTotal: 0 kB\n`);
	const work = join(root, 'work');
	return spawnSync(shippedPath('deploy/jetson/build-onnxruntime'), ['--dry-run', '--work', work, ...args], {
		encoding: 'utf8',
		env: { ...process.env, PHLEBOX_JETSON_ROOT: root },
	});
}

for (const [name, board, said, version, architecture] of [
	['an Orin with JetPack 6', { release: l4t(36, '4.3') }, /JetPack 6 .*CUDA 12\.6, TensorRT 10\.3\b/, '1.23.2', 87],
	['an Orin with JetPack 7', { release: l4t(39, '2.0') }, /JetPack 7 .*CUDA 13\.2, TensorRT 10\.16\b/, '1.28.0', 87],
	[
		'a Thor with JetPack 7',
		{ release: l4t(38, '2.1'), compatible: thor },
		/JetPack 7 .*CUDA 13\.0, TensorRT 10\.13\b/,
		'1.28.0',
		110,
	],
] as const)
	test(`for ${name} ONNX Runtime ${version} is built with the board’s own architecture`, (t) => {
		const { status, stdout, stderr } = dryRun(board);
		t.is(status, 0, stderr);
		t.regex(stdout, said);
		t.regex(stdout, new RegExp(`git clone .*--branch v${version} `));
		t.regex(stdout, new RegExp(`--use_cuda .*--use_tensorrt .*CMAKE_CUDA_ARCHITECTURES=${architecture}\\b`));
		t.regex(stdout, /library: \/opt\/phlebox-runtime\/current\/libonnxruntime\.so\.1/);
	});

test('a dry run changes nothing: the folder that it would build in is not made', (t) => {
	const { stdout } = dryRun({ release: l4t(36, '4.3') });
	const [, source] = /rm -rf (\S+)\n\+ git clone/.exec(stdout)!;
	t.is(spawnSync('ls', ['-d', source!]).status, 2);
});

test('as many compilers run as the memory bears', (t) => {
	const parallel = (board: Board, ...args: string[]) => / --parallel (\d+) /.exec(dryRun(board, ...args).stdout)?.[1];
	const release = l4t(36, '4.3');
	t.is(parallel({ release, memoryKiB: 8 << 20 }), '1');
	t.is(parallel({ release, memoryKiB: 64 << 20 }), '10');
	t.is(parallel({ release, memoryKiB: 8 << 20 }, '--jobs', '3'), '3');
});

for (const [name, board, args, said] of [
	['a machine that is no Jetson', {}, [], /no Jetson/],
	['a JetPack that is too old', { release: l4t(36, '3.0') }, [], /older than JetPack 6\.1/],
	['a JetPack that nobody knows', { release: l4t(44, '1.0') }, [], /belongs to no JetPack/],
	['a chip that nobody knows', { release: l4t(36, '4.3'), compatible: 'nvidia,tegra194\0' }, [], /neither an Orin/],
	['a number of jobs that is none', { release: l4t(36, '4.3') }, ['--jobs', 'many'], /--jobs is a number/],
	['a word that it does not know', { release: l4t(36, '4.3') }, ['--quickly'], /does not know --quickly/],
] as const)
	test(`${name} is refused in one line`, (t) => {
		const { status, stderr } = dryRun(board, ...args);
		t.is(status, 1);
		t.regex(stderr, said);
		t.is(stderr.trim().split('\n').length, 1);
	});

/** Debian's device-tree-compiler; null where it is not installed, which in CI is a failure. */
function deviceTreeCompiler(): boolean {
	return spawnSync('dtc', ['--version']).error === undefined;
}

test('the overlay of the light compiles, and makes LEDs of the names that the rules know, on three pins', (t) => {
	if (!deviceTreeCompiler()) {
		if (process.env.CI === 'true') t.fail('CI has no dtc');
		t.log('not run: no dtc (Debian: device-tree-compiler)');
		t.pass();
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-overlay-'));
	const file = (name: string) => join(folder, name);
	// As much of a board as the overlay refers to: a GPIO controller under the name that tegra234.dtsi gives it.
	writeFileSync(
		file('board.dts'),
		'/dts-v1/; / { gpio: gpio@2200000 { compatible = "nvidia,tegra234-gpio"; #gpio-cells = <2>; gpio-controller; }; };',
	);
	const compile = (from: string, to: string) =>
		execFileSync('dtc', ['-q', '-@', '-I', 'dts', '-O', 'dtb', '-o', to, from]);
	compile(file('board.dts'), file('board.dtb'));
	compile(shippedPath('deploy/jetson/phlebox-leds.dts'), file('leds.dtbo'));
	execFileSync('fdtoverlay', ['-i', file('board.dtb'), '-o', file('both.dtb'), file('leds.dtbo')]);
	const get = (node: string, property: string) =>
		execFileSync('fdtget', [file('both.dtb'), node, property], { encoding: 'utf8' }).trim();
	const phandle = get('/gpio@2200000', 'phandle');
	for (const [colour, line] of [
		['red', 125],
		['green', 126],
		['blue', 56],
	] as const) {
		t.is(get(`/phlebox-leds/${colour}`, 'label'), `phlebox:${colour}`);
		t.is(get(`/phlebox-leds/${colour}`, 'gpios'), `${phandle} ${line} 0`);
		t.is(get(`/phlebox-leds/${colour}`, 'default-state'), 'off', 'nothing shines before the box says so');
	}
	t.regex(readFileSync(shippedPath('deploy/systemd/phlebox.rules'), 'utf8'), /KERNEL=="phlebox:\*"/);
});
