import { type BeamGrid, type Probe, pictureSize } from './probe.ts';

/** Brings the beams' grey levels onto the pixels of a picture: between four samples, from tables made once. */
export class ScanConverter {
	readonly width: number;
	readonly height: number;
	readonly #samples: number;
	/** First and last (excluded) pixel of each row that lies in the scan. */
	readonly #from: Int32Array;
	readonly #to: Int32Array;
	/** For every pixel: sample before it (-1 outside the scan), and how far it is to the next sample (down) and the next beam (across), /256. */
	readonly #index: Int32Array;
	readonly #down: Uint8Array;
	readonly #across: Uint8Array;

	/** @param width, height pixels of the picture's bounding box */
	constructor(grid: BeamGrid, probe: Probe, width: number, height: number) {
		this.width = width;
		this.height = height;
		this.#samples = grid.samples;
		this.#from = new Int32Array(height);
		this.#to = new Int32Array(height);
		this.#index = new Int32Array(width * height).fill(-1);
		this.#down = new Uint8Array(width * height);
		this.#across = new Uint8Array(width * height);
		const size = pictureSize(probe);
		const top = probe.radius * Math.cos(probe.halfAngle);
		for (let row = 0; row < height; row++) {
			const z = ((row + 0.5) / height) * size.height;
			let from = width;
			let to = 0;
			for (let column = 0; column < width; column++) {
				const x = ((column + 0.5) / width - 0.5) * size.width;
				const linear = probe.kind === 'linear';
				const depth = linear ? z : Math.hypot(x, z + top) - probe.radius;
				const share = linear ? x / (probe.width / 2) : Math.atan2(x, z + top) / probe.halfAngle;
				if (depth < 0 || depth > probe.depth || share < -1 || share > 1) continue;
				const s = Math.min(grid.samples - 1.001, depth / grid.sampleMm);
				const beam = Math.min(grid.beams - 1.001, ((share + 1) / 2) * (grid.beams - 1));
				const i = row * width + column;
				this.#index[i] = Math.floor(beam) * grid.samples + Math.floor(s);
				this.#down[i] = Math.floor((s % 1) * 256);
				this.#across[i] = Math.floor((beam % 1) * 256);
				from = Math.min(from, column);
				to = Math.max(to, column + 1);
			}
			this.#from[row] = Math.min(from, to);
			this.#to[row] = to;
		}
	}

	/**
	 * Writes the scan; pixels outside it are left alone.
	 * @param first byte of the picture's first luma sample; @param stride bytes a row; @param step bytes a pixel
	 */
	write(grey: Uint8Array, bytes: Uint8Array, first: number, stride: number, step: number): void {
		const samples = this.#samples;
		const index = this.#index;
		const downs = this.#down;
		const acrosses = this.#across;
		for (let row = 0; row < this.height; row++) {
			const to = this.#to[row]!;
			let out = first + row * stride + this.#from[row]! * step;
			let pixel = row * this.width + this.#from[row]!;
			for (let column = this.#from[row]!; column < to; column++, pixel++, out += step) {
				const i = index[pixel]!;
				// Above the face of a curved probe.
				if (i < 0) continue;
				const down = downs[pixel]!;
				const across = acrosses[pixel]!;
				const left = grey[i]! * (256 - down) + grey[i + 1]! * down;
				const right = grey[i + samples]! * (256 - down) + grey[i + samples + 1]! * down;
				bytes[out] = (left * (256 - across) + right * across) >> 16;
			}
		}
	}
}
