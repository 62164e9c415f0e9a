import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { PixelKernel } from '../inference/pixelKernel.ts';
import { previewHeight, previewWidth, type StatusBoard } from './statusBoard.ts';

/**
 * The scan area for the display page: luma only, reduced, never the rest of the screen (which holds the patient's name).
 * It is stretched to the preview's shape; the page stretches it back by the ROI's.
 */
export class Preview {
	readonly #kernel: PixelKernel;
	readonly #board: StatusBoard;
	readonly #intervalMs: number;
	readonly #tensor: number;
	readonly #pixels: number;
	readonly #view: Uint8Array;
	#drawnMs = Number.NEGATIVE_INFINITY;

	/** @param perSecond pictures a second at most; 0 for none */
	constructor(memory: FrameMemory, kernel: PixelKernel, board: StatusBoard, perSecond: number) {
		const count = previewWidth * previewHeight;
		this.#kernel = kernel;
		this.#board = board;
		this.#intervalMs = perSecond > 0 ? 1000 / perSecond : Number.POSITIVE_INFINITY;
		this.#tensor = memory.reserve(count * 4);
		this.#pixels = memory.reserve(count);
		this.#view = memory.bytes.subarray(this.#pixels, this.#pixels + count);
	}

	/** Draws a fresh live image, unless the one before is too recent. */
	draw(frame: Frame, roi: Roi): void {
		if (!(Math.abs(frame.timestampMs - this.#drawnMs) >= this.#intervalMs)) return;
		this.#drawnMs = frame.timestampMs;
		this.#kernel.areaAverage(frame, roi, this.#tensor, previewWidth, previewHeight);
		this.#kernel.toBytes(this.#tensor, this.#pixels, previewWidth * previewHeight);
		this.#board.nextPreview.set(this.#view);
		this.#board.set('previewMs', frame.timestampMs);
		this.#board.set('previewSequence', this.#board.get('previewSequence') + 1);
	}
}
