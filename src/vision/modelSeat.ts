import type { FrameMemory } from '../capture/frameMemory.ts';
import { messageOf } from '../errors.ts';
import { changeRules } from '../exam/command.ts';
import type { Protocol } from '../exam/protocol.ts';
import { OnnxModel } from '../inference/onnxModel.ts';
import type { RefusedProvider } from '../inference/onnxRuntime/provider.ts';
import type { SessionHandle } from '../inference/onnxRuntime/session.ts';
import type { Manifest } from '../inference/package/manifest.ts';
import type { VisionLoop } from './loop.ts';
import type { ModelOffer, SwapResult } from './modelOffer.ts';
import { swapMisfit } from './swapMisfit.ts';

/** A model with the rules that come with it. */
interface Seated {
	model: OnnxModel;
	manifest: Manifest;
	protocol: Protocol;
	providersRefused: RefusedProvider[];
}

export interface SeatParts {
	memory: FrameMemory;
	/** Where the screen lays the image down, for whichever model. */
	imageOffset: number;
	model: OnnxModel;
	manifest: Manifest;
	/** The rules of the examination with a model. @throws PhleboxError config-invalid */
	protocolOf(manifest: Manifest): Protocol;
	/** The new model broke and the old one is back. Must not wait. */
	reverted(back: SwapModel, reason: string, freed: SessionHandle): void;
}

type SwapModel = Pick<Extract<SwapResult, { taken: true }>, 'model' | 'providersRefused'>;

/**
 * The place of the network in the vision loop. Another one takes it between two frames and two examinations, and the one
 * before stays beside it, ready, until `keep`: a new one that breaks at a frame has that frame answered by nobody and the
 * next one by the old. Nothing here loads, tries or frees a network: that is for a thread that has no frames to wait for.
 */
export class ModelSeat {
	readonly #parts: SeatParts;
	#now: Seated;
	#before: Seated | null = null;
	#loop: VisionLoop | null = null;

	constructor(parts: SeatParts) {
		this.#parts = parts;
		const { model, manifest } = parts;
		const providersRefused = [...model.refusedProviders];
		this.#now = { model, manifest, protocol: parts.protocolOf(manifest), providersRefused };
	}

	get protocol(): Protocol {
		return this.#now.protocol;
	}

	attach(loop: VisionLoop): void {
		this.#loop = loop;
	}

	/**
	 * Between two turns. Whatever keeps the offer from being taken leaves all as it was.
	 * @returns also the session of a model that had been kept for the swap before
	 */
	swap(offer: ModelOffer): { result: SwapResult; freed: SessionHandle | null } {
		const loop = this.#loop!;
		const begin = performance.now();
		const no = (reason: string, busy = false) => ({
			result: { taken: false as const, busy, reason, lost: false },
			freed: null,
		});
		if (loop.exam.phase === 'running') return no('an examination runs', true);
		let next: Seated;
		try {
			const misfit = swapMisfit(this.#now.manifest, offer.manifest);
			if (misfit) return no(misfit);
			const { memory, imageOffset, protocolOf } = this.#parts;
			const protocol = protocolOf(offer.manifest);
			next = {
				...{ manifest: offer.manifest, providersRefused: offer.providersRefused, protocol },
				model: OnnxModel.adopt(offer.handle, offer.manifest, memory, imageOffset),
			};
		} catch (error) {
			return no(messageOf(error));
		}
		const freed = this.keep();
		this.#before = this.#now;
		this.#seat(next);
		return { result: { taken: true, ...modelOf(next), tookMs: performance.now() - begin }, freed };
	}

	/** The new model stays. @returns the session of the old one, to be freed elsewhere */
	keep(): SessionHandle | null {
		const { model } = this.#before ?? {};
		this.#before = null;
		return model?.handOver() ?? null;
	}

	/**
	 * Back to the old model, even in an examination: what the new one said of this pass does not count.
	 * @param nowMs on the clock of the frames
	 * @returns false when there is none to go back to
	 */
	revert(reason: string, nowMs?: number): boolean {
		const before = this.#before;
		if (!before) return false;
		const broken = this.#now.model;
		this.#before = null;
		this.#seat(before, nowMs);
		this.#parts.reverted(modelOf(before), reason, broken.handOver());
		return true;
	}

	close(): void {
		this.#before?.model.close();
		this.#before = null;
		this.#now.model.close();
	}

	#seat(next: Seated, nowMs?: number): void {
		this.#now = next;
		this.#loop!.takeModel(next.model);
		this.#loop!.command((state, now, spare) => changeRules(state, next.protocol, now, spare), nowMs);
	}
}

function modelOf({ model: { name, version, provider }, manifest, providersRefused }: Seated): SwapModel {
	return { model: { name, version, sha256: manifest.sha256.model, provider }, providersRefused };
}
