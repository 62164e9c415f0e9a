import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { engineDevice } from '../../src/inference/engine/engineDevice.ts';
import { engineName } from '../../src/inference/engine/engineKey.ts';
import { mappedTensorRt, tensorRtVersion } from '../../src/inference/engine/tensorRtVersion.ts';
import { findLibrary } from '../../src/inference/onnxRuntime/library.ts';
import { temporaryFolder } from './tinyPackage.ts';

function tree(files: Record<string, string>): string {
	const root = temporaryFolder();
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	return root;
}

test('a Jetson is told by its device tree and its L4T release', (t) => {
	const root = tree({
		'proc/device-tree/model': 'NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super\0',
		'etc/nv_tegra_release': '# R36 (release), REVISION: 4.3, GCID: 38968081\n# KERNEL_VARIANT: oot\n',
	});
	t.is(
		engineDevice(root),
		'NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super; # R36 (release), REVISION: 4.3, GCID: 38968081',
	);
});

test('a machine with cards is told by their models and the version of the driver', (t) => {
	const root = tree({
		'proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA RTX A2000\nIRQ:   	 130\n',
		'proc/driver/nvidia/gpus/0000:02:00.0/information': 'Model: \t\t NVIDIA T4\n',
		'proc/driver/nvidia/version': 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15\nGCC version: 12\n',
	});
	t.is(engineDevice(root), 'NVIDIA RTX A2000; NVIDIA T4; NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15');
	t.is(engineDevice(temporaryFolder()), '');
});

const maps = (path: string) => `7f12-7f13 r--p 00000000 fe:01 12 /usr/lib/libc.so.6
7f20-7f21 r-xp 00000000 fe:01 1234                       ${path}
7f30-7f31 rw-p 00000000 00:00 0
`;

test('the TensorRT that is asked for its version is the one that the process has loaded', (t) => {
	const path = '/usr/lib/aarch64-linux-gnu/libnvinfer.so.10.3.0';
	t.is(mappedTensorRt(maps(path)), path);
	t.is(mappedTensorRt(maps('/usr/lib/libnvinfer_plugin.so.10')), null);
	t.throws(() => tensorRtVersion(maps('/usr/lib/libother.so')), { code: 'runtime-failed', message: /no TensorRT/ });
});

test('a TensorRT that does not say its version is a reason, not a guess', (t) => {
	const path = join(temporaryFolder(), 'libnvinfer.so.10');
	symlinkSync(findLibrary(), path);
	t.throws(() => tensorRtVersion(maps(path)), { code: 'runtime-failed', message: /does not say its version/ });
});

test('each part of a key makes another name, the order of the options does not', (t) => {
	const key = { model: 'm', runtime: '1.23.0', tensorRt: '100300', options: { a: '1', b: '2' }, device: 'd' };
	const names = [
		key,
		{ ...key, model: 'n' },
		{ ...key, runtime: '1.23.1' },
		{ ...key, tensorRt: '100301' },
		{ ...key, options: { a: '1' } },
		{ ...key, options: { a: '1', b: '3' } },
		{ ...key, device: 'e' },
		// What a careless joining of the parts would take for the same.
		{ ...key, runtime: '1.23.01', tensorRt: '00300' },
	].map(engineName);
	t.is(new Set(names).size, names.length);
	t.is(engineName({ ...key, options: { b: '2', a: '1' } }), names[0]);
});
