import { type Frame, frameBytes, lumaLayout, type PixelFormat, type Roi } from '../../src/capture/frame.ts';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';

/** A number 0..1 that depends on its arguments alone. */
export function hash(a: number, b: number, c: number): number {
	let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
	h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
	h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
	return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** A screen in frame memory that is drawn by hand: deterministic, and nothing but what a test asks for. */
export class DrawnScreen {
	readonly memory: FrameMemory;
	readonly frame: Frame;
	readonly #luma: { first: number; step: number };

	constructor(
		width: number,
		height: number,
		pixelFormat: PixelFormat = 'GREY',
		memory = createFrameMemory(1, 1 << 20),
	) {
		const stride = pixelFormat === 'GREY' || pixelFormat === 'NV12' ? width : width * 2;
		const byteLength = frameBytes(pixelFormat, stride, height);
		const offset = memory.slotOffset(0);
		this.memory = memory;
		this.frame = { width, height, pixelFormat, stride, offset, byteLength, sequence: 0, timestampMs: 0 };
		this.#luma = lumaLayout(pixelFormat);
		memory.bytes.fill(128, offset, offset + byteLength);
		this.fill({ x: 0, y: 0, width, height }, 0);
	}

	/** The same screen at a later moment. */
	at(timeMs: number): Frame {
		this.frame.timestampMs = timeMs;
		this.frame.sequence++;
		return this.frame;
	}

	/** Sets the grey of every pixel of a rectangle; null leaves a pixel as it is. */
	paint({ x, y, width, height }: Roi, grey: (column: number, row: number) => number | null): void {
		const { bytes } = this.memory;
		const { offset, stride } = this.frame;
		for (let row = 0; row < height; row++)
			for (let column = 0; column < width; column++) {
				const value = grey(column, row);
				if (value === null) continue;
				bytes[offset + this.#luma.first + (y + row) * stride + (x + column) * this.#luma.step] = value;
			}
	}

	fill({ x, y, width, height }: Roi, grey: number): void {
		const { bytes } = this.memory;
		const { first, step } = this.#luma;
		const { offset, stride } = this.frame;
		for (let row = y; row < y + height; row++) {
			const start = offset + first + row * stride + x * step;
			if (step === 1) bytes.fill(grey, start, start + width);
			else for (let column = 0; column < width; column++) bytes[start + column * step] = grey;
		}
	}

	/** A line of something like letters, 8 pixels wide and 10 high; other `seed`, other letters. */
	letters(x: number, y: number, count: number, grey: number, seed = 0): void {
		for (let letter = 0; letter < count; letter++)
			this.paint({ x: x + letter * 8, y, width: 6, height: 10 }, (column, row) =>
				hash(letter * 4 + (column >> 1), row >> 1, seed) < 0.45 ? grey : null,
			);
	}

	/** Header with a name, parameters, a grey bar and a ruler: what stands around a scan. */
	machine(roi: Roi): void {
		const { width, height } = this.frame;
		this.fill({ x: 0, y: 0, width, height: 24 }, 70);
		this.letters(8, 8, 24, 230, 1);
		for (let line = 0; line < 6; line++) this.letters(6, 50 + line * 16, 7, 220, 2 + line);
		this.paint({ x: width - 24, y: 80, width: 10, height: 120 }, (_, row) => 250 - row * 2);
		for (let y = roi.y; y < roi.y + roi.height; y += 20)
			this.fill({ x: roi.x + roi.width + 4, y, width: 6, height: 2 }, 220);
		this.fill({ x: 60, y: height - 14, width: width - 120, height: 2 }, 150);
	}

	clock(seconds: number): void {
		this.fill({ x: this.frame.width - 90, y: 6, width: 80, height: 14 }, 70);
		this.letters(this.frame.width - 88, 8, 8, 230, 100 + seconds);
	}

	/**
	 * A linear scan: speckle over layers, a dark lumen, darker with depth.
	 * @param image another number is another image of the same tissue, the same again after some
	 */
	linear(roi: Roi, image: number): void {
		this.#show(roi, `linear ${image % differentImages}`, (column, row) =>
			tissue(column / roi.width, row / roi.height, column, row, image % differentImages),
		);
	}

	/** A sector that fills the rectangle, its apex in the middle of the top side. */
	sector(roi: Roi, image: number): void {
		const radius = roi.height;
		const spread = Math.tan(Math.asin(roi.width / 2 / radius));
		this.#show(roi, `sector ${image % differentImages}`, (column, row) => {
			const across = column - roi.width / 2;
			const far = Math.hypot(across, row);
			if (Math.abs(across) > row * spread || far > radius || far < 0.03 * radius) return null;
			return tissue(0.5 + across / roi.width, far / radius, column, row, image % differentImages);
		});
	}

	/** Paints, and keeps what it painted for the next time. */
	#show(roi: Roi, name: string, grey: (column: number, row: number) => number | null): void {
		const key = `${name} ${roi.width}x${roi.height}`;
		let picture = drawn.get(key);
		if (!picture) {
			picture = Int16Array.from({ length: roi.width * roi.height }, (_, i) =>
				Math.floor(grey(i % roi.width, Math.floor(i / roi.width)) ?? -1),
			);
			drawn.set(key, picture);
		}
		const { bytes } = this.memory;
		const { first, step } = this.#luma;
		const { offset, stride } = this.frame;
		for (let row = 0, at = 0; row < roi.height; row++) {
			let to = offset + first + (roi.y + row) * stride + roi.x * step;
			for (let column = 0; column < roi.width; column++, at++, to += step)
				if (picture[at]! >= 0) bytes[to] = picture[at]!;
		}
	}
}

/** So many images follow one another before the first comes again. */
const differentImages = 4;
const drawn = new Map<string, Int16Array>();

/** Brightness of simple tissue: 0..1 across and down, speckle grains of 5 x 3 pixels. */
function tissue(across: number, down: number, column: number, row: number, image: number): number {
	const layer = 60 + 40 * Math.sin(down * 22 + 2 * Math.sin(across * 5)) + 25 * Math.sin(across * 9);
	const lumen = ((across - 0.55) / 0.13) ** 2 + ((down - 0.45) / 0.12) ** 2 < 1 ? 0.12 : 1;
	return Math.max(
		0,
		Math.min(255, (layer * 0.9 + 12) * lumen * (1.05 - 0.75 * down) * speckle(column / 5, row / 3, image)),
	);
}

/** Smooth noise around 1. */
function speckle(x: number, y: number, image: number): number {
	const left = Math.floor(x);
	const top = Math.floor(y);
	const u = x - left;
	const v = y - top;
	const corner = (dx: number, dy: number) => 0.25 + 1.5 * hash(left + dx, top + dy, image);
	return (corner(0, 0) * (1 - u) + corner(1, 0) * u) * (1 - v) + (corner(0, 1) * (1 - u) + corner(1, 1) * u) * v;
}
