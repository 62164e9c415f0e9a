// What the screen's judgement reads of a picture, in AssemblyScript: compiled to WebAssembly SIMD by build.mjs, driven by
// featureKernel.ts. All places are byte offsets into the imported frame memory.

import { eight } from '../lanes.as';

function acrossOf(sums: v128): i32 {
	const pairs = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 2, 3));
	return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

function acrossOfFloats(sums: v128): f32 {
	const pairs = f32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 2, 3));
	return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

function bump(at: usize, by: i32): void {
	store<i32>(at, load<i32>(at) + by);
}

/** `rowSteps` for one way to lie. */
function addSteps<Pixel>(
	at: usize,
	stride: usize,
	pixels: i32,
	edgeStep: i32,
	hardStep: i32,
	bright: i32,
	out: usize,
): void {
	const edgeSteps = i16x8.splat(<i16>edgeStep);
	const hardSteps = i16x8.splat(<i16>hardStep);
	const brights = i16x8.splat(<i16>bright);
	const none = i16x8.splat(0);
	let power = none;
	let product = none;
	let edge = none;
	let hard = none;
	let lit = none;
	let equal = none;
	const step: usize = sizeof<Pixel>();
	let x = 0;
	for (; x + 8 <= pixels; x += 8) {
		const grey = eight<Pixel>(at);
		const next = eight<Pixel>(at + step);
		const change = i16x8.sub(next, grey);
		const following = i16x8.sub(eight<Pixel>(at + 2 * step), next);
		power = i32x4.add(power, i32x4.dot_i16x8_s(change, change));
		product = i32x4.add(product, i32x4.dot_i16x8_s(change, following));
		const size = i16x8.abs(change);
		edge = i16x8.sub(edge, i16x8.gt_s(size, edgeSteps));
		hard = i16x8.sub(hard, i16x8.gt_s(size, hardSteps));
		const isLit = i16x8.gt_s(grey, brights);
		lit = i16x8.sub(lit, isLit);
		const same = v128.and(i16x8.eq(change, none), i16x8.eq(eight<Pixel>(at + stride), grey));
		equal = i16x8.sub(equal, v128.and(isLit, same));
		at += 8 * step;
	}
	let powers = acrossOf(power);
	let products = acrossOf(product);
	let edges = acrossOf(i32x4.extadd_pairwise_i16x8_u(edge));
	let hards = acrossOf(i32x4.extadd_pairwise_i16x8_u(hard));
	let lits = acrossOf(i32x4.extadd_pairwise_i16x8_u(lit));
	let equals = acrossOf(i32x4.extadd_pairwise_i16x8_u(equal));
	for (; x < pixels; x++) {
		const grey = <i32>load<u8>(at);
		const next = <i32>load<u8>(at + step);
		const change = next - grey;
		powers += change * change;
		products += change * (<i32>load<u8>(at + 2 * step) - next);
		if (abs(change) > edgeStep) edges++;
		if (abs(change) > hardStep) hards++;
		if (grey > bright) {
			lits++;
			if (change === 0 && load<u8>(at + stride) === grey) equals++;
		}
		at += step;
	}
	store<f64>(out, load<f64>(out) + <f64>powers);
	store<f64>(out, load<f64>(out, 8) + <f64>products, 8);
	bump(out + 16, edges);
	bump(out + 20, hards);
	bump(out + 24, lits);
	bump(out + 28, equals);
}

/**
 * Adds what the steps from pixel to pixel along one row are. Whole numbers, at most 4096 pixels: nothing overflows.
 * @param at luma of the first pixel; two pixels follow the last one that counts, and another row follows this one
 * @param bright grey above which a pixel is clearly bright
 * @param out f64 power and product of neighbouring steps; i32 edges, hard ones, bright pixels, and those of them that equal
 * their neighbours on the right and below
 */
export function rowSteps(
	at: usize,
	stride: usize,
	step: i32,
	pixels: i32,
	edgeStep: i32,
	hardStep: i32,
	bright: i32,
	out: usize,
): void {
	if (step === 2) addSteps<u16>(at, stride, pixels, edgeStep, hardStep, bright, out);
	else addSteps<u8>(at, stride, pixels, edgeStep, hardStep, bright, out);
}

