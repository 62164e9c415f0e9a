// What the kernels have in common, in AssemblyScript: small enough that the compiler puts it in place.

/** Eight luma values as 16-bit lanes. `Pixel` is u16 where they lie two bytes apart (YUYV, UYVY), u8 where byte by byte. */
export function eight<Pixel>(at: usize): v128 {
	if (sizeof<Pixel>() === 2) return v128.and(v128.load(at), i16x8.splat(0xff));
	return v128.load8x8_u(at);
}
