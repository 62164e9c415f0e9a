import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'package.json'))) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error('package.json of phlebox not found above its own code');
		folder = parent;
	}
	return folder;
}

/** Absolute path of the installed package: the same whether the code runs from src (tests) or from dist. */
export const packageRoot = find();

/** Absolute path of a file shipped with the package, such as `models/phlebox-dual` or `dist/inference/pixels.wasm`. */
export function shippedPath(...parts: string[]): string {
	return join(packageRoot, ...parts);
}

/** Version of the software. */
export const softwareVersion: string = (
	JSON.parse(readFileSync(shippedPath('package.json'), 'utf8')) as { version: string }
).version;
