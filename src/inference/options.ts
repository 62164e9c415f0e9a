/** An execution provider to try, with the runtime's own options for it. */
export interface ProviderChoice {
	/** `cpu`, `cuda` or `tensorrt`; another name is passed over with a reason. */
	name: string;
	/**
	 * Passed to the runtime as they are, such as `trt_fp16_enable: '1'`
	 * (https://onnxruntime.ai/docs/execution-providers/).
	 */
	options?: Record<string, string>;
}

/** Where TensorRT's engines are kept from start to start. */
export interface EngineOptions {
	folder: string;
	/** Building takes minutes: for a process that nobody waits for. Otherwise a missing engine is a reason to pass over. */
	build: boolean;
}

export interface InferenceOptions {
	/** Path of libonnxruntime.so.1, for a board's own build; null: the one inside onnxruntime-node. */
	library: string | null;
	/** In order: the first that gives the golden answers is used. */
	providers: ProviderChoice[];
	/** Null: TensorRT is given its options as they are, and builds in front of whoever asks. */
	engines: EngineOptions | null;
	/** Threads inside an operator. One leaves the other cores to the rest of the box, and nothing spins. */
	threads: number;
	/** Largest graph that is loaded, bytes. */
	maxModelBytes: number;
}

/** What a configuration says of the runtime. */
export function inferenceOptions(configured: {
	library: string | null;
	providers: readonly (string | ProviderChoice)[];
	engineFolder: string | null;
	threads: number;
}): Pick<InferenceOptions, 'library' | 'providers' | 'engines' | 'threads'> {
	const { library, providers, engineFolder, threads } = configured;
	return {
		library,
		providers: providers.map((each) => (typeof each === 'string' ? { name: each } : each)),
		engines: engineFolder === null ? null : { folder: engineFolder, build: false },
		threads,
	};
}

export const inferenceDefaults: InferenceOptions = {
	library: null,
	providers: [{ name: 'cpu' }],
	engines: null,
	threads: 1,
	maxModelBytes: 32_000_000,
};
