/** A rectangle on the screen whose edges may lie inside pixels. */
export interface Window {
	x: number;
	y: number;
	width: number;
	height: number;
}

/**
 * Area average of a grey picture inside a window, as the box's own pixel kernel does it, first along the rows and then
 * down: for making many tensors quickly.
 */
export class AreaAverage {
	readonly #size: number;
	readonly #across: Spans;
	readonly #down: Spans;
	readonly #row: Float32Array;
	readonly #sum: Float32Array;

	/** @param window inside the picture, pixels; @param size width and height of the outcome */
	constructor(window: Window, size: number) {
		this.#size = size;
		this.#across = spans(window.x, window.width, size);
		this.#down = spans(window.y, window.height, size);
		this.#row = new Float32Array(size);
		this.#sum = new Float32Array(size);
	}

	/** @param start byte of the picture's first pixel; @param out takes size * size bytes from `at` on */
	average(bytes: Uint8Array, start: number, stride: number, out: Uint8Array, at: number): void {
		const size = this.#size;
		const across = this.#across;
		const down = this.#down;
		for (let row = 0; row < size; row++) {
			this.#sum.fill(0);
			for (let y = down.from[row]!, k = down.at[row]!; y < down.to[row]!; y++, k++) {
				const line = start + y * stride;
				const weight = down.weights[k]!;
				for (let column = 0; column < size; column++) {
					let sum = 0;
					const to = across.to[column]!;
					for (let x = across.from[column]!, w = across.at[column]!; x < to; x++, w++)
						sum += bytes[line + x]! * across.weights[w]!;
					this.#row[column] = sum;
				}
				for (let column = 0; column < size; column++) this.#sum[column]! += this.#row[column]! * weight;
			}
			for (let column = 0; column < size; column++) out[at + row * size + column] = Math.round(this.#sum[column]!);
		}
	}
}

/** For each output cell: first and last (excluded) pixel, and where its weights start. Weights of a cell add up to 1. */
interface Spans {
	from: Int32Array;
	to: Int32Array;
	at: Int32Array;
	weights: Float32Array;
}

function spans(start: number, length: number, size: number): Spans {
	const from = new Int32Array(size);
	const to = new Int32Array(size);
	const at = new Int32Array(size);
	const weights: number[] = [];
	for (let cell = 0; cell < size; cell++) {
		const low = start + (cell * length) / size;
		const high = start + ((cell + 1) * length) / size;
		from[cell] = Math.floor(low);
		to[cell] = Math.ceil(high - 1e-9);
		at[cell] = weights.length;
		for (let pixel = from[cell]!; pixel < to[cell]!; pixel++)
			weights.push((Math.min(pixel + 1, high) - Math.max(pixel, low)) / (high - low));
	}
	return { from, to, at, weights: Float32Array.from(weights) };
}
