import { PhleboxError } from '../../errors.ts';
import { tryProvider } from '../onnxRuntime/provider.ts';
import type { OnnxRuntime } from '../onnxRuntime/runtime.ts';
import type { EngineOptions, ProviderChoice } from '../options.ts';
import { sha256Of } from '../package/packageFile.ts';
import { EngineCache } from './engineCache.ts';

/** With what a provider is opened, and what becomes of its engine when that has gone well or not. */
export interface EnginePlan {
	choice: ProviderChoice;
	/** It has an engine that gave the golden answers before. */
	cached: boolean;
	/** It has given the golden answers. @throws PhleboxError store-failed */
	proved(): void;
	/** It has not. */
	failed(): void;
}

/** With these a configuration takes the engines into its own hands. */
const ownHands = ['trt_engine_cache_', 'trt_ep_context_'];

/**
 * How TensorRT is to be opened: with an engine that was proved before, or, where it may take its minutes, in a folder of
 * its own. Providers without engines are opened as they are.
 * @param model bytes of the graph
 * @throws PhleboxError runtime-failed (no such provider), engine-missing, store-failed
 */
export function planEngine(
	runtime: OnnxRuntime,
	choice: ProviderChoice,
	model: Uint8Array,
	engines: EngineOptions | null,
): EnginePlan {
	const { options = {} } = choice;
	const own = Object.keys(options).some((name) => ownHands.some((start) => name.startsWith(start)));
	if (!engines || choice.name !== 'tensorrt' || own)
		return { choice, cached: false, proved: () => undefined, failed: () => undefined };
	// Loads the provider's libraries, of which TensorRT's says its version.
	tryProvider(runtime, choice);
	const key = { model: sha256Of(model), runtime: runtime.version, options, ...runtime.engineFacts() };
	const cache = new EngineCache(engines.folder);
	const found = cache.look(key);
	if (found.folder !== null)
		return {
			...{ choice: withCache(choice, found.folder), cached: true },
			proved: () => undefined,
			failed: () => cache.drop(key),
		};
	if (!engines.build) throw new PhleboxError('engine-missing', found.why);
	const folder = cache.begin(key);
	return {
		...{ choice: withCache(choice, folder), cached: false },
		proved: () => cache.seal(key, folder),
		failed: () => cache.abandon(folder),
	};
}

function withCache({ name, options }: ProviderChoice, folder: string): ProviderChoice {
	return {
		name,
		options: {
			trt_timing_cache_enable: '1',
			trt_timing_cache_path: folder,
			...options,
			trt_engine_cache_enable: '1',
			trt_engine_cache_path: folder,
		},
	};
}
