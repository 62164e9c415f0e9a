import { lumaLayout, type PixelFormat, type Roi } from '../capture/frame.ts';
import { glyphHeight, glyphWidth, isInk } from './font.ts';

/** Brightness and colour difference, each 0..255; 128 128 is grey (BT.601). */
export type Colour = readonly [y: number, u: number, v: number];

/** The screen as the scanner draws it: luma a pixel, chroma for each pair of pixels in a row. */
export class Canvas {
	readonly width: number;
	readonly height: number;
	readonly luma: Uint8Array;
	readonly u: Uint8Array;
	readonly v: Uint8Array;

	/** @param width even */
	constructor(width: number, height: number) {
		this.width = width;
		this.height = height;
		this.luma = new Uint8Array(width * height);
		this.u = new Uint8Array((width / 2) * height).fill(128);
		this.v = new Uint8Array((width / 2) * height).fill(128);
	}

	/** Fills a rectangle; what lies outside the screen is left out. */
	fill(x: number, y: number, width: number, height: number, colour: Colour): void {
		const left = Math.max(0, Math.round(x));
		const right = Math.min(this.width, Math.round(x + width));
		const bottom = Math.min(this.height, Math.round(y + height));
		for (let row = Math.max(0, Math.round(y)); row < bottom; row++)
			for (let column = left; column < right; column++) {
				this.luma[row * this.width + column] = colour[0];
				const pair = row * (this.width / 2) + (column >> 1);
				this.u[pair] = colour[1];
				this.v[pair] = colour[2];
			}
	}

	/** One character, `size` pixels a dot of the font. */
	glyph(code: number, x: number, y: number, size: number, colour: Colour): void {
		for (let row = 0; row < glyphHeight; row++)
			for (let column = 0; column < glyphWidth; column++)
				if (isInk(code, column, row)) this.fill(x + column * size, y + row * size, size, size, colour);
	}

	/** A line of text from its top left corner. @returns its width, pixels */
	text(text: string, x: number, y: number, size: number, colour: Colour): number {
		for (let i = 0; i < text.length; i++) this.glyph(text.charCodeAt(i), x + i * advance(size), y, size, colour);
		return text.length * advance(size);
	}

	/** Copies a part into a frame. @param offset byte of the frame; @param stride bytes a row */
	copy(part: Roi, bytes: Uint8Array, offset: number, stride: number, format: PixelFormat): void {
		const { first, step } = lumaLayout(format);
		const right = Math.min(this.width, part.x + part.width);
		const bottom = Math.min(this.height, part.y + part.height);
		for (let row = Math.max(0, part.y); row < bottom; row++) {
			let out = offset + row * stride + part.x * step;
			let at = row * this.width + part.x;
			for (let column = part.x; column < right; column++, at++, out += step) {
				bytes[out + first] = this.luma[at]!;
				if (step === 2) bytes[out + 1 - first] = (column & 1) === 0 ? this.u[at >> 1]! : this.v[at >> 1]!;
			}
		}
	}
}

/** Pixels from character to character. */
export function advance(size: number): number {
	return (glyphWidth + 1) * size;
}
