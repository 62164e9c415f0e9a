import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PhleboxError } from '../../errors.ts';

const libraryName = 'libonnxruntime.so.1';

/**
 * Absolute path of ONNX Runtime's shared library: the one that is given (a board's own build), or the one inside the
 * package onnxruntime-node for this platform.
 * @throws PhleboxError runtime-missing
 */
export function findLibrary(given?: string | null): string {
	if (given) {
		if (!statSync(given, { throwIfNoEntry: false })?.isFile())
			throw new PhleboxError('runtime-missing', `${given} is no file; set the path of ${libraryName}`);
		return given;
	}
	const platform = join(process.platform, process.arch);
	for (const folder of bindingFolders()) {
		const path = join(folder, platform, libraryName);
		if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
	}
	throw new PhleboxError(
		'runtime-missing',
		`onnxruntime-node has no ${libraryName} for ${platform}; install it again or set the library's path`,
	);
}

/** The folders bin/napi-v* of onnxruntime-node; the number follows Node's API and differs between releases. */
function bindingFolders(): string[] {
	let root: string;
	try {
		root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
	} catch (cause) {
		throw new PhleboxError('runtime-missing', 'the package onnxruntime-node is not installed; run "npm ci"', { cause });
	}
	return readdirSync(join(root, 'bin'))
		.filter((name) => name.startsWith('napi-v'))
		.map((name) => join(root, 'bin', name));
}
