// What the kernels have in common, in AssemblyScript: small enough that the compiler puts it in place.

/** Eight luma values as 16-bit lanes. `Pixel` is u16 where they lie two bytes apart (YUYV, UYVY), u8 where byte by byte. */
export function eight<Pixel>(at: usize): v128 {
	if (sizeof<Pixel>() === 2) return v128.and(v128.load(at), i16x8.splat(0xff));
	return v128.load8x8_u(at);
}

/** Adds up the four lanes of each of four vectors. */
export function addAcross(a: v128, b: v128, c: v128, d: v128): v128 {
	const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
	const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
	return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}
