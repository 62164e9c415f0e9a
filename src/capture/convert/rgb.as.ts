// Packed RGB to NV12, in AssemblyScript: compiled to WebAssembly SIMD by build.mjs, driven by rgbKernel.ts. All places are
// byte offsets into the imported frame memory. Full range, BT.601 as in JPEG: grey becomes luma as it is. Chroma of two
// pixels side by side, of every other row.

function luma(red: i32, green: i32, blue: i32): i32 {
	return (77 * red + 150 * green + 29 * blue + 128) >> 8;
}

function sumOfChroma(first: usize, second: usize, red: i32, blue: i32, ofRed: i32, ofGreen: i32, ofBlue: i32): i32 {
	const reds = <i32>load<u8>(first + red) + load<u8>(second + red);
	const greens = <i32>load<u8>(first + 1) + load<u8>(second + 1);
	const blues = <i32>load<u8>(first + blue) + load<u8>(second + blue);
	return (ofRed * reds + ofGreen * greens + ofBlue * blues + 65536) >> 9;
}

/** Lanes of two 16-bit factors, the first one low. */
function factors(low: i32, high: i32): v128 {
	return i32x4.splat((low & 0xffff) | (high << 16));
}

/**
 * @param pixelBytes 3 or 4
 * @param red byte of red within a pixel; green is byte 1
 * @param blue byte of blue
 * @param outStride bytes a row of the luma and of the chroma behind it
 */
export function rgbToNv12(
	source: usize,
	stride: usize,
	pixelBytes: i32,
	red: i32,
	blue: i32,
	width: i32,
	height: i32,
	out: usize,
	outStride: usize,
): void {
	// Four pixels a step: (red, green) and (blue, 0) as pairs of 16 bits, which the dot products weigh and add.
	const steps = i32x4(0, 1, 2, 3);
	const redGreen = i32x4.add(
		i32x4.splat(red | 0x8000 | (1 << 16) | (0x80 << 24)),
		i32x4.mul(steps, i32x4.splat(pixelBytes | (pixelBytes << 16))),
	);
	const blueOnly = i32x4.add(i32x4.splat(blue | 0x80808000), i32x4.mul(steps, i32x4.splat(pixelBytes)));
	const yRedGreen = factors(77, 150);
	const yBlue = factors(29, 0);
	const uRedGreen = factors(-43, -85);
	const uBlue = factors(128, 0);
	const vRedGreen = factors(128, -107);
	const vBlue = factors(-21, 0);
	const half = i32x4.splat(128);
	const middle = i32x4.splat(65536);
	for (let row = 0; row < height; row++) {
		const line = source + <usize>row * stride;
		const lumaRow = out + <usize>row * outStride;
		const chromaRow = out + <usize>(height + (row >> 1)) * outStride;
		const withChroma = (row & 1) === 0;
		let x = 0;
		// 16 bytes are read for four pixels of three: never beyond the row's last pixel.
		for (; x + 6 <= width; x += 4) {
			const pixels = v128.load(line + x * pixelBytes);
			const rg = i8x16.swizzle(pixels, redGreen);
			const b = i8x16.swizzle(pixels, blueOnly);
			const y = i32x4.add(i32x4.add(i32x4.dot_i16x8_s(rg, yRedGreen), i32x4.dot_i16x8_s(b, yBlue)), half);
			const words = i16x8.narrow_i32x4_u(i32x4.shr_u(y, 8), half);
			store<u32>(lumaRow + x, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
			if (!withChroma) continue;
			const u = i32x4.add(i32x4.dot_i16x8_s(rg, uRedGreen), i32x4.dot_i16x8_s(b, uBlue));
			const v = i32x4.add(i32x4.dot_i16x8_s(rg, vRedGreen), i32x4.dot_i16x8_s(b, vBlue));
			const first = v128.shuffle<i32>(u, v, 0, 4, 2, 6);
			const second = v128.shuffle<i32>(u, v, 1, 5, 3, 7);
			const uv = i32x4.shr_s(i32x4.add(i32x4.add(first, second), middle), 9);
			const pairs = i16x8.narrow_i32x4_u(uv, uv);
			store<u32>(chromaRow + x, i32x4.extract_lane(i8x16.narrow_i16x8_u(pairs, pairs), 0));
		}
		for (; x < width; x++) {
			const at = line + x * pixelBytes;
			store<u8>(lumaRow + x, luma(load<u8>(at + red), load<u8>(at + 1), load<u8>(at + blue)));
			if (!withChroma || (x & 1) === 1) continue;
			const next = x + 1 < width ? at + pixelBytes : at;
			store<u8>(chromaRow + x, sumOfChroma(at, next, red, blue, -43, -85, 128));
			store<u8>(chromaRow + x + 1, sumOfChroma(at, next, red, blue, 128, -107, -21));
		}
	}
}
