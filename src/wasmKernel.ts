import { readFileSync } from 'node:fs';
import type { FrameMemory } from './capture/frameMemory.ts';
import { PhleboxError } from './errors.ts';
import { shippedPath } from './packageRoot.ts';

/**
 * Loads a kernel that works on the frame memory.
 * @param path of the compiled file within the package
 * @throws PhleboxError file-not-found when it was not built
 */
export function loadKernel<Exports>(path: string, memory: FrameMemory): Exports {
	const file = shippedPath(path);
	let bytes: Buffer<ArrayBuffer>;
	try {
		bytes = readFileSync(file);
	} catch (cause) {
		throw new PhleboxError('file-not-found', `${file} is missing; build it with "npm run build"`, { cause });
	}
	const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: memory.memory } });
	return instance.exports as unknown as Exports;
}
