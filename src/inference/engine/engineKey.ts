import { createHash } from 'node:crypto';

/** What a TensorRT engine was built of. An engine for another of these gives wrong answers, or none. */
export interface EngineKey {
	/** SHA-256 of the graph. */
	model: string;
	/** Version of ONNX Runtime. */
	runtime: string;
	/** Version of TensorRT, as its library says it. */
	tensorRt: string;
	/** The provider's options as configured, without those that the cache itself sets. */
	options: Readonly<Record<string, string>>;
	/** Board, GPU and driver. */
	device: string;
}

/** One text for one key, however its options are ordered. */
export function keyText({ model, runtime, tensorRt, options, device }: EngineKey): string {
	const ordered = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([model, runtime, tensorRt, ordered, device]);
}

/** Name of the folder that holds the engine of a key. */
export function engineName(key: EngineKey): string {
	return createHash('sha256').update(keyText(key)).digest('hex').slice(0, 40);
}
