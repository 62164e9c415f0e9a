// The pixel kernel, in AssemblyScript: compiled to WebAssembly SIMD by build.mjs, driven by simdKernel.ts. It owns no
// data: all places are byte offsets into the imported frame memory, all sizes come with the call. Plain functions, no
// decorators: what is small enough is inlined by the compiler.

import { addAcross, eight } from '../lanes.as';

/** Rows read side by side: more would outrun the processor's prefetch, and 258 would overflow the 16-bit sums. */
const rowsAtOnce: i32 = 32;
/** Shares of rows are counted in 1 / 16384; with 32 rows of 255 that leaves a sum room in 32 bits. */
const shareBits: i32 = 14;
const greyUnits: f64 = 255 * <f64>(1 << shareBits);

/**
 * Writes or adds eight columns, in units of 1 / 2^shareBits of a grey level: the sums of whole rows between the shares of a row
 * above them and of one below. Both shares are one instruction, and whole numbers up to the conversion, which as a signed
 * one is one instruction too.
 * @param shares upper and lower share in turn, 16-bit lanes
 */
function lay(sums: usize, whole: v128, above: v128, below: v128, shares: v128, first: bool): void {
	const partsLeft = i32x4.dot_i16x8_s(v128.shuffle<i16>(above, below, 0, 8, 1, 9, 2, 10, 3, 11), shares);
	const partsRight = i32x4.dot_i16x8_s(v128.shuffle<i16>(above, below, 4, 12, 5, 13, 6, 14, 7, 15), shares);
	const wholeLeft = i32x4.shl(i32x4.extend_low_i16x8_u(whole), shareBits);
	const wholeRight = i32x4.shl(i32x4.extend_high_i16x8_u(whole), shareBits);
	const left = f32x4.convert_i32x4_s(i32x4.add(wholeLeft, partsLeft));
	const right = f32x4.convert_i32x4_s(i32x4.add(wholeRight, partsRight));
	v128.store(sums, first ? left : f32x4.add(left, v128.load(sums)));
	v128.store(sums, first ? right : f32x4.add(right, v128.load(sums, 16)), 16);
}

/** The same for columns from `x` on, one by one. */
function layRest<Pixel>(
	sums: usize,
	luma: usize,
	stride: usize,
	rows: i32,
	above: usize,
	below: usize,
	upper: i32,
	lower: i32,
	first: bool,
	x: i32,
	columns: i32,
): void {
	for (; x < columns; x++) {
		const place = <usize>x * sizeof<Pixel>();
		let at = luma + place;
		let sum: u32 = 0;
		for (let row = 0; row < rows; row++) {
			sum += load<u8>(at);
			at += stride;
		}
		const parts = load<u8>(above + place) * upper + load<u8>(below + place) * lower;
		const all = <f32>((sum << shareBits) + parts);
		const out = sums + (x << 2);
		store<f32>(out, first ? all : load<f32>(out) + all);
	}
}

/**
 * Sums of columns over a band of rows, as `lay` writes them: `rows` whole ones from `luma` on, and of the rows `above` and
 * `below` the shares `upper` and `lower`. A load of 16 bytes begins at a luma byte and would end one byte behind the last pixel of a UYVY row:
 * that pixel is left to `layRest`.
 * @param first writes the sums; otherwise adds to them
 */
