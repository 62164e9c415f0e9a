import koffi from 'koffi';
import { PhleboxError } from '../../errors.ts';

/** The first is what 1.30 reads, the second what a later pull request calls it. */
const names = ['ORT_DISABLE_TELEMETRY', 'ORT_TELEMETRY_DISABLED'];
let said = false;

/**
 * Tells ONNX Runtime to collect nothing and send nothing. From 1.30 on its builds for Linux report to their makers unless
 * this variable stands in the environment before the library is loaded: a device id and a database of events in the
 * user's cache, and an uploader (github.com/microsoft/onnxruntime, pull requests 27379 and 29843). Set through the C
 * library: what a worker thread of Node writes into `process.env` never gets to native code.
 * @throws PhleboxError runtime-failed
 */
export function keepRuntimeQuiet(): void {
	if (said) return;
	const library = koffi.load(null);
	const getenv = library.func('const char *getenv(const char *)');
	const setenv = library.func('int setenv(const char *, const char *, int)');
	// Written once a process only: other threads may be reading the environment.
	for (const name of names)
		if (getenv(name) !== '1' && setenv(name, '1', 1) !== 0)
			throw new PhleboxError('runtime-failed', `${name} cannot be set in the environment: ONNX Runtime is not loaded`);
	said = true;
}
