// The pixel kernel, in AssemblyScript: compiled to WebAssembly SIMD by build.mjs, driven by simdKernel.ts. It owns no
// data: all places are byte offsets into the imported frame memory, all sizes come with the call. Plain functions, no
// decorators: what is small enough is inlined by the compiler.

/** Rows read side by side: more would outrun the processor's prefetch, and 128 would overflow the 16-bit sums. */
const rowsAtOnce: i32 = 32;

/** Adds eight 16-bit sums to eight floats. */
function flush(sums: usize, counts: v128): void {
	v128.store(sums, f32x4.add(v128.load(sums), f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(counts))));
	v128.store(sums, f32x4.add(v128.load(sums, 16), f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(counts))), 16);
}

/** Adds rows of luma from column `x` on, one by one. */
function addRest(sums: usize, luma: usize, stride: usize, rows: i32, x: i32, columns: i32, step: i32): void {
	for (; x < columns; x++) {
		let at = luma + x * step;
		let sum: u32 = 0;
		for (let row = 0; row < rows; row++) {
			sum += load<u8>(at);
			at += stride;
		}
		const place = sums + (x << 2);
		store<f32>(place, load<f32>(place) + <f32>sum);
	}
}

/**
 * Adds rows of luma that lie two bytes apart (YUYV, UYVY) to the sums of their columns. A load of 16 bytes begins at a
 * luma byte and would end one byte behind the last pixel of a UYVY row: the strict comparisons leave that pixel to
 * `addRest`.
 */
function addWideRows(sums: usize, luma: usize, stride: usize, rows: i32, columns: i32): void {
	const low = i16x8.splat(0xff);
	let x = 0;
	for (; x + 32 < columns; x += 32) {
		let at = luma + (x << 1);
		let a = i16x8.splat(0);
		let b = i16x8.splat(0);
		let c = i16x8.splat(0);
		let d = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			a = i16x8.add(a, v128.and(v128.load(at), low));
			b = i16x8.add(b, v128.and(v128.load(at, 16), low));
			c = i16x8.add(c, v128.and(v128.load(at, 32), low));
			d = i16x8.add(d, v128.and(v128.load(at, 48), low));
			at += stride;
		}
		const place = sums + (x << 2);
		flush(place, a);
		flush(place + 32, b);
		flush(place + 64, c);
		flush(place + 96, d);
	}
	for (; x + 8 < columns; x += 8) {
		let at = luma + (x << 1);
		let a = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			a = i16x8.add(a, v128.and(v128.load(at), low));
			at += stride;
		}
		flush(sums + (x << 2), a);
	}
	addRest(sums, luma, stride, rows, x, columns, 2);
}

/** Adds rows of luma that lie byte by byte (NV12, GREY) to the sums of their columns. */
function addNarrowRows(sums: usize, luma: usize, stride: usize, rows: i32, columns: i32): void {
	let x = 0;
	for (; x + 32 <= columns; x += 32) {
		let at = luma + x;
		let a = i16x8.splat(0);
		let b = i16x8.splat(0);
		let c = i16x8.splat(0);
		let d = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			const left = v128.load(at);
			const right = v128.load(at, 16);
			a = i16x8.add(a, i16x8.extend_low_i8x16_u(left));
			b = i16x8.add(b, i16x8.extend_high_i8x16_u(left));
			c = i16x8.add(c, i16x8.extend_low_i8x16_u(right));
			d = i16x8.add(d, i16x8.extend_high_i8x16_u(right));
			at += stride;
		}
		const place = sums + (x << 2);
		flush(place, a);
		flush(place + 32, b);
		flush(place + 64, c);
		flush(place + 96, d);
	}
	for (; x + 8 <= columns; x += 8) {
		let at = luma + x;
		let a = i16x8.splat(0);
		for (let row = 0; row < rows; row++) {
			a = i16x8.add(a, v128.load8x8_u(at));
			at += stride;
		}
		flush(sums + (x << 2), a);
	}
	addRest(sums, luma, stride, rows, x, columns, 1);
}

