// The pixel kernel, in AssemblyScript: compiled to WebAssembly SIMD by build.mjs, driven by simdKernel.ts. It owns no
// data: all places are byte offsets into the imported frame memory, all sizes come with the call. Plain functions, no
// decorators: what is small enough is inlined by the compiler.

import { eight } from '../lanes.as';

/** Rows read side by side: more would outrun the processor's prefetch. */
const rowsAtOnce: i32 = 32;
/** Shares of rows, in 1 / 32768; the whole of one, which would be a sign, is 1 less. */
const shareBits: i32 = 15;
const half: i32 = 1 << (shareBits - 1);
/** The weights of an output pixel's columns add up to this. */
const weightUnits: f32 = <f32>(1 << 14);

/**
 * Eight columns of a band: the sums of whole rows, each row `units`, and shares of the row above them and of the one below, as 15
 * bits behind the point. What a product or a sum can be at most fits a signed lane.
 */
function lay(sums: usize, whole: v128, units: v128, above: v128, upper: v128, below: v128, lower: v128): void {
	const up = i16x8.q15mulr_sat_s(i16x8.mul(above, units), upper);
	const down = i16x8.q15mulr_sat_s(i16x8.mul(below, units), lower);
	v128.store(sums, i16x8.add(i16x8.mul(whole, units), i16x8.add(up, down)));
}

/**
 * Sums of columns over a band of rows as 16-bit whole numbers: `rows` whole ones from `luma` on, each of which counts `units`, and of
 * the rows `above` and `below` the shares `upper` and `lower`, 15 bits behind the point. A load of 16 bytes begins at a luma byte
 * and would end one byte behind the last pixel of a UYVY row: that pixel is left to the loop that goes one by one.
 */
function layBand<Pixel>(
	sums: usize,
	luma: usize,
	stride: usize,
	rows: i32,
	units: i32,
	above: usize,
	upper: i32,
	below: usize,
	lower: i32,
	columns: i32,
): void {
	const whole = i16x8.splat(<i16>units);
	const uppers = i16x8.splat(<i16>upper);
	const lowers = i16x8.splat(<i16>lower);
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
		const out = sums + (x << 1);
		const up = above + place;
		const down = below + place;
		lay(out, a, whole, eight<Pixel>(up), uppers, eight<Pixel>(down), lowers);
		lay(out + 16, b, whole, eight<Pixel>(up + hop), uppers, eight<Pixel>(down + hop), lowers);
		lay(out + 32, c, whole, eight<Pixel>(up + 2 * hop), uppers, eight<Pixel>(down + 2 * hop), lowers);
		lay(out + 48, d, whole, eight<Pixel>(up + 3 * hop), uppers, eight<Pixel>(down + 3 * hop), lowers);
	}
	for (; x + 8 + spare <= columns; x += 8) {
		const place = <usize>x * sizeof<Pixel>();
		let at = luma + place;
		let a = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			a = i16x8.add(a, eight<Pixel>(at));
			at += stride;
		}
		lay(sums + (x << 1), a, whole, eight<Pixel>(above + place), uppers, eight<Pixel>(below + place), lowers);
	}
	for (; x < columns; x++) {
		const place = <usize>x * sizeof<Pixel>();
		let at = luma + place;
		let sum: i32 = 0;
		for (let row = 0; row < rows; row++) {
			sum += load<u8>(at);
			at += stride;
		}
		const up = (load<u8>(above + place) * units * upper + half) >> shareBits;
		const down = (load<u8>(below + place) * units * lower + half) >> shareBits;
		store<i16>(sums + (x << 1), <i16>(sum * units + up + down));
	}
}

function products(sums: usize, weights: usize): v128 {
	const first = i32x4.dot_i16x8_s(v128.load(sums), v128.load(weights));
	return i32x4.add(first, i32x4.dot_i16x8_s(v128.load(sums, 16), v128.load(weights, 16)));
}

/** Weighted sum over the columns that one output pixel covers, still spread over four lanes of 32 bits. */
function gather(sums: usize, weights: usize, taps: i32): v128 {
	let total = products(sums, weights);
	// Few have more than 16 columns, and a loop that is entered for nothing was measured to take an eighth of the whole.
	if (taps > 16)
		for (let tap = 16; tap < taps; tap += 16) {
			sums += 32;
			weights += 32;
			total = i32x4.add(total, products(sums, weights));
		}
	return total;
}

/** Adds up the four lanes of each of four vectors, as floats. */
function across(a: v128, b: v128, c: v128, d: v128): v128 {
	const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
	const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
	const all = i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
	return f32x4.convert_i32x4_s(all);
}

/**
 * One row of the output from the sums of its columns.
 * @param first writes it; otherwise adds to it
 */
function writeRow(
	out: usize,
	outWidth: i32,
	sums: usize,
	starts: usize,
	weights: usize,
	taps: i32,
	scale: f32,
	first: bool,
): void {
	const scales = f32x4.splat(scale);
	const hop: usize = taps << 1;
	let column = 0;
	for (; column + 4 <= outWidth; column += 4) {
		const a = gather(sums + load<u32>(starts), weights, taps);
		const b = gather(sums + load<u32>(starts, 4), weights + hop, taps);
		const c = gather(sums + load<u32>(starts, 8), weights + 2 * hop, taps);
		const d = gather(sums + load<u32>(starts, 12), weights + 3 * hop, taps);
		const four = f32x4.mul(across(a, b, c, d), scales);
		v128.store(out, first ? four : f32x4.add(four, v128.load(out)));
		out += 16;
		starts += 16;
		weights += 4 * hop;
	}
	for (; column < outWidth; column++) {
		const a = gather(sums + load<u32>(starts), weights, taps);
		const one = f32x4.extract_lane(across(a, a, a, a), 0) * scale;
		store<f32>(out, first ? one : one + load<f32>(out));
		out += 4;
		starts += 4;
		weights += hop;
	}
}

function shareOf(rows: f64): i32 {
	return min(<i32>(rows * <f64>(1 << shareBits) + 0.5), (1 << shareBits) - 1);
}

/**
 * Area average of luma into float32 [outHeight, outWidth], values 0..1. Each row of the source is read from memory once: a row
 * that two rows of the output share is read twice, the second time while it is near. All is whole numbers until a pixel is done.
 * @param luma the first luma byte of the first row in the ROI's first column
 * @param stride bytes from one row that is read to the next
 * @param columns columns of the source that the ROI touches
 * @param units of a row: what 34 rows, or as many as an output row touches, add up to has to fit 16 bits
 * @param rows rows there are; what would reach below the last one ends with it
 * @param top of the ROI, rows; may be fractional, as may `height`
 * @param starts for each output column the byte offset in `sums` of its first source column, u32
 * @param weights for each output column `taps` 16-bit numbers, a multiple of 16, that add up to `weightUnits`
 * @param sums room for `columns + taps` 16-bit numbers
 */
export function areaAverage(
	luma: usize,
	stride: usize,
	step: i32,
	columns: i32,
	units: i32,
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
		const scale = <f32>(unit / ((to - from) * <f64>(255 * units) * <f64>weightUnits));
		let first = true;
		do {
			const band = max(0, min(end - at, rowsAtOnce));
			const lower = at + band >= end ? share : 0;
			const whole = luma + stride * at;
			if (step === 2) layBand<u16>(sums, whole, stride, band, units, above, upper, below, lower, columns);
			else layBand<u8>(sums, whole, stride, band, units, above, upper, below, lower, columns);
			writeRow(out, outWidth, sums, starts, weights, taps, scale, first);
			first = false;
			upper = 0;
			at += band;
		} while (at < end);
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
