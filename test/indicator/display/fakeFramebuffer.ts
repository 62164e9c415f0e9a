import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemCalls } from '../../../src/capture/libc.ts';
import { fbIoctls, fbOffsets } from '../../../src/indicator/display/fbUapi.ts';

/** A file with the ioctls of a framebuffer. */
export class FakeFramebuffer {
	readonly path = join(mkdtempSync(join(tmpdir(), 'phlebox-fb-')), 'fb0');
	readonly width = 160;
	readonly height = 100;
	readonly lineBytes: number;
	bits: number;
	errno: keyof typeof constants.errno | null = null;
	/** A driver with a palette that knows nothing else. */
	paletteOnly = false;

	/** @param bits a pixel: 16, 24, 32, or 8 for a palette */
	constructor(bits: number) {
		this.bits = bits;
		this.lineBytes = this.width * 4 + 64;
		writeFileSync(this.path, Buffer.alloc(this.lineBytes * this.height, 0x55));
	}

	readonly calls = {
		...systemCalls,
		ioctl: (_descriptor: number, request: number, argument: Uint8Array): number => {
			if (this.errno !== null) return -constants.errno[this.errno];
			const fields = new DataView(argument.buffer);
			const at = fbOffsets.fb_var_screeninfo;
			if (request === fbIoctls.FBIOGET_FSCREENINFO)
				fields.setUint32(fbOffsets.fb_fix_screeninfo.line_length, this.lineBytes, true);
			else if (request === fbIoctls.FBIOPUT_VSCREENINFO) {
				if (!this.paletteOnly) this.bits = fields.getUint32(at.bits_per_pixel, true);
			} else {
				const short = this.bits === 16;
				const parts = [
					[at.red, short ? 11 : 16, short ? 5 : 8],
					[at.green, short ? 5 : 8, short ? 6 : 8],
					[at.blue, 0, short ? 5 : 8],
				] as const;
				for (const [offset, shift, bits] of parts) {
					fields.setUint32(offset, shift, true);
					fields.setUint32(offset + 4, bits, true);
				}
				fields.setUint32(at.xres, this.width, true);
				fields.setUint32(at.yres, this.height, true);
				fields.setUint32(at.bits_per_pixel, this.bits, true);
			}
			return 0;
		},
	};

	/** What can be seen now: red, green and blue of a pixel, each 0 to 1. */
	look(): (x: number, y: number) => readonly [number, number, number] {
		const memory = readFileSync(this.path);
		const bytes = this.bits / 8;
		return (x, y) => {
			const value = memory.readUIntLE(y * this.lineBytes + x * bytes, bytes);
			if (this.bits === 16) return [(value >> 11) / 31, ((value >> 5) & 63) / 63, (value & 31) / 31];
			return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
		};
	}
}
