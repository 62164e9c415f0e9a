import { PhleboxError } from '../../errors.ts';
import type { ProviderChoice } from '../options.ts';
import type { ReleaseFunction, StatusFunction } from './functions.ts';
import { type ProviderName, providerNames } from './providerNames.ts';
import type { Handle, OnnxRuntime } from './runtime.ts';

/** A provider that was passed over, and why: for doctor, birth and health. */
export interface RefusedProvider {
	provider: string;
	reason: string;
	/** There is no engine for it yet: once one is built, it can be asked again. */
	unbuilt?: true;
}

interface ProviderFunctions {
	create: StatusFunction;
	update: StatusFunction;
	append: StatusFunction;
	release: ReleaseFunction;
}

/**
 * null: always there, nothing to append. The two GPU rows were not run on a GPU: tested is that they are refused where the
 * library lacks them, and what is passed to them where a stand-in takes their place.
 */
const providers: Record<ProviderName, ProviderFunctions | null> = {
	cpu: null,
	cuda: {
		create: 'createCudaOptions',
		update: 'updateCudaOptions',
		append: 'appendCuda',
		release: 'releaseCudaOptions',
	},
	tensorrt: {
		create: 'createTensorRtOptions',
		update: 'updateTensorRtOptions',
		append: 'appendTensorRt',
		release: 'releaseTensorRtOptions',
	},
};

/**
 * Whether the library has a provider and takes its options; loads what the provider needs.
 * @throws PhleboxError runtime-failed
 */
export function tryProvider(runtime: OnnxRuntime, choice: ProviderChoice): void {
	const options = runtime.make('createSessionOptions');
	try {
		appendProvider(runtime, options, choice);
	} finally {
		runtime.release('releaseSessionOptions', options);
	}
}

/**
 * Appends a provider to the options of a session to be made.
 * @throws PhleboxError runtime-failed when the library has no such provider
 */
export function appendProvider(runtime: OnnxRuntime, sessionOptions: Handle, choice: ProviderChoice): void {
	const known = providerNames.find((name) => name === choice.name);
	if (known === undefined)
		throw new PhleboxError('runtime-failed', `"${choice.name}" is no provider; known are ${providerNames.join(', ')}`);
	const row = providers[known];
	if (row === null) return;
	const options = runtime.make(row.create);
	try {
		const keys = Object.keys(choice.options ?? {});
		if (keys.length > 0) runtime.call(row.update, options, keys, Object.values(choice.options!), keys.length);
		runtime.call(row.append, sessionOptions, options);
	} finally {
		runtime.release(row.release, options);
	}
}