/** Four floats 0..1 as grey levels: beside 2^23 a float has no fraction left, and its lowest byte is the level. */
function fourGreys(four: v128): v128 {
	const beside = f32x4.add(f32x4.mul(four, f32x4.splat(255)), f32x4.splat(8388608));
	return v128.and(beside, i32x4.splat(0xff));
}

/**
 * Counts grey levels of every fourth row of a tensor, rounded (half to even) as floats of 32 bits are. What stays below a share of
 * the picture hardly differs from row to row, and counting is the dearest of what is done to a tensor.
 * @param width a multiple of 8
 * @param out 256 i32, and three times as many behind them to work in: counting one and the same grey in one place has to
 * wait for the count before
 */
export function countGreys(tensor: usize, width: i32, height: i32, out: usize): void {
	memory.fill(out, 0, 4096);
	const hop: usize = width << 2;
	for (let row = 0; row < height; row += 4) {
		const end = tensor + hop;
		for (let at = tensor; at < end; at += 32) {
			const words = i16x8.narrow_i32x4_s(fourGreys(v128.load(at)), fourGreys(v128.load(at, 16)));
			const greys = i8x16.narrow_i16x8_u(words, words);
			bump(out + ((<usize>i8x16.extract_lane_u(greys, 0)) << 2), 1);
			bump(out + 1024 + ((<usize>i8x16.extract_lane_u(greys, 1)) << 2), 1);
			bump(out + 2048 + ((<usize>i8x16.extract_lane_u(greys, 2)) << 2), 1);
			bump(out + 3072 + ((<usize>i8x16.extract_lane_u(greys, 3)) << 2), 1);
			bump(out + ((<usize>i8x16.extract_lane_u(greys, 4)) << 2), 1);
			bump(out + 1024 + ((<usize>i8x16.extract_lane_u(greys, 5)) << 2), 1);
			bump(out + 2048 + ((<usize>i8x16.extract_lane_u(greys, 6)) << 2), 1);
			bump(out + 3072 + ((<usize>i8x16.extract_lane_u(greys, 7)) << 2), 1);
		}
		tensor += 4 * hop;
	}
	for (let at = out; at < out + 1024; at += 16) {
		const first = i32x4.add(v128.load(at), v128.load(at, 1024));
		v128.store(at, i32x4.add(first, i32x4.add(v128.load(at, 2048), v128.load(at, 3072))));
	}
}

