import { readFileSync } from 'node:fs';
import koffi from 'koffi';
import { messageOf, PhleboxError } from '../../errors.ts';

/** Where the process has mapped TensorRT's library; null while it has not. @param maps text of /proc/self/maps */
export function mappedTensorRt(maps: string): string | null {
	return /^\S+ \S+ \S+ \S+ \S+ +(\/.*\/libnvinfer\.so\S*)$/m.exec(maps)?.[1] ?? null;
}

/**
 * Version of the TensorRT that the runtime has loaded: the number that its function getInferLibVersion gives, such as
 * 100300 for 10.3.0 (NvInferRuntime.h of TensorRT). To be asked once the provider's library has been loaded.
 * @throws PhleboxError runtime-failed
 */
export function tensorRtVersion(maps = readFileSync('/proc/self/maps', 'utf8')): string {
	const path = mappedTensorRt(maps);
	if (path === null)
		throw new PhleboxError('runtime-failed', 'no TensorRT (libnvinfer.so) is loaded; install TensorRT');
	try {
		return String(koffi.load(path).func('getInferLibVersion', 'int32_t', [])());
	} catch (cause) {
		throw new PhleboxError('runtime-failed', `${path} does not say its version: ${messageOf(cause)}`, { cause });
	}
}
