import test from 'ava';
import fc from 'fast-check';
import { nv12Bytes } from '../../../src/capture/convert/converter.ts';
import { RgbConverter, type RgbLayout } from '../../../src/capture/convert/rgbConverter.ts';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';

const memory = createFrameMemory(2, 65_536);
const from = memory.slotOffset(0);
const to = memory.slotOffset(1);
const bgr: RgbLayout = { bytes: 3, red: 2, blue: 0 };

/** Of one pixel, by the definition of JPEG (JFIF 1.02). */
const lumaOf = (red: number, green: number, blue: number) => 0.299 * red + 0.587 * green + 0.114 * blue;
const blueOf = (red: number, green: number, blue: number) => 128 - 0.1687 * red - 0.3313 * green + 0.5 * blue;
const redOf = (red: number, green: number, blue: number) => 128 + 0.5 * red - 0.4187 * green - 0.0813 * blue;

const any = fc.record({
	layout: fc.constantFrom<RgbLayout>(
		bgr,
		{ bytes: 3, red: 0, blue: 2 },
		{ bytes: 4, red: 2, blue: 0 },
		{ bytes: 4, red: 0, blue: 2 },
	),
	width: fc.integer({ min: 1, max: 40 }),
	height: fc.integer({ min: 1, max: 6 }),
	gap: fc.nat(9),
	seed: fc.nat(),
});

test('any packed RGB of any size becomes the luma and chroma of JPEG, within one step and two', (t) => {
	fc.assert(
		fc.property(any, ({ layout, width, height, gap, seed }) => {
			const stride = width * layout.bytes + gap;
			const pixels = Uint8Array.from({ length: stride * height }, (_, i) => ((i + seed) * 2_654_435_761) >>> 24);
			memory.bytes.fill(99, to, to + memory.slotBytes);
			memory.bytes.set(pixels, from);
			const converter = new RgbConverter(memory, layout, width, height, stride);
			t.true(converter.convert(from, pixels.length, to));
			const at = (x: number, y: number): [number, number, number] => {
				const place = y * stride + Math.min(x, width - 1) * layout.bytes;
				return [pixels[place + layout.red]!, pixels[place + 1]!, pixels[place + layout.blue]!];
			};
			const out = memory.bytes.subarray(to, to + converter.byteLength);
			for (let y = 0; y < height; y++)
				for (let x = 0; x < width; x++) {
					t.true(Math.abs(out[y * converter.stride + x]! - lumaOf(...at(x, y))) <= 1);
					if (x % 2 === 1 || y % 2 === 1) continue;
					const chroma = (height + y / 2) * converter.stride + x;
					const mean = (of: typeof blueOf) => (of(...at(x, y)) + of(...at(x + 1, y))) / 2;
					t.true(Math.abs(out[chroma]! - mean(blueOf)) <= 2, `${out[chroma]} for ${mean(blueOf)}`);
					t.true(Math.abs(out[chroma + 1]! - mean(redOf)) <= 2, `${out[chroma + 1]} for ${mean(redOf)}`);
				}
			t.is(converter.byteLength, nv12Bytes(width, height));
			t.is(memory.bytes[to + converter.byteLength], 99, 'nothing is written behind the frame');
		}),
		{ numRuns: 300 },
	);
});

test('grey stays as it is: each of its 256 steps, without colour', (t) => {
	const pixels = Uint8Array.from({ length: 3 * 256 }, (_, i) => Math.floor(i / 3));
	memory.bytes.set(pixels, from);
	const { stride } = new RgbConverter(memory, bgr, 256, 1, 3 * 256);
	new RgbConverter(memory, bgr, 256, 1, 3 * 256).convert(from, pixels.length, to);
	const out = memory.bytes.subarray(to, to + 2 * stride);
	t.deepEqual(
		[...out.subarray(0, 256)],
		Array.from({ length: 256 }, (_, i) => i),
	);
	t.true(out.subarray(256).every((chroma) => chroma === 128));
});
