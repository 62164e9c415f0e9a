import koffi from 'koffi';
import type { FrameMemory } from '../../capture/frameMemory.ts';
import { PhleboxError } from '../../errors.ts';
import type { ProviderChoice } from '../options.ts';
import type { ReleaseFunction } from './functions.ts';
import { appendProvider } from './provider.ts';
import { type Handle, type OnnxRuntime, openRuntime } from './runtime.ts';
import { readTensorInfo, type TensorInfo } from './tensorInfo.ts';

const sequential = 0;
const allOptimisations = 99;
const deviceAllocator = 0;
const defaultMemory = 0;
export const float32 = 1;

/** Where a float32 tensor of the graph lies in the frame memory. */
export interface TensorPlace {
	name: string;
	shape: readonly number[];
	/** Bytes, 64-aligned. */
	offset: number;
}

/** Inputs and outputs bound to places in the frame memory; made once, run as often as wanted. */
export interface Binding {
	/**
	 * Reads the inputs, writes the outputs. Synchronous; allocates nothing.
	 * @throws PhleboxError runtime-failed
	 */
	run(): void;
}

/** A session on its way from one thread of the process to another. The runtime lets any thread run it. */
export interface SessionHandle {
	/** Path of the library it belongs to. */
	library: string;
	provider: string;
	session: Handle;
}

/** A graph made ready on one execution provider. */
export class Session {
	readonly provider: string;
	readonly inputs: readonly TensorInfo[];
	readonly outputs: readonly TensorInfo[];
	readonly #runtime: OnnxRuntime;
	readonly #session: Handle;
	readonly #owned: [ReleaseFunction, Handle][] = [];
	#open = true;

	private constructor(runtime: OnnxRuntime, provider: string, session: Handle) {
		this.#runtime = runtime;
		this.provider = provider;
		this.#session = session;
		this.#owned.push(['releaseSession', session]);
		this.inputs = readTensorInfo(runtime, session, 'input');
		this.outputs = readTensorInfo(runtime, session, 'output');
	}

	/**
	 * @param model bytes of the .onnx file
	 * @throws PhleboxError runtime-failed: no such provider, or a graph that the runtime cannot read
	 */
	static open(runtime: OnnxRuntime, model: Uint8Array, provider: ProviderChoice, threads: number): Session {
		const options = runtime.make('createSessionOptions');
		try {
			runtime.call('setSessionExecutionMode', options, sequential);
			runtime.call('setSessionGraphOptimizationLevel', options, allOptimisations);
			runtime.call('setIntraOpNumThreads', options, threads);
			runtime.call('setInterOpNumThreads', options, 1);
			runtime.call('enableMemPattern', options);
			runtime.call('enableCpuMemArena', options);
			runtime.call('addSessionConfigEntry', options, 'session.intra_op.allow_spinning', '0');
			runtime.call('addSessionConfigEntry', options, 'session.inter_op.allow_spinning', '0');
			appendProvider(runtime, options, provider);
			const session = runtime.make('createSessionFromArray', runtime.env, model, model.length, options);
			return new Session(runtime, provider.name, session);
		} finally {
			runtime.release('releaseSessionOptions', options);
		}
	}

	/** @throws PhleboxError runtime-failed for names that the graph does not have */
	bind(memory: FrameMemory, inputs: readonly TensorPlace[], outputs: readonly TensorPlace[]): Binding {
		const runtime = this.#runtime;
		const binding = this.#own('releaseIoBinding', runtime.make('createIoBinding', this.#session));
		const sources = inputs.map((place) => ({ name: place.name, value: this.#tensor(memory, place) }));
		for (const { name, value } of sources) runtime.bindInput(binding, name, value);
		for (const place of outputs) runtime.call('bindOutput', binding, place.name, this.#tensor(memory, place));
		// On a GPU binding copies the input to the device (IOBinding::BindInput in onnxruntime/core/session/IOBinding.cc):
		// what was bound before the frame came would be an old frame.
		const bindsByCopy = this.provider !== 'cpu';
		return {
			run: () => {
				if (!this.#open) throw new PhleboxError('runtime-failed', 'the session is closed');
				if (bindsByCopy) for (const { name, value } of sources) runtime.bindInput(binding, name, value);
				runtime.runWithBinding(this.#session, binding);
			},
		};
	}

	/** Takes over what another thread of this process has handed over. */
	static adopt({ library, provider, session }: SessionHandle): Session {
		return new Session(openRuntime(library), provider, session);
	}

	/** Frees all native objects; may be called more than once. */
	close(): void {
		this.#open = false;
		for (const [release, handle] of this.#owned.splice(0).reverse()) this.#runtime.release(release, handle);
	}

	/** Frees all but the session itself, which is whose it is handed to. */
	handOver(): SessionHandle {
		this.#owned.shift();
		this.close();
		return { library: this.#runtime.path, provider: this.provider, session: this.#session };
	}

	#tensor(memory: FrameMemory, { shape, offset }: TensorPlace): Handle {
		const byteLength = 4 * shape.reduce((product, side) => product * side, 1);
		const device = this.#runtime.make('createCpuMemoryInfo', deviceAllocator, defaultMemory);
		try {
			// A WebAssembly memory of fixed size never moves, so its address may be kept.
			const place = koffi.address(memory.bytes) + BigInt(offset);
			const dimensions = BigInt64Array.from(shape, BigInt);
			const tensor = ['createTensorWithData', device, place, byteLength, dimensions, shape.length, float32] as const;
			return this.#own('releaseValue', this.#runtime.make(...tensor));
		} finally {
			this.#runtime.release('releaseMemoryInfo', device);
		}
	}

	#own(release: ReleaseFunction, handle: Handle): Handle {
		this.#owned.push([release, handle]);
		return handle;
	}
}
