import koffi, { type LibraryHandle } from 'koffi';
import { messageOf, PhleboxError } from '../../errors.ts';
import { engineDevice } from '../engine/engineDevice.ts';
import { tensorRtVersion } from '../engine/tensorRtVersion.ts';
import {
	type FunctionName,
	functions,
	lowestApiVersion,
	type ReleaseFunction,
	type StatusFunction,
} from './functions.ts';
import { findLibrary } from './library.ts';
import { keepRuntimeQuiet } from './quiet.ts';

/** A native object of the runtime. */
export type Handle = bigint;

export type Native = (...args: unknown[]) => unknown;

/** The newest API whose table was read; a library of another major version is asked for this one. */
const knownApiVersion = 30;
const logFatal = 4;
/** Some of the runtime's messages begin with a line of its own source. */
const sourcePlace = /^.*\[ONNXRuntimeError\] : \d+ : \w+ : /;
/** Stack of a native call. Optimising a large graph recurses deeply; koffi's default is 2 MiB. */
const stackBytes = 8 << 20;

/** ONNX Runtime's C API. Load it once a thread with `openRuntime`. */
export class OnnxRuntime {
	readonly path: string;
	/** Such as `1.30.0`. */
	readonly version: string;
	readonly #calls: Record<FunctionName, Native>;
	readonly env: Handle;
	/** Held for its life: koffi unmaps a library whose handle is collected, and functions got by pointer do not hold it. */
	readonly library: LibraryHandle;

	/** @param instead functions that stand in for the library's, for hardware that a test does not have */
	constructor(path: string, instead: Partial<Record<FunctionName, Native>> = {}) {
		this.path = path;
		const { library, version, calls } = load(path);
		this.library = library;
		this.version = version;
		this.#calls = { ...calls, ...instead };
		this.env = this.make('createEnv', logFatal, 'phlebox');
	}

	/** @throws PhleboxError runtime-failed with the runtime's own words, when the returned status is an error */
	call(name: StatusFunction, ...args: unknown[]): void {
		const status = this.#calls[name](...args);
		if (status !== 0) throw this.#failure(name, status);
	}

	/** Calls a function whose last argument receives a handle. */
	make(name: StatusFunction, ...args: unknown[]): Handle {
		const out = new BigUint64Array(1);
		this.call(name, ...args, out);
		return out[0]!;
	}

	release(name: ReleaseFunction, handle: Handle): void {
		this.#calls[name](handle);
	}

	/** The run of a bound session, without the arrays that `call` makes of its arguments. */
	runWithBinding(session: Handle, binding: Handle): void {
		const status = this.#calls.runWithBinding(session, null, binding);
		if (status !== 0) throw this.#failure('runWithBinding', status);
	}

	bindInput(binding: Handle, name: string, value: Handle): void {
		const status = this.#calls.bindInput(binding, name, value);
		if (status !== 0) throw this.#failure('bindInput', status);
	}

	/**
	 * What an engine of TensorRT hangs on beside model, options and the runtime's version.
	 * @throws PhleboxError runtime-failed, where no TensorRT is loaded
	 */
	engineFacts(): { tensorRt: string; device: string } {
		return { tensorRt: tensorRtVersion(), device: engineDevice() };
	}

	#failure(name: string, status: unknown): PhleboxError {
		const text = String(this.#calls.getErrorMessage(BigInt(status as number)));
		this.#calls.releaseStatus(status);
		const [line] = text.replace(sourcePlace, '').trim().split('\n', 1);
		return new PhleboxError('runtime-failed', `ONNX Runtime ${name}: ${line}`);
	}
}

const opened = new Map<string, OnnxRuntime>();

/**
 * The runtime of this thread. A library that is loaded stays loaded, and its environment lives as long.
 * @param given path of the shared library; left out, the one of onnxruntime-node
 * @throws PhleboxError runtime-missing, runtime-failed
 */
export function openRuntime(given?: string | null): OnnxRuntime {
	const path = findLibrary(given);
	let runtime = opened.get(path);
	if (!runtime) {
		runtime = new OnnxRuntime(path);
		opened.set(path, runtime);
	}
	return runtime;
}

/** From now on, and in this thread, the runtime of a library is this one: a test's. @param path as `findLibrary` gives it */
export function standIn(path: string, runtime: OnnxRuntime): void {
	opened.set(path, runtime);
}

function load(path: string): { library: LibraryHandle; version: string; calls: Record<FunctionName, Native> } {
	widenStack();
	keepRuntimeQuiet();
	let library: LibraryHandle;
	let base: bigint;
	try {
		library = koffi.load(path);
		base = library.func('OrtGetApiBase', 'void *', [])() as bigint;
	} catch (cause) {
		throw new PhleboxError('runtime-missing', `${path} is no ONNX Runtime: ${messageOf(cause)}`, { cause });
	}
	const [getApi, getVersion] = koffi.decode(base, 'uintptr_t', 2) as BigUint64Array;
	const version = String(koffi.call(getVersion, koffi.proto('str', [])));
	return { library, version, calls: bind(apiTable(path, version, getApi!)) };
}

/** Each thread has its own setting, and koffi refuses to change it once the thread has loaded a library. */
function widenStack(): void {
	const { sync_stack_size: size = 0 } = koffi.config();
	if (size >= stackBytes) return;
	try {
		koffi.config({ sync_stack_size: stackBytes });
	} catch {
		// Another library came first; koffi's default of 2 MiB then has to do, and does for the shipped models.
	}
}

function apiTable(path: string, version: string, getApi: bigint): BigUint64Array {
	const [major, minor] = version.split('.').map(Number);
	const own = major === 1 && minor ? minor : knownApiVersion;
	const ask = koffi.proto('void *', ['uint32_t']);
	for (let api = own; api >= lowestApiVersion; api--) {
		const table = koffi.call(getApi, ask, api) as bigint | null;
		if (table) return koffi.decode(table, 'uintptr_t', tableLength) as BigUint64Array;
	}
	throw new PhleboxError(
		'runtime-missing',
		`${path} is ONNX Runtime ${version}; 1.${lowestApiVersion} or newer is needed`,
	);
}

const tableLength = Math.max(...Object.values(functions).map(([place]) => place)) + 1;

function bind(table: BigUint64Array): Record<FunctionName, Native> {
	const calls = {} as Record<FunctionName, Native>;
	for (const [name, [place, result, ...args]] of Object.entries(functions)) {
		const proto = koffi.proto(result === 'status' ? 'uintptr_t' : result, [...args]);
		calls[name as FunctionName] = koffi.decode(table[place], proto) as Native;
	}
	return calls;
}
