import type { Frame, Roi } from '../capture/frame.ts';

/** How colour Doppler is told from a grey picture: by its patches of strong colour, which come and go with the pulse. */
export interface ColourOptions {
	/** A point is strongly coloured that is so far from the area's mean colour (Cb or Cr), levels. */
	distance: number;
	/** Share of the points that must be so: coloured marks of the machine in a scan area are less. */
	share: number;
	/** With colour once seen it stays on for so long without: longer than a slow heart's pause. Milliseconds. */
	holdMs: number;
}

/** Points along each side at which colour is read. */
const points = 48;

/**
 * Share of points of the scan area whose colour is farther from the mean colour than a distance, in `shares`, one for each
 * distance given; a tinted grey scale counts as none. 0 for formats without colour. Allocates nothing.
 */
export class ColourMeter {
	readonly shares: Float64Array;
	readonly #bytes: Uint8Array;
	readonly #distances: Float64Array;
	readonly #counts: Int32Array;

	/** @param bytes of the frame memory */
	constructor(bytes: Uint8Array, distances: readonly number[]) {
		this.#bytes = bytes;
		this.#distances = Float64Array.from(distances);
		this.#counts = new Int32Array(distances.length);
		this.shares = new Float64Array(distances.length);
	}

	measure(frame: Frame, roi: Roi): void {
		this.shares.fill(0);
		if (frame.pixelFormat === 'GREY') return;
		const bytes = this.#bytes;
		const gap = frame.pixelFormat === 'NV12' ? 1 : 2;
		let sumU = 0;
		let sumV = 0;
		for (let i = 0; i < points * points; i++) {
			const at = chromaAt(frame, roi, i);
			sumU += bytes[at]!;
			sumV += bytes[at + gap]!;
		}
		const u = sumU / points ** 2;
		const v = sumV / points ** 2;
		this.#counts.fill(0);
		for (let i = 0; i < points * points; i++) {
			const at = chromaAt(frame, roi, i);
			const away = Math.max(Math.abs(bytes[at]! - u), Math.abs(bytes[at + gap]! - v));
			for (let which = 0; which < this.#distances.length; which++)
				if (away > this.#distances[which]!) this.#counts[which]!++;
		}
		for (let which = 0; which < this.shares.length; which++) this.shares[which] = this.#counts[which]! / points ** 2;
	}
}

/** Byte of the first colour sample nearest to one of the points. */
function chromaAt(frame: Frame, roi: Roi, point: number): number {
	const x = Math.floor(roi.x + (((point % points) + 0.5) * roi.width) / points) & ~1;
	const y = Math.floor(roi.y + ((Math.floor(point / points) + 0.5) * roi.height) / points);
	if (frame.pixelFormat === 'NV12') return frame.offset + frame.stride * (frame.height + (y >> 1)) + x;
	return frame.offset + y * frame.stride + 2 * x + (frame.pixelFormat === 'YUYV' ? 1 : 0);
}

/** Whether colour Doppler is on. Begin with `createColour()`. */
export interface Colour {
	on: boolean;
	/** When strong colour was last seen, milliseconds. */
	seenMs: number;
}

export function createColour(): Colour {
	return { on: false, seenMs: Number.NEGATIVE_INFINITY };
}

/**
 * One frame further, in place. Time that runs backwards keeps it on: nothing was seen to end.
 * @param coloured this frame's image has enough strong colour
 */
export function stepColour(
	colour: Colour,
	coloured: boolean,
	frame: { readonly timestampMs: number },
	options: ColourOptions,
): void {
	if (coloured || (colour.on && frame.timestampMs < colour.seenMs)) {
		colour.on = true;
		colour.seenMs = frame.timestampMs;
	} else if (frame.timestampMs - colour.seenMs > options.holdMs) colour.on = false;
}
