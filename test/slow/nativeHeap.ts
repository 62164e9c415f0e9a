import koffi from 'koffi';

/** The fields of glibc's struct mallinfo2 up to the two that are read (mallinfo(3), glibc 2.33 and newer); bytes. */
const fields = [
	'arena',
	'ordblks',
	'smblks',
	'hblks',
	'hblkhd',
	'usmblks',
	'fsmblks',
	'uordblks',
	'fordblks',
	'keepcost',
];

/**
 * Bytes that this process has taken from the C library and not given back, over all threads: what native code holds,
 * without the heaps of JavaScript and without what glibc keeps for itself, which come and go with other things.
 */
export function nativeHeap(): () => number {
	koffi.struct('mallinfo2', Object.fromEntries(fields.map((field) => [field, 'size_t'])));
	const mallinfo2 = koffi.load(null).func('mallinfo2 mallinfo2()');
	return () => {
		const { uordblks, hblkhd } = mallinfo2() as { uordblks: number; hblkhd: number };
		return Number(uordblks) + Number(hblkhd);
	};
}