/** Adds up the four lanes of each of four vectors. */
function addAcross(a: v128, b: v128, c: v128, d: v128): v128 {
	const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
	const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
	return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** Sums of the columns of a 4x4 block. */
function columnsOf(at: usize, hop: usize): v128 {
	const upper = f32x4.add(v128.load(at), v128.load(at + hop));
	return f32x4.add(upper, f32x4.add(v128.load(at + 2 * hop), v128.load(at + 3 * hop)));
}

function square(at: usize, mean: v128): v128 {
	const off = f32x4.sub(v128.load(at), mean);
	return f32x4.mul(off, off);
}

/** Sums of the squares of how far the columns of a 4x4 block are from its mean. */
function squaresOf(at: usize, hop: usize, mean: v128): v128 {
	const upper = f32x4.add(square(at, mean), square(at + hop, mean));
	return f32x4.add(upper, f32x4.add(square(at + 2 * hop, mean), square(at + 3 * hop, mean)));
}

/**
 * Counts the 4x4 blocks of a tensor that are lit, and those of them that are flat; four at a time, sides are multiples of 8.
 * @param limits f64: grey of the shadows, grey above which a block is lit, least spread of a block that is not flat as a
 * share of its brightness above the shadows
 * @param out i32 lit blocks and flat ones
 */
export function countFlat(tensor: usize, width: i32, height: i32, limits: usize, out: usize): void {
	const shadow = f32x4.splat(<f32>(load<f64>(limits) / 255));
	const lit = f32x4.splat(<f32>(load<f64>(limits, 8) / 255));
	const contrast = f32x4.splat(<f32>load<f64>(limits, 16));
	const share = f32x4.splat(1.0 / 16.0);
	const hop: usize = width << 2;
	let blocks = 0;
	let flat = 0;
	for (let top = 0; top < height; top += 8) {
		for (let left = 0; left < width; left += 8) {
			const a: usize = tensor + ((top * width + left) << 2);
			const b = a + 16;
			const c = a + 4 * hop;
			const d = c + 16;
			const sums = addAcross(columnsOf(a, hop), columnsOf(b, hop), columnsOf(c, hop), columnsOf(d, hop));
			const means = f32x4.mul(sums, share);
			const squares = addAcross(
				squaresOf(a, hop, v128.shuffle<i32>(means, means, 0, 0, 0, 0)),
				squaresOf(b, hop, v128.shuffle<i32>(means, means, 1, 1, 1, 1)),
				squaresOf(c, hop, v128.shuffle<i32>(means, means, 2, 2, 2, 2)),
				squaresOf(d, hop, v128.shuffle<i32>(means, means, 3, 3, 3, 3)),
			);
			const isLit = f32x4.gt(means, lit);
			const spread = f32x4.sqrt(f32x4.mul(squares, share));
			const isFlat = f32x4.lt(spread, f32x4.mul(contrast, f32x4.sub(means, shadow)));
			blocks += popcnt<i32>(i32x4.bitmask(isLit));
			flat += popcnt<i32>(i32x4.bitmask(v128.and(isLit, isFlat)));
		}
	}
	store<i32>(out, blocks);
	store<i32>(out, flat, 4);
}

/** Sums of the 8x8 parts of a tensor, row by row of parts, as 64 f32; sides are multiples of 8. */
export function sumParts(tensor: usize, width: i32, height: i32, out: usize): void {
	const across = width >> 3;
	const down = height >> 3;
	for (let part = 0; part < 64; part++) {
		let at = tensor + (((part >> 3) * down * width + (part & 7) * across) << 2);
		let sums = f32x4.splat(0);
		let rest: f32 = 0;
		for (let y = 0; y < down; y++) {
			let x = 0;
			for (; x + 4 <= across; x += 4) sums = f32x4.add(sums, v128.load(at + (x << 2)));
			for (; x < across; x++) rest += load<f32>(at + (x << 2));
			at += width << 2;
		}
		store<f32>(out + (part << 2), acrossOfFloats(sums) + rest);
	}
}

/** `screenRow` for one way to lie. */
function addRow<Pixel>(at: usize, pixels: i32, edgeStep: i32, out: usize): void {
	const edgeSteps = i16x8.splat(<i16>edgeStep);
	let power = i16x8.splat(0);
	let product = power;
	let edge = power;
	let darkest = i16x8.splat(255);
	let brightest = power;
	const step: usize = sizeof<Pixel>();
	let x = 0;
	// The last load ends one byte behind the last pixel of a UYVY row: that pixel is left to the loop below.
	for (; x + 9 <= pixels; x += 8) {
		const grey = eight<Pixel>(at);
		const next = eight<Pixel>(at + step);
		const change = i16x8.sub(next, grey);
		power = i32x4.add(power, i32x4.dot_i16x8_s(change, change));
		product = i32x4.add(product, i32x4.dot_i16x8_s(change, i16x8.sub(eight<Pixel>(at + 2 * step), next)));
		edge = i16x8.sub(edge, i16x8.gt_s(i16x8.abs(change), edgeSteps));
		darkest = i16x8.min_s(darkest, grey);
		brightest = i16x8.max_s(brightest, grey);
		at += 8 * step;
	}
	let powers = acrossOf(power);
	let products = acrossOf(product);
	let edges = acrossOf(i32x4.extadd_pairwise_i16x8_u(edge));
	let least = load<i32>(out, 20);
	let most = load<i32>(out, 24);
	for (; x < pixels; x++) {
		const grey = <i32>load<u8>(at);
		const next = <i32>load<u8>(at + step);
		const change = next - grey;
		powers += change * change;
		products += change * (<i32>load<u8>(at + 2 * step) - next);
		if (abs(change) > edgeStep) edges++;
		least = min(least, grey);
		most = max(most, grey);
		at += step;
	}
	store<f64>(out, load<f64>(out) + <f64>powers);
	store<f64>(out, load<f64>(out, 8) + <f64>products, 8);
	bump(out + 16, edges);
	store<i32>(out, min(least, leastOf(darkest)), 20);
	store<i32>(out, max(most, 255 - leastOf(i16x8.sub(i16x8.splat(255), brightest))), 24);
}

function leastOf(lanes: v128): i32 {
	const four = i16x8.min_s(lanes, v128.shuffle<i16>(lanes, lanes, 4, 5, 6, 7, 4, 5, 6, 7));
	const two = i16x8.min_s(four, v128.shuffle<i16>(four, four, 2, 3, 2, 3, 2, 3, 2, 3));
	return min(i16x8.extract_lane_s(two, 0), i16x8.extract_lane_s(two, 1));
}

/**
 * Adds what the steps from pixel to pixel along one row are, and widens the range of its greys. Whole numbers, at most 4096 pixels:
 * nothing overflows.
 * @param at luma of the first pixel; two pixels follow the last one that counts
 * @param out f64 power and product of neighbouring steps; i32 edges, darkest and brightest grey
 */
export function screenRow(at: usize, step: i32, pixels: i32, edgeStep: i32, out: usize): void {
	if (step === 2) addRow<u16>(at, pixels, edgeStep, out);
	else addRow<u8>(at, pixels, edgeStep, out);
}

/**
 * Sums of the 8x8 blocks of a tensor, row by row of blocks, and how far each is from the sum before; sides are multiples of 8.
 * @param before, sums, changes f32, one a block; each is read or written in turn
 * @returns the largest change, whatever its sign: 0 for the same image
 */
export function blockChanges(tensor: usize, width: i32, height: i32, before: usize, sums: usize, changes: usize): f32 {
	let largest: f32 = 0;
	const hop: usize = width << 2;
	for (let top = 0; top < height; top += 8) {
		for (let left = 0; left < width; left += 8) {
			let at: usize = tensor + ((top * width + left) << 2);
			let even = f32x4.splat(0);
			let odd = f32x4.splat(0);
			for (let line = 0; line < 8; line++) {
				even = f32x4.add(even, v128.load(at));
				odd = f32x4.add(odd, v128.load(at, 16));
				at += hop;
			}
			const sum = acrossOfFloats(f32x4.add(even, odd));
			const change = sum - load<f32>(before);
			store<f32>(sums, sum);
			store<f32>(changes, change);
			largest = max(largest, abs(change));
			before += 4;
			sums += 4;
			changes += 4;
		}
	}
	return largest;
}

/**
 * Takes colour at the crossings of columns and rows.
 * @param columns, rows u32 byte offsets from `base`, `across` and `down` of them
 * @param gap bytes from the first colour to the second
 * @param first, second `across` x `down` bytes each, a multiple of 16
 * @param out i32 sums of both
 */
export function takeColour(
	base: usize,
	columns: usize,
	across: i32,
	rows: usize,
	down: i32,
	gap: i32,
	first: usize,
	second: usize,
	out: usize,
): void {
	let sumOfFirst = 0;
	let sumOfSecond = 0;
	for (let row = 0; row < down; row++) {
		const line = base + load<u32>(rows + (row << 2));
		for (let column = 0; column < across; column++) {
			const at = line + load<u32>(columns + (column << 2));
			const u = load<u8>(at);
			const v = load<u8>(at + gap);
			store<u8>(first++, u);
			store<u8>(second++, v);
			sumOfFirst += u;
			sumOfSecond += v;
		}
	}
	store<i32>(out, sumOfFirst);
	store<i32>(out, sumOfSecond, 4);
}

/** How many of the points have one of the two colours outside its limits, all four of them within. @param count a multiple of 16 */
export function countFar(
	first: usize,
	second: usize,
	count: i32,
	lowFirst: i32,
	highFirst: i32,
	lowSecond: i32,
	highSecond: i32,
): i32 {
	const leastFirst = i8x16.splat(<i8>lowFirst);
	const mostFirst = i8x16.splat(<i8>highFirst);
	const leastSecond = i8x16.splat(<i8>lowSecond);
	const mostSecond = i8x16.splat(<i8>highSecond);
	let far = 0;
	for (let i = 0; i < count; i += 16) {
		const u = v128.load(first + i);
		const v = v128.load(second + i);
		const offFirst = v128.or(i8x16.lt_u(u, leastFirst), i8x16.gt_u(u, mostFirst));
		const offSecond = v128.or(i8x16.lt_u(v, leastSecond), i8x16.gt_u(v, mostSecond));
		far += popcnt<i32>(i8x16.bitmask(v128.or(offFirst, offSecond)));
	}
	return far;
}
