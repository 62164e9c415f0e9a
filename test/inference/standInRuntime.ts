import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { PhleboxError } from '../../src/errors.ts';
import { functions } from '../../src/inference/onnxRuntime/functions.ts';
import { findLibrary } from '../../src/inference/onnxRuntime/library.ts';
import { type Native, OnnxRuntime, standIn } from '../../src/inference/onnxRuntime/runtime.ts';

/** What a stand-in for TensorRT does. */
export interface TensorRtPlay {
	/** It is listed, and fails at the first run. */
	failsAtRun?: boolean;
	/** It runs, and answers wrongly. */
	answersWrongly?: boolean;
	tensorRt?: string;
	device?: string;
	version?: string;
}

/**
 * ONNX Runtime with a TensorRT that is none: the real library, in which the functions of the provider are played. Sessions
 * "on TensorRT" run on the CPU. Options go through C: what is seen of them is what a library would see. Like the real
 * provider it leaves files in the folder of the engine cache when the session is made, and reads them when they are there.
 */
export class StandInRuntime extends OnnxRuntime {
	/** Path that stands for its library in the configuration. */
	readonly given: string;
	readonly play: TensorRtPlay;
	/** What the provider was given, session by session, as C saw it. */
	readonly seen: Record<string, string>[] = [];
	built = 0;
	/** Session options to which TensorRT was appended, and sessions that were made with them. */
	readonly #appended = new Set<unknown>();
	readonly #sessions = new Set<unknown>();

	constructor(play: TensorRtPlay = {}) {
		const real = new OnnxRuntime(findLibrary());
		const given = join(mkdtempSync(join(tmpdir(), 'phlebox-runtime-')), 'libonnxruntime.so.1');
		writeFileSync(given, 'stands for a library with TensorRT');
		let options: Record<string, string> = {};
		const update = nativeUpdate((keys, values) => {
			options = Object.fromEntries(keys.map((key, at) => [key, values[at]!]));
		});
		super(findLibrary(), {
			createTensorRtOptions: (out) => {
				options = {};
				(out as BigUint64Array)[0] = 1n;
				return 0;
			},
			updateTensorRtOptions: update,
			appendTensorRt: (sessionOptions) => {
				this.#appended.add(sessionOptions);
				return 0;
			},
			releaseTensorRtOptions: () => undefined,
			releaseSessionOptions: (sessionOptions) => {
				this.#appended.delete(sessionOptions);
				real.release('releaseSessionOptions', sessionOptions as bigint);
			},
			createSessionFromArray: (...args) => {
				real.call('createSessionFromArray', ...args);
				const [sessionOptions, out] = args.slice(-2) as [unknown, BigUint64Array];
				if (this.#appended.has(sessionOptions)) {
					this.seen.push(options);
					this.#sessions.add(out[0]);
					this.#buildOrLoad(options);
				}
				return 0;
			},
			releaseSession: (session) => {
				this.#sessions.delete(session);
				real.release('releaseSession', session as bigint);
			},
			runWithBinding: (session, _none, binding) => {
				const played = this.#sessions.has(session);
				if (played && this.play.failsAtRun)
					throw new PhleboxError(
						'runtime-failed',
						'ONNX Runtime runWithBinding: no kernel image is available for execution on the device',
					);
				// What is never written stays zeros: each answer as probable as the other.
				if (!played || !this.play.answersWrongly) real.runWithBinding(session as bigint, binding as bigint);
				return 0;
			},
		});
		this.given = given;
		this.play = play;
		if (play.version !== undefined) Object.assign(this, { version: play.version });
		standIn(given, this);
	}

	override engineFacts(): { tensorRt: string; device: string } {
		return { tensorRt: this.play.tensorRt ?? '100300', device: this.play.device ?? 'a board' };
	}

	#buildOrLoad(options: Record<string, string>): void {
		const folder = options.trt_engine_cache_path;
		if (options.trt_engine_cache_enable !== '1' || folder === undefined) return;
		const file = join(folder, 'TensorrtExecutionProvider_TRTKernel_graph_0_sm87.engine');
		try {
			writeFileSync(file, `engine ${this.built + 1}`, { flag: 'wx' });
			this.built++;
		} catch {
			// It is there: loaded.
		}
	}
}

/** A C function `OrtStatus *(options, keys, values, count)`, called through C as the library's would be. */
function nativeUpdate(take: (keys: string[], values: string[]) => void): Native {
	const [, , ...args] = functions.updateTensorRtOptions;
	const seen = koffi.proto('uintptr_t', ['void *', 'void *', 'void *', 'size_t']);
	const texts = (at: unknown, count: number) => koffi.decode(at, 'str', count) as string[];
	const pointer = koffi.register((_options: unknown, keys: unknown, values: unknown, count: number) => {
		take(texts(keys, Number(count)), texts(values, Number(count)));
		return 0;
	}, koffi.pointer(seen));
	return koffi.decode(pointer, koffi.proto('uintptr_t', [...args])) as Native;
}
