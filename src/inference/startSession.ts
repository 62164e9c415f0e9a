import type { FrameMemory } from '../capture/frameMemory.ts';
import { PhleboxError } from '../errors.ts';
import type { OnnxRuntime } from './onnxRuntime/runtime.ts';
import { type Binding, Session } from './onnxRuntime/session.ts';
import type { ProviderChoice } from './options.ts';
import { graphMisfit } from './package/graphFit.ts';
import type { DraftManifest } from './package/manifest.ts';
import type { PackageGraph } from './package/packageGraph.ts';
import type { TensorMap } from './tensorMap.ts';

interface StartedSession {
	session: Session;
	bindings: readonly [Binding, Binding];
}

/**
 * Opens the graph on one provider and runs it once.
 * @throws PhleboxError model-mismatch, runtime-failed
 */
export function startSession(
	manifest: DraftManifest,
	graph: PackageGraph,
	memory: FrameMemory,
	map: TensorMap,
	...[runtime, choice, threads]: [runtime: OnnxRuntime, choice: ProviderChoice, threads: number]
): StartedSession {
	const session = Session.open(runtime, graph.bytes, choice, threads);
	try {
		const misfit = graphMisfit(manifest, session.inputs, session.outputs);
		if (misfit) throw new PhleboxError('model-mismatch', `${graph.file}: ${misfit}`);
		const bindings = bindBothWays(session, manifest, memory, map);
		bindings[0].run();
		return { session, bindings };
	} catch (error) {
		session.close();
		throw error;
	}
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
