/** What was said with about the same probability, and how often it was right. */
export interface ReliabilityBin {
	/** Probabilities above `from`, up to `to`. */
	from: number;
	to: number;
	images: number;
	/** Mean probability said; null without images. */
	confidence: number | null;
	/** Share that was right; null without images. */
	accuracy: number | null;
}

export interface ReliabilityTable {
	/** Expected calibration error: mean distance of probability and accuracy, each bin weighted by its images. */
	error: number;
	images: number;
	bins: ReliabilityBin[];
}

const binCount = 15;

/**
 * Are probabilities what they say? Of all that is said with 80%, four in five should be right. Bins of equal width, the
 * probability of the answer alone, as in Guo et al. 2017, https://arxiv.org/abs/1706.04599.
 */
export class Reliability {
	readonly #images = new Float64Array(binCount);
	readonly #confidence = new Float64Array(binCount);
	readonly #right = new Float64Array(binCount);

	/** @param confidence probability of the answer, 0..1 */
	add(confidence: number, right: boolean): void {
		const bin = Math.max(0, Math.min(binCount - 1, Math.ceil(confidence * binCount) - 1));
		this.#images[bin]!++;
		this.#confidence[bin]! += confidence;
		if (right) this.#right[bin]!++;
	}

	addAll(other: Reliability): void {
		for (let bin = 0; bin < binCount; bin++) {
			this.#images[bin]! += other.#images[bin]!;
			this.#confidence[bin]! += other.#confidence[bin]!;
			this.#right[bin]! += other.#right[bin]!;
		}
	}

	table(): ReliabilityTable {
		const all = this.#images.reduce((sum, images) => sum + images, 0);
		let error = 0;
		const bins = [...this.#images].map((images, bin) => {
			error += all === 0 ? 0 : Math.abs(this.#right[bin]! - this.#confidence[bin]!) / all;
			return {
				from: bin / binCount,
				to: (bin + 1) / binCount,
				images,
				confidence: images === 0 ? null : this.#confidence[bin]! / images,
				accuracy: images === 0 ? null : this.#right[bin]! / images,
			};
		});
		return { error, images: all, bins };
	}
}