function addRows(sums: usize, luma: usize, stride: usize, rows: i32, columns: i32, step: i32): void {
	while (rows > 0) {
		const now = min(rows, rowsAtOnce);
		if (step === 2) addWideRows(sums, luma, stride, now, columns);
		else addNarrowRows(sums, luma, stride, now, columns);
		luma += stride * now;
		rows -= now;
	}
}

/** sums += weight * row, or sums = weight * row. Four at a time: both have room behind the last column. */
function addWeighted(sums: usize, row: usize, weight: f32, columns: i32, fresh: bool): void {
	const weights = f32x4.splat(weight);
	const end = sums + (columns << 2);
	for (; sums < end; sums += 16, row += 16) {
		const weighted = f32x4.mul(v128.load(row), weights);
		v128.store(sums, fresh ? weighted : f32x4.add(v128.load(sums), weighted));
	}
}

/** Adds up the four lanes of each of four vectors. */
function addAcross(a: v128, b: v128, c: v128, d: v128): v128 {
	const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
	const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
	return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
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

/**
 * Area average of luma into float32 [outHeight, outWidth], values 0..1. Each row of the source is read once: a row that
 * two rows of the output share is kept as floats in `row` between them.
 * @param luma the first luma byte of row 0 in the ROI's first column
 * @param columns columns of the source that the ROI touches
 * @param y top of the ROI, rows; may be fractional, as may `height`
 * @param starts for each output column the byte offset in `sums` of its first source column, u32
 * @param weights for each output column `taps` floats, a multiple of 4: the share of each source column
 * @param row room for `columns` floats and 16 bytes; `sums` room for `columns + taps` floats and 32 bytes
 */
export function areaAverage(
	luma: usize,
	stride: usize,
	step: i32,
	columns: i32,
	y: f64,
	height: f64,
	starts: usize,
	weights: usize,
	taps: i32,
	row: usize,
	sums: usize,
	out: usize,
	outWidth: i32,
	outHeight: i32,
): void {
	let kept = -1;
	for (let outRow = 0; outRow < outHeight; outRow++) {
		const top = y + (<f64>outRow * height) / <f64>outHeight;
		const bottom = y + (<f64>(outRow + 1) * height) / <f64>outHeight;
		let at = <i32>floor(top);
		const end = <i32>ceil(bottom);
		let fresh = true;
		while (at < end) {
			const tall = min(<f64>(at + 1), bottom) - max(<f64>at, top);
			if (tall < 1) {
				if (at !== kept) {
					memory.fill(row, 0, columns << 2);
					addRows(row, luma + stride * at, stride, 1, columns, step);
					kept = at;
				}
				addWeighted(sums, row, <f32>tall, columns, fresh);
				fresh = false;
				at++;
			} else {
				const whole = <i32>floor(bottom) - at;
				if (fresh) memory.fill(sums, 0, columns << 2);
				fresh = false;
				addRows(sums, luma + stride * at, stride, whole, columns, step);
				at += whole;
			}
		}
		writeRow(out, outWidth, sums, starts, weights, taps, <f32>(1 / ((bottom - top) * 255)));
		out += outWidth << 2;
	}
}

/** Largest absolute difference between the means of 8x8 blocks of two float32 tensors; sides are multiples of 8. */
export function blockDifference(a: usize, b: usize, width: i32, height: i32): f32 {
	let largest: f32 = 0;
	const hop: usize = width << 2;
	for (let top = 0; top < height; top += 8) {
		for (let left = 0; left < width; left += 8) {
			const place: usize = (top * width + left) << 2;
			let atA = a + place;
			let atB = b + place;
			let sum = f32x4.splat(0);
			for (let line = 0; line < 8; line++) {
				sum = f32x4.add(sum, f32x4.sub(v128.load(atA), v128.load(atB)));
				sum = f32x4.add(sum, f32x4.sub(v128.load(atA, 16), v128.load(atB, 16)));
				atA += hop;
				atB += hop;
			}
			largest = max(largest, abs(f32x4.extract_lane(addAcross(sum, sum, sum, sum), 0)));
		}
	}
	return largest / 64;
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