function layBand<Pixel>(
	sums: usize,
	luma: usize,
	stride: usize,
	rows: i32,
	above: usize,
	below: usize,
	upper: i32,
	lower: i32,
	first: bool,
	columns: i32,
): void {
	const shares = i32x4.splat(upper | (lower << 16));
	const hop: usize = 8 * sizeof<Pixel>();
	const spare: i32 = sizeof<Pixel>() === 2 ? 1 : 0;
	let x = 0;
	for (; x + 32 + spare <= columns; x += 32) {
		const place = <usize>x * sizeof<Pixel>();
		let at = luma + place;
		let a = i16x8.splat(0);
		let b = i16x8.splat(0);
		let c = i16x8.splat(0);
		let d = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			a = i16x8.add(a, eight<Pixel>(at));
			b = i16x8.add(b, eight<Pixel>(at + hop));
			c = i16x8.add(c, eight<Pixel>(at + 2 * hop));
			d = i16x8.add(d, eight<Pixel>(at + 3 * hop));
			at += stride;
		}
		const out = sums + (x << 2);
		const up = above + place;
		const down = below + place;
		lay(out, a, eight<Pixel>(up), eight<Pixel>(down), shares, first);
		lay(out + 32, b, eight<Pixel>(up + hop), eight<Pixel>(down + hop), shares, first);
		lay(out + 64, c, eight<Pixel>(up + 2 * hop), eight<Pixel>(down + 2 * hop), shares, first);
		lay(out + 96, d, eight<Pixel>(up + 3 * hop), eight<Pixel>(down + 3 * hop), shares, first);
	}
	for (; x + 8 + spare <= columns; x += 8) {
		const place = <usize>x * sizeof<Pixel>();
		let at = luma + place;
		let a = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			a = i16x8.add(a, eight<Pixel>(at));
			at += stride;
		}
		lay(sums + (x << 2), a, eight<Pixel>(above + place), eight<Pixel>(below + place), shares, first);
	}
	layRest<Pixel>(sums, luma, stride, rows, above, below, upper, lower, first, x, columns);
}

/** Weighted sum over the columns that one output pixel covers, still spread over four lanes. */
function gather(sums: usize, weights: usize, taps: i32): v128 {
	let total = f32x4.splat(0);
	for (let tap = 0; tap < taps; tap += 4) {
		total = f32x4.add(total, f32x4.mul(v128.load(sums), v128.load(weights)));
		sums += 16;
		weights += 16;
	}
	return total;
}

/** One row of the output from the sums of its columns. */
function writeRow(out: usize, outWidth: i32, sums: usize, starts: usize, weights: usize, taps: i32, scale: f32): void {
	const scales = f32x4.splat(scale);
	const hop: usize = taps << 2;
	let column = 0;
	for (; column + 4 <= outWidth; column += 4) {
		const a = gather(sums + load<u32>(starts), weights, taps);
		const b = gather(sums + load<u32>(starts, 4), weights + hop, taps);
		const c = gather(sums + load<u32>(starts, 8), weights + 2 * hop, taps);
		const d = gather(sums + load<u32>(starts, 12), weights + 3 * hop, taps);
		v128.store(out, f32x4.mul(addAcross(a, b, c, d), scales));
		out += 16;
		starts += 16;
		weights += 4 * hop;
	}
	for (; column < outWidth; column++) {
		const a = gather(sums + load<u32>(starts), weights, taps);
		store<f32>(out, f32x4.extract_lane(addAcross(a, a, a, a), 0) * scale);
		out += 4;
		starts += 4;
		weights += hop;
	}
}

function shareOf(rows: f64): i32 {
	return <i32>(rows * <f64>(1 << shareBits) + 0.5);
}

/**
 * Area average of luma into float32 [outHeight, outWidth], values 0..1. Each row of the source is read from memory once: a row
 * that two rows of the output share is read twice, the second time while it is near.
 * @param luma the first luma byte of the first row in the ROI's first column
 * @param stride bytes from one row that is read to the next
 * @param columns columns of the source that the ROI touches
 * @param rows rows there are; what would reach below the last one ends with it
 * @param top of the ROI, rows; may be fractional, as may `height`
 * @param starts for each output column the byte offset in `sums` of its first source column, u32
 * @param weights for each output column `taps` floats, a multiple of 4: the share of each source column
 * @param sums room for `columns + taps` floats and 32 bytes
 */
