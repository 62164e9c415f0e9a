import type { Manifest } from '../../inference/package/manifest.ts';
import type { Answer, VisionModel } from '../../inference/visionModel.ts';
import type { ShadowImage } from './shadowFeed.ts';

/** What a model said beside the one that runs. */
export interface ShadowFigures {
	/** Images that both have judged. */
	images: number;
	/** Images that it was too slow, or the machine too busy, for. */
	passedOver: number;
	/** Images on which the two named another landmark. */
	landmarkDisagreed: number;
	/** Images with the same landmark and another state of the vein. */
	veinDisagreed: number;
	/** Images that the new one alone called closed, above its threshold: what could become a wrong capture. */
	closedAlone: number;
	/** Longest time of one run, milliseconds, beside all else that the machine did. */
	slowestMs: number;
}

export const noFigures: ShadowFigures = {
	...{ images: 0, passedOver: 0, landmarkDisagreed: 0, veinDisagreed: 0, closedAlone: 0, slowestMs: 0 },
};

type Labels = Pick<Manifest['outputs'], 'landmark' | 'vein'>;

/** Runs a new model on the images of the one that runs, and counts on what they are not of one mind. */
export class ShadowJudge {
	readonly #model: VisionModel;
	readonly #image: Float32Array;
	readonly #labels: Labels;
	readonly #closed: number;
	#timeMs = Number.NaN;
	readonly figures: ShadowFigures = { ...noFigures };

	/**
	 * @param image where the new model's input lies
	 * @param labels of the model that runs
	 */
	constructor(model: VisionModel, manifest: Manifest, image: Float32Array, labels: Labels) {
		this.#model = model;
		this.#image = image;
		this.#labels = labels;
		this.#closed = manifest.thresholds.closed;
		model.reset();
	}

	/** @throws PhleboxError runtime-failed, when the new model breaks at an image */
	judge(image: ShadowImage): void {
		const { figures } = this;
		this.#image.set(image.pixels);
		if (image.first) this.#model.reset();
		const intervalMs = image.first || Number.isNaN(this.#timeMs) ? 0 : image.timeMs - this.#timeMs;
		this.#timeMs = image.timeMs;
		const begin = performance.now();
		const answer: Answer = this.#model.run({ intervalMs });
		figures.slowestMs = Math.max(figures.slowestMs, performance.now() - begin);
		figures.images++;
		const landmark = likeliest(this.#labels.landmark.labels, image.landmark);
		const vein = likeliest(this.#labels.vein.labels, image.vein);
		if (landmark !== answer.landmark) figures.landmarkDisagreed++;
		else if (vein !== answer.vein) figures.veinDisagreed++;
		if (answer.vein === 'closed' && vein !== 'closed' && answer.veinConfidence >= this.#closed) figures.closedAlone++;
	}
}

function likeliest(labels: readonly string[], probabilities: Float32Array): string {
	let best = 0;
	for (let at = 1; at < labels.length; at++) if (probabilities[at]! > probabilities[best]!) best = at;
	return labels[best]!;
}
