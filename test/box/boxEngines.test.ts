import test, { type ExecutionContext } from 'ava';
import { BoxEngines } from '../../src/box/boxEngines.ts';
import { PhleboxError } from '../../src/errors.ts';
import type { EngineBuilder } from '../../src/inference/engine/engineBuilder.ts';
import type { RefusedProvider } from '../../src/inference/onnxRuntime/provider.ts';
import type { VisionReady } from '../../src/vision/messages.ts';
import type { ModelOffer, SwapResult } from '../../src/vision/modelOffer.ts';
import { makeTinyPackage, manifestOf } from '../inference/tinyPackage.ts';

const folder = makeTinyPackage();
const manifest = manifestOf(folder);
const sha256 = manifest.sha256.model;
const unbuilt: RefusedProvider = { provider: 'tensorrt', reason: 'no engine was built for it yet', unbuilt: true };
const ready = (refused: RefusedProvider[], of = sha256): VisionReady => ({
	...{ kind: 'ready', source: 'test', lights: [], providersRefused: refused },
	model: { name: 'tiny', version: '1.0.0', sha256: of, provider: refused.length > 0 ? 'cpu' : 'tensorrt' },
});

/** Vision thread, builder and standby thread are played; each says into `said` what was asked of it. */
class Played {
	readonly said: string[] = [];
	modelFolder = folder;
	idle = true;
	readonly engines: BoxEngines;

	constructor(
		t: ExecutionContext,
		{ build = async () => null as string | null, answers = [] as SwapResult[], offerFails = false, breaks = '' } = {},
	) {
		const { said } = this;
		const played = this;
		const handle = { library: '', provider: 'tensorrt', session: 1n };
		this.engines = new BoxEngines({
			inference: {},
			vision: {
				get modelFolder() {
					return played.modelFolder;
				},
				swap: async () => {
					said.push('swap');
					if (breaks) this.engines.reverted(breaks);
					const model = { name: 'tiny', version: '1.0.0', sha256, provider: 'tensorrt' };
					return answers.shift() ?? { taken: true, model, providersRefused: [], tookMs: 0 };
				},
				keepModel: () => said.push('keep'),
			},
			idle: () => this.idle,
			changed: () => said.push(this.state()),
			log: { info: () => undefined, warn: () => undefined },
			builder: { build, wanted: true, stop: () => said.push('stop building') } as unknown as EngineBuilder,
			standby: () => ({
				load: async () => {
					if (offerFails) throw new PhleboxError('runtime-failed', 'no more room');
					return { manifest, provider: 'tensorrt' };
				},
				offer: async (): Promise<ModelOffer> => ({ manifest, handle, providersRefused: [] }),
				free: async () => {
					said.push('free');
				},
				stop: async () => undefined,
			}),
			probationMs: 0,
		});
		t.teardown(() => this.engines.stop());
	}

	state(): string {
		return this.engines.told(ready([unbuilt]))!.providersRefused[0]!.reason.replace(unbuilt.reason, '');
	}

	async until(word: string): Promise<void> {
		while (!this.said.some((said) => said.includes(word))) await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

test('a missing engine is built beside the box, gone over to, and said at each step', async (t) => {
	const played = new Played(t);
	played.engines.heard(ready([unbuilt]));
	await played.until('keep');
	t.deepEqual(played.said, [
		'; it is being built',
		'; it is built, and waits for the examination to end',
		'swap',
		'keep',
	]);
	played.engines.heard(ready([unbuilt]));
	await new Promise((resolve) => setTimeout(resolve, 20));
	t.is(played.said.length, 4, 'not twice in a life of the box');
});

test('a provider that is refused for another reason has nothing built', async (t) => {
	const played = new Played(t);
	played.engines.heard(ready([{ provider: 'tensorrt', reason: 'no such library' }]));
	await new Promise((resolve) => setTimeout(resolve, 20));
	t.deepEqual(played.said, []);
});

test('a build that failed is the reason from then on', async (t) => {
	const played = new Played(t, { build: async () => 'out of memory' });
	played.engines.heard(ready([unbuilt]));
	await played.until('could not');
	t.is(played.state(), '; it could not be built: out of memory');
	t.false(played.said.includes('swap'));
});

test('an examination is waited for, and an offer that came in one is made again', async (t) => {
	const busy: SwapResult = { taken: false, busy: true, reason: 'an examination runs', lost: false };
	const played = new Played(t, { answers: [busy] });
	played.idle = false;
	played.engines.heard(ready([unbuilt]));
	await played.until('waits');
	await new Promise((resolve) => setTimeout(resolve, 50));
	t.false(played.said.includes('swap'));
	played.idle = true;
	await played.until('keep');
	t.is(played.said.filter((said) => said === 'swap').length, 2);
});

test('a network that the vision thread does not take is freed, and the reason told', async (t) => {
	const no: SwapResult = { taken: false, busy: false, reason: 'it does not fit', lost: false };
	const played = new Played(t, { answers: [no] });
	played.engines.heard(ready([unbuilt]));
	await played.until('not in use');
	t.true(played.said.includes('free'));
	t.is(played.state(), '; it is built and not in use: it does not fit');
});

test('a network that breaks after the change is not kept', async (t) => {
	const played = new Played(t, { breaks: 'it gave no number' });
	played.engines.heard(ready([unbuilt]));
	await played.until('not in use');
	t.false(played.said.includes('keep'));
	t.is(played.state(), '; it is built and not in use: it gave no number');
});

test('an engine that cannot be loaded leaves the box as it is', async (t) => {
	const played = new Played(t, { offerFails: true });
	played.engines.heard(ready([unbuilt]));
	await played.until('no more room');
	t.false(played.said.includes('swap'));
});

test('when an update brings another model meanwhile, the engine of the old one is let be', async (t) => {
	const played = new Played(t);
	played.idle = false;
	played.engines.heard(ready([unbuilt]));
	await played.until('waits');
	played.modelFolder = '/another';
	await played.until('another model runs');
	t.false(played.said.includes('swap'));
	t.true(played.said.includes('free'));
});