export function areaAverage(
	luma: usize,
	stride: usize,
	step: i32,
	columns: i32,
	rows: i32,
	top: f64,
	height: f64,
	starts: usize,
	weights: usize,
	taps: i32,
	sums: usize,
	out: usize,
	outWidth: i32,
	outHeight: i32,
): void {
	for (let outRow = 0; outRow < outHeight; outRow++) {
		const from = top + (<f64>outRow * height) / <f64>outHeight;
		const to = min(<f64>rows, top + (<f64>(outRow + 1) * height) / <f64>outHeight);
		// Whole rows are those from `at` to before `end`; an output row within one row of the source has none.
		let at = <i32>ceil(from);
		const end = <i32>floor(to);
		const above = luma + stride * <i32>floor(from);
		// Where less than a row makes a row of the output, its shares are of that: they would be too small to count.
		const unit = min<f64>(1, to - from);
		let upper = shareOf((end < at ? to - from : <f64>at - from) / unit);
		const share = end < at ? 0 : shareOf((to - <f64>end) / unit);
		const below = share > 0 ? luma + stride * end : above;
		let first = true;
		do {
			const band = max(0, min(end - at, rowsAtOnce));
			const lower = at + band >= end ? share : 0;
			const whole = luma + stride * at;
			if (step === 2) layBand<u16>(sums, whole, stride, band, above, below, upper, lower, first, columns);
			else layBand<u8>(sums, whole, stride, band, above, below, upper, lower, first, columns);
			first = false;
			upper = 0;
			at += band;
		} while (at < end);
		writeRow(out, outWidth, sums, starts, weights, taps, <f32>(unit / ((to - from) * greyUnits)));
		out += outWidth << 2;
	}
}

/** Two floats, scaled to 0..255 and rounded as Math.round does, exactly (hence 64 bits), in the two low lanes. */
function twoBytes(two: v128): v128 {
	const scaled = f64x2.mul(f64x2.promote_low_f32x4(two), f64x2.splat(255));
	return i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.add(scaled, f64x2.splat(0.5))));
}

function fourBytes(four: v128): v128 {
	return v128.shuffle<i32>(twoBytes(four), twoBytes(v128.shuffle<i32>(four, four, 2, 3, 2, 3)), 0, 1, 4, 5);
}

/** `count` floats 0..1 to bytes 0..255, clamped; a NaN gives 0. */
export function toBytes(tensor: usize, out: usize, count: i32): void {
	let i = 0;
	for (; i + 8 <= count; i += 8) {
		const words = i16x8.narrow_i32x4_s(fourBytes(v128.load(tensor)), fourBytes(v128.load(tensor, 16)));
		v128.store64_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
		tensor += 32;
		out += 8;
	}
	for (; i < count; i++) {
		const value = floor(<f64>load<f32>(tensor) * 255 + 0.5);
		store<u8>(out, value > 0 ? <u8>min(value, 255) : 0);
		tensor += 4;
		out++;
	}
}

/**
 * Reads each byte of some rows once, in loads of 16 bytes, and makes nothing of it: the least that reading them can take, for
 * `phlebox bench --floor`. Eight rows abreast, which on x64 was measured to take 0.6 of the time that one after the other takes.
 * What is left of a row behind its last 64 bytes, and of the rows behind the last eight, is left out.
 */
export function readOver(at: usize, stride: usize, rows: i32, rowBytes: i32): i32 {
	let a = i32x4.splat(0);
	let b = i32x4.splat(0);
	let c = i32x4.splat(0);
	let d = i32x4.splat(0);
	for (let row = 0; row + 8 <= rows; row += 8) {
		const end = at + (rowBytes & ~63);
		for (let place = at; place < end; place += 64) {
			let line = place;
			for (let abreast = 0; abreast < 8; abreast++) {
				a = v128.xor(a, v128.load(line));
				b = v128.xor(b, v128.load(line, 16));
				c = v128.xor(c, v128.load(line, 32));
				d = v128.xor(d, v128.load(line, 48));
				line += stride;
			}
		}
		at += 8 * stride;
	}
	const all = v128.xor(v128.xor(a, b), v128.xor(c, d));
	return (
		i32x4.extract_lane(all, 0) ^ i32x4.extract_lane(all, 1) ^ i32x4.extract_lane(all, 2) ^ i32x4.extract_lane(all, 3)
	);
}
