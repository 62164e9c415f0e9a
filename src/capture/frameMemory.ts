/**
 * The one piece of memory that frames, the pixel kernel's work and the network's input share, so that a frame goes from
 * the driver to the network without a copy in between. It is a WebAssembly memory of fixed size: views on it never
 * detach. Its pages cost nothing until they are touched.
 *
 *     0          64 KiB             2 MiB                                  2 MiB + slots * slotBytes
 *     | kernel's | work area:       | slot 0 | slot 1 | slot 2 | ...      |
 *     | own data | tensors, maps    | one frame each; V4L2 buffers are mapped onto them
 */
export interface FrameMemory {
	readonly memory: WebAssembly.Memory;
	/** The whole memory. */
	readonly bytes: Uint8Array;
	readonly slots: number;
	/** Bytes of a slot: a multiple of the page size. */
	readonly slotBytes: number;
	/** Byte offset of a slot. */
	slotOffset(slot: number): number;
	/**
	 * Takes a region of the work area for good.
	 * @param byteLength bytes
	 * @returns byte offset, aligned to 64
	 * @throws RangeError when the work area is used up
	 */
	reserve(byteLength: number): number;
}

const pageBytes = 65536;
const workBytes = 2 * 1024 * 1024;

/** The largest frame: 3840x2160 in two bytes a pixel is 15.8 MiB. */
const defaultSlotBytes = 16 * 1024 * 1024;

/**
 * @param slots frames that can be held at a time (V4L2 buffers)
 * @param slotBytes bytes a slot, rounded up to 64 KiB
 */
export function createFrameMemory(slots = 4, slotBytes = defaultSlotBytes): FrameMemory {
	const rounded = Math.ceil(slotBytes / pageBytes) * pageBytes;
	const pages = (workBytes + slots * rounded) / pageBytes;
	const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
	let reserved = pageBytes;
	return {
		memory,
		bytes: new Uint8Array(memory.buffer),
		slots,
		slotBytes: rounded,
		slotOffset: (slot) => workBytes + slot * rounded,
		reserve(byteLength) {
			const offset = reserved;
			reserved += Math.ceil(byteLength / 64) * 64;
			if (reserved > workBytes) throw new RangeError(`work area of the frame memory is used up (${reserved} bytes)`);
			return offset;
		},
	};
}
