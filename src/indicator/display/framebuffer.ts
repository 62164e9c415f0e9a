import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { errnoName, systemCalls } from '../../capture/libc.ts';
import type { SystemCalls } from '../../capture/systemCalls.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { Panel } from './displayLight.ts';
import { fbBitfield, fbBytes, fbIoctls, fbOffsets } from './fbUapi.ts';
import { createPicture, type Picture } from './picture.ts';

/** How a pixel is made of its parts. */
interface Shape {
	bytes: number;
	red: { shift: number; bits: number };
	green: { shift: number; bits: number };
	blue: { shift: number; bits: number };
}

const ink = 0xff;

/** A framebuffer of the kernel, such as /dev/fb0: the ground in the colour of the state, the words in white. */
export class Framebuffer implements Panel {
	readonly name: string;
	readonly #path: string;
	readonly #brightness: number;
	readonly #calls: SystemCalls;
	#file = -1;
	#shape: Shape | null = null;
	#lineBytes = 0;
	#start = 0;
	#picture = createPicture(0, 0);
	#colour = '#000000';
	#percent = 100;
	#memory = Buffer.alloc(0);

	/** @param brightness percent */
	constructor(path: string, brightness: number, calls: SystemCalls = systemCalls) {
		this.#path = path;
		this.#brightness = brightness;
		this.#calls = calls;
		this.name = `framebuffer ${path}`;
	}

	open(): { width: number; height: number } {
		this.#release();
		try {
			this.#file = openSync(this.#path, constants.O_RDWR);
		} catch (error) {
			throw failed(
				this.#path,
				'cannot be opened',
				codeOf(error),
				'check indicator.displays and its rights (docs/install.md)',
			);
		}
		try {
			return this.#measure();
		} catch (error) {
			this.#release();
			throw error;
		}
	}

	draw(picture: Picture, colour: string, lit: boolean): void {
		this.#picture = picture;
		this.#colour = colour;
		this.light(lit);
	}

	light(lit: boolean): void {
		const { width, height, ink: drawn } = this.#picture;
		const shape = this.#shape!;
		const level = (this.#brightness * this.#percent) / 10_000;
		const ground = lit ? packed(shape, this.#colour, level) : 0;
		const letter = packed(shape, '#ffffff', level);
		const memory = this.#memory;
		const row = Buffer.alloc(width * shape.bytes);
		for (let x = 0; x < width; x++) row.writeUIntLE(ground, x * shape.bytes, shape.bytes);
		for (let y = 0; y < height; y++) {
			const line = y * this.#lineBytes;
			row.copy(memory, line);
			for (let x = 0; x < width; x++)
				if (drawn[y * width + x]) memory.writeUIntLE(letter, line + x * shape.bytes, shape.bytes);
		}
		this.#write();
	}

	dim(percent: number): void {
		this.#percent = percent;
	}

	close(): void {
		try {
			if (this.#file >= 0) {
				this.#memory.fill(0);
				this.#write();
			}
		} finally {
			this.#release();
		}
	}

	#measure(): { width: number; height: number } {
		const variable = new Uint8Array(fbBytes.fb_var_screeninfo);
		const at = fbOffsets.fb_var_screeninfo;
		this.#ask('FBIOGET_VSCREENINFO', variable);
		const fields = new DataView(variable.buffer);
		if (fields.getUint32(at.bits_per_pixel, true) < 16) {
			// A palette has no colours of its own: another depth is asked for, which not every driver has.
			fields.setUint32(at.bits_per_pixel, 32, true);
			this.#ask('FBIOPUT_VSCREENINFO', variable);
			this.#ask('FBIOGET_VSCREENINFO', variable);
		}
		const fixed = new Uint8Array(fbBytes.fb_fix_screeninfo);
		this.#ask('FBIOGET_FSCREENINFO', fixed);
		const bits = fields.getUint32(at.bits_per_pixel, true);
		if (![16, 24, 32].includes(bits))
			throw failed(this.#path, `has ${bits} bits a pixel`, 'unsupported', 'use a mode with 16, 24 or 32');
		const part = (offset: number) => ({
			shift: fields.getUint32(offset + fbBitfield.offset, true),
			bits: fields.getUint32(offset + fbBitfield.length, true),
		});
		this.#shape = { bytes: bits / 8, red: part(at.red), green: part(at.green), blue: part(at.blue) };
		this.#lineBytes = new DataView(fixed.buffer).getUint32(fbOffsets.fb_fix_screeninfo.line_length, true);
		const [width, height] = [fields.getUint32(at.xres, true), fields.getUint32(at.yres, true)];
		const [left, top] = [fields.getUint32(at.xoffset, true), fields.getUint32(at.yoffset, true)];
		this.#start = top * this.#lineBytes + left * this.#shape.bytes;
		this.#memory = Buffer.alloc(height * this.#lineBytes - left * this.#shape.bytes);
		this.#write();
		return { width, height };
	}

	#ask(name: keyof typeof fbIoctls, struct: Uint8Array): void {
		const result = this.#calls.ioctl(this.#file, fbIoctls[name], struct);
		if (result < 0) throw failed(this.#path, 'is no framebuffer', errnoName(-result), 'name one such as /dev/fb0');
	}

	#write(): void {
		try {
			writeSync(this.#file, this.#memory, 0, this.#memory.length, this.#start);
		} catch (error) {
			throw failed(this.#path, 'cannot be written', codeOf(error), 'check that the display is still there');
		}
	}

	#release(): void {
		if (this.#file >= 0) closeSync(this.#file);
		this.#file = -1;
	}
}

/** A colour as the display wants it. @param level 0 to 1 */
function packed({ red, green, blue }: Shape, colour: string, level: number): number {
	const value = Number.parseInt(colour.slice(1), 16);
	const part = ({ shift, bits }: Shape['red'], full: number) =>
		Math.round((full / ink) * level * (2 ** bits - 1)) * 2 ** shift;
	return part(red, (value >> 16) & ink) + part(green, (value >> 8) & ink) + part(blue, value & ink);
}

function codeOf(error: unknown): string {
	return (error as NodeJS.ErrnoException).code ?? messageOf(error);
}

function failed(path: string, what: string, cause: string, todo: string): PhleboxError {
	return new PhleboxError('light-failed', `display: ${path} ${what} (${cause}); ${todo}`);
}
