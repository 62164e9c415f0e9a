import type { FrameMemory } from '../capture/frameMemory.ts';
import { messageOf, PhleboxError } from '../errors.ts';
import type { RefusedProvider } from './onnxRuntime/provider.ts';
import { openRuntime } from './onnxRuntime/runtime.ts';
import { type Binding, Session } from './onnxRuntime/session.ts';
import type { InferenceOptions } from './options.ts';
import { graphMisfit } from './package/graphFit.ts';
import { type DraftManifest, modelFile } from './package/manifest.ts';
import type { TensorMap } from './tensorMap.ts';

interface StartedSession {
	session: Session;
	bindings: readonly [Binding, Binding];
	refused: RefusedProvider[];
}

/**
 * Opens the graph on each provider in turn until one has run it: a library that was built for another GPU lists it and
 * fails at the first run.
 * @throws PhleboxError model-mismatch, model-invalid, runtime-missing, runtime-failed
 */
export function startSession(
	manifest: DraftManifest,
	model: Uint8Array,
	memory: FrameMemory,
	map: TensorMap,
	options: InferenceOptions,
): StartedSession {
	const runtime = openRuntime(options.library);
	const refused: RefusedProvider[] = [];
	for (const choice of options.providers) {
		let session: Session | null = null;
		try {
			session = Session.open(runtime, model, choice, options.threads);
			const misfit = graphMisfit(manifest, session.inputs, session.outputs);
			if (misfit) throw new PhleboxError('model-mismatch', `${modelFile}: ${misfit}`);
			const bindings = bindBothWays(session, manifest, memory, map);
			bindings[0].run();
			return { session, bindings, refused };
		} catch (error) {
			session?.close();
			if (error instanceof PhleboxError && error.code === 'model-mismatch') throw error;
			refused.push({ provider: choice.name, reason: messageOf(error) });
		}
	}
	throw failure(refused);
}

/** Two bindings that take turns: what one run writes as state, the next one reads. */
export function bindBothWays(
	session: Session,
	manifest: DraftManifest,
	memory: FrameMemory,
	map: TensorMap,
): readonly [Binding, Binding] {
	const bind = (from: 0 | 1) => {
		const to = from === 0 ? 1 : 0;
		const before = map.states.map((places) => places[from]);
		const after = map.states.map((places, at) => ({ ...places[to], name: manifest.state[at]!.output }));
		const inputs = [map.image, ...(map.interval ? [map.interval] : []), ...before];
		return session.bind(memory, inputs, [map.landmark, map.vein, ...after]);
	};
	const first = bind(0);
	return [first, map.states.length === 0 ? first : bind(1)];
}

/** The CPU runs every sound graph; when it does not, the graph is to blame. */
function failure(refused: RefusedProvider[]): PhleboxError {
	const cpu = refused.find(({ provider }) => provider === 'cpu');
	if (cpu) return new PhleboxError('model-invalid', `${modelFile} does not run: ${cpu.reason}`);
	const reasons = refused.map(({ provider, reason }) => `${provider} (${reason})`).join('; ');
	return new PhleboxError(
		'runtime-failed',
		`no provider can run the model: ${reasons || 'none is configured'}; add cpu`,
	);
}
