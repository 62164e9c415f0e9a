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

export interface InferenceOptions {
	/** Path of libonnxruntime.so.1, for a board's own build; null: the one inside onnxruntime-node. */
	library: string | null;
	/** In order: the first that can run the model is used. */
	providers: ProviderChoice[];
	/** Threads inside an operator. One leaves the other cores to the rest of the box, and nothing spins. */
	threads: number;
	/** Largest model.onnx that is loaded, bytes. */
	maxModelBytes: number;
}

/** What a configuration says of the runtime. */
export function inferenceOptions(configured: {
	library: string | null;
	providers: readonly string[];
	threads: number;
}): Pick<InferenceOptions, 'library' | 'providers' | 'threads'> {
	const { library, providers, threads } = configured;
	return { library, providers: providers.map((name) => ({ name })), threads };
}

export const inferenceDefaults: InferenceOptions = {
	library: null,
	providers: [{ name: 'cpu' }],
	threads: 1,
	maxModelBytes: 32_000_000,
};
