import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { EngineBuilder } from '../inference/engine/engineBuilder.ts';
import type { RefusedProvider } from '../inference/onnxRuntime/provider.ts';
import type { SessionHandle } from '../inference/onnxRuntime/session.ts';
import type { InferenceOptions } from '../inference/options.ts';
import { readManifest } from '../inference/package/packageFile.ts';
import type { VisionReady } from '../vision/messages.ts';
import type { SwapResult } from '../vision/modelOffer.ts';
import { Standby } from '../vision/standby/standby.ts';
import type { VisionThread } from '../vision/thread.ts';

export interface EngineParts {
	inference: Partial<InferenceOptions>;
	vision: Pick<VisionThread, 'swap' | 'keepModel' | 'modelFolder'>;
	/** The vision thread runs, no examination does, and no other model is being tried. */
	idle(): boolean;
	/** There is something new to say of the providers. */
	changed(): void;
	log: Pick<Logger, 'info' | 'warn'>;
	/** Tests' own. */
	builder?: EngineBuilder;
	standby?: () => Pick<Standby, 'load' | 'offer' | 'free' | 'stop'>;
	/** How long the network before stays ready beside the one on the new engine. Milliseconds. */
	probationMs?: number;
}

const lookMs = 200;
const probationDefaultMs = 10_000;

/**
 * Engines for TensorRT beside the running box: where one is missing it is built in a process of its own, while the next
 * provider does the work, and then gone over to between two examinations. Each model is tried once in a life of the box.
 */
export class BoxEngines {
	readonly #parts: EngineParts;
	readonly #builder: EngineBuilder;
	readonly #stopping = new AbortController();
	/** Models for which a build was begun, with what became of it. */
	readonly #builds = new Map<string, string>();
	#model = '';
	#reverted: string | null = null;
	#work: Promise<void> = Promise.resolve();

	constructor(parts: EngineParts) {
		this.#parts = parts;
		this.#builder = parts.builder ?? new EngineBuilder(parts.inference);
	}

	/** What runs now was told. */
	heard({ model, providersRefused }: Pick<VisionReady, 'model' | 'providersRefused'>): void {
		this.#model = model.sha256;
		for (const { provider, reason } of providersRefused)
			this.#parts.log.warn({ provider, reason }, 'provider not in use');
		if (!providersRefused.some(({ unbuilt }) => unbuilt) || this.#builds.has(model.sha256)) return;
		this.#builds.set(model.sha256, 'it is being built');
		this.#work = this.#work
			.then(() => this.#build(model.sha256))
			.catch((error) => this.#say(model.sha256, messageOf(error)));
	}

	/** The same, with how far the engines of providers have come that are not in use. */
	told(ready: VisionReady | null): VisionReady | null {
		const build = this.#builds.get(this.#model);
		const said = (each: RefusedProvider) =>
			each.unbuilt && build ? { ...each, reason: `${each.reason}; ${build}` } : each;
		return ready && { ...ready, providersRefused: ready.providersRefused.map(said) };
	}

	/** Builds what a model needs before it is switched to. What cannot be built leaves it to the next provider. */
	async prepare(folder: string): Promise<void> {
		if (!this.#builder.wanted) return;
		const failed = await this.#builder.build(folder);
		if (failed !== null) this.#parts.log.warn({ folder, reason: failed }, 'no engine');
	}

	/** The vision thread went back to the network before. */
	reverted(reason: string): void {
		this.#reverted = reason;
	}

	/** A network that the vision thread has no use for any more. */
	free(handle: SessionHandle): void {
		if (this.#stopping.signal.aborted) return;
		const standby = this.#standby();
		standby
			.free(handle)
			.catch((error: unknown) => this.#parts.log.warn(messageOf(error)))
			.finally(() => void standby.stop());
	}

	async stop(): Promise<void> {
		this.#stopping.abort();
		this.#builder.stop();
		await this.#work;
	}

	async #build(sha256: string): Promise<void> {
		const folder = this.#parts.vision.modelFolder;
		if (readManifest(folder).sha256.model !== sha256) {
			this.#builds.delete(sha256);
			return;
		}
		this.#say(sha256, 'it is being built');
		const failed = await this.#builder.build(folder);
		if (this.#stopping.signal.aborted) return;
		if (failed !== null) this.#say(sha256, `it could not be built: ${failed}`);
		else {
			this.#say(sha256, 'it is built, and waits for the examination to end');
			const kept = await this.#goOver(folder);
			if (kept !== null && !this.#stopping.signal.aborted) this.#say(sha256, `it is built and not in use: ${kept}`);
		}
	}

	/** @returns why the network on the new engine does not run now; null when it does */
	async #goOver(folder: string): Promise<string | null> {
		const { vision, probationMs = probationDefaultMs } = this.#parts;
		const standby = this.#standby();
		try {
			await standby.load(folder);
			const offer = await standby.offer();
			let result: SwapResult;
			do {
				await this.#whenIdle(folder);
				if (this.#stopping.signal.aborted || vision.modelFolder !== folder) {
					await standby.free(offer.handle).catch(() => undefined);
					return 'another model runs';
				}
				this.#reverted = null;
				result = await vision.swap(offer);
			} while (!result.taken && result.busy);
			if (!result.taken) {
				if (!result.lost) await standby.free(offer.handle);
				return result.reason;
			}
			this.#parts.log.info({ provider: result.model.provider, tookMs: result.tookMs }, 'went over to another provider');
		} finally {
			await standby.stop();
		}
		await this.#pause(probationMs);
		if (this.#reverted !== null) return this.#reverted;
		// An update that began meanwhile has let go of the network before by itself.
		if (!this.#stopping.signal.aborted && vision.modelFolder === folder && this.#parts.idle()) vision.keepModel(folder);
		return null;
	}

	#say(sha256: string, state: string): void {
		this.#builds.set(sha256, state);
		this.#parts.log.info({ state }, 'engine');
		this.#parts.changed();
	}

	#standby(): Pick<Standby, 'load' | 'offer' | 'free' | 'stop'> {
		return this.#parts.standby?.() ?? new Standby(this.#parts.inference);
	}

	async #whenIdle(folder: string): Promise<void> {
		const { idle, vision } = this.#parts;
		while (!this.#stopping.signal.aborted && vision.modelFolder === folder && !idle()) await this.#pause(lookMs);
	}

	async #pause(milliseconds: number): Promise<void> {
		await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
	}
}
