import { messageOf, PhleboxError } from '../errors.ts';
import { planEngine } from './engine/enginePlan.ts';
import type { RefusedProvider } from './onnxRuntime/provider.ts';
import { type OnnxRuntime, openRuntime } from './onnxRuntime/runtime.ts';
import type { InferenceOptions, ProviderChoice } from './options.ts';
import type { GraphFor, PackageGraph } from './package/packageGraph.ts';

/** Opens the network on one provider and has it give answers. */
type Open<Opened> = (runtime: OnnxRuntime, choice: ProviderChoice, graph: PackageGraph) => Opened;

/**
 * The network on the first provider that proves itself: a library that was built for another GPU lists it and fails at
 * the first run, and one that answers wrongly is none at all. Where the configured library cannot be loaded and `cpu` is
 * among the providers, the CPU of the library inside onnxruntime-node is taken: a slower light is better than none.
 * @param refused takes in those that were passed over
 * @throws PhleboxError model-mismatch, model-invalid, model-golden-failed, runtime-missing, runtime-failed
 */
export function firstProvider<Opened>(
	graphs: GraphFor,
	options: InferenceOptions,
	refused: RefusedProvider[],
	open: Open<Opened>,
): Opened {
	const { providers, engines } = options;
	let runtime: OnnxRuntime;
	let asked: readonly ProviderChoice[] = providers;
	const wrong = new Map<string, PhleboxError>();
	try {
		runtime = openRuntime(options.library);
	} catch (error) {
		asked = providers.filter(({ name }) => name === 'cpu').slice(0, 1);
		if (!options.library || asked.length === 0) throw error;
		const reason = messageOf(error);
		refused.push(...providers.map(({ name }) => ({ provider: name, reason })));
		runtime = openRuntime();
	}
	for (const choice of asked) {
		try {
			return openPlanned(runtime, choice, graphs(choice.name), engines, open);
		} catch (error) {
			// A work area that is used up is no provider's fault either.
			if (codeOf(error) === 'model-mismatch' || error instanceof RangeError) throw error;
			if (error instanceof PhleboxError) wrong.set(choice.name, error);
			const unbuilt = codeOf(error) === 'engine-missing' && ({ unbuilt: true } as const);
			refused.push({ provider: choice.name, reason: messageOf(error), ...unbuilt });
		}
	}
	throw failure(refused, wrong, graphs);
}

function openPlanned<Opened>(
	runtime: OnnxRuntime,
	choice: ProviderChoice,
	graph: PackageGraph,
	engines: InferenceOptions['engines'],
	open: Open<Opened>,
): Opened {
	const plan = planEngine(runtime, choice, graph.bytes, engines);
	try {
		const opened = open(runtime, plan.choice, graph);
		plan.proved();
		return opened;
	} catch (error) {
		plan.failed();
		if (!plan.cached || codeOf(error) === 'model-mismatch') throw error;
		throw new PhleboxError('engine-missing', `its engine was thrown away: ${messageOf(error)}`, { cause: error });
	}
}

function codeOf(error: unknown): string | null {
	return error instanceof PhleboxError ? error.code : null;
}

/** The CPU runs every sound graph and answers as it should; when it does not, the package is to blame. */
function failure(
	refused: readonly RefusedProvider[],
	wrong: ReadonlyMap<string, PhleboxError>,
	graphs: GraphFor,
): PhleboxError {
	const cpu = wrong.get('cpu');
	if (cpu?.code === 'model-golden-failed') return cpu;
	if (cpu) return new PhleboxError('model-invalid', `${graphs('cpu').file} does not run: ${cpu.message}`);
	const reasons = refused.map(({ provider, reason }) => `${provider} (${reason})`).join('; ');
	return new PhleboxError(
		'runtime-failed',
		`no provider can run the model: ${reasons || 'none is configured'}; add cpu`,
	);
}
