import { configurationDescriptor, deviceDescriptor, type Setup, type UsbDevice } from './usbDevice.ts';

/** Requests and controls of the USB Video Class 1.0, appendix A. */
const request = {
	set: 0x01,
	current: 0x81,
	least: 0x82,
	most: 0x83,
	step: 0x84,
	length: 0x85,
	info: 0x86,
	preset: 0x87,
} as const;
const control = { probe: 1, commit: 2 } as const;
const streaming = 1;
const endpoint = 0x81;
const probeBytes = 26;
/** Flags of a payload's header (2.4.3.3): which of two frames it belongs to, its end, the end of the header. */
const flag = { frame: 1, end: 2, header: 0x80 } as const;
const word = (value: number) => [value & 0xff, (value >> 8) & 0xff];
const long = (value: number) => [...word(value & 0xffff), ...word(value >>> 16)];

/** A USB camera that offers one size of MJPEG, over a bulk endpoint, and the kernel drives with uvcvideo. */
export class UvcCamera implements UsbDevice {
	readonly speed = 3;
	readonly strings = ['Phlebox lab', 'USB camera'];
	readonly device = deviceDescriptor({
		...{ usb: 0x0200, vendor: 0x1d6b, product: 0x0102, release: 0x0100 },
		// Several functions, told by an association.
		class: [0xef, 2, 1],
		packet: 64,
	});
	readonly configuration: Uint8Array;
	readonly #probe: Buffer;
	readonly #largest: number;
	/** A picture under way with its header, and how much of it has gone. */
	#payload: Buffer | null = null;
	#gone = 0;
	#parity = 0;

	/** @param intervalUs time between pictures as the camera tells it @param largest bytes of a picture */
	constructor(width: number, height: number, intervalUs: number, largest: number) {
		this.#largest = largest + 3;
		this.configuration = describe(width, height, intervalUs * 10, this.#largest);
		this.#probe = Buffer.from([
			...[0, 0, 1, 1, ...long(intervalUs * 10)],
			...[...word(0), ...word(0), ...word(0), ...word(0), ...word(0)],
			...[...long(this.#largest), ...long(this.#largest)],
		]);
	}

	control({ request: what, value, index, length }: Setup, data: Uint8Array): Uint8Array | null {
		const which = value >> 8;
		if ((index & 0xff) !== streaming || (which !== control.probe && which !== control.commit)) return null;
		if (what === request.set) return data;
		if (what === request.length) return Uint8Array.of(probeBytes, 0).subarray(0, length);
		if (what === request.info) return Uint8Array.of(3);
		return this.#probe.subarray(0, length);
	}

	/** The next picture; one that is still under way is let go first, so a picture may be dropped here. */
	give(jpeg: Uint8Array): void {
		if (this.#payload) return;
		this.#parity ^= flag.frame;
		const head = Buffer.of(2, flag.header | flag.end | this.#parity);
		// The end of a payload is told by a transfer that is not full.
		this.#payload = Buffer.concat([head, jpeg, (jpeg.length + 2) % 512 === 0 ? Buffer.of(0) : Buffer.alloc(0)]);
		this.#gone = 0;
	}

	transfer(place: number, incoming: boolean, _data: Uint8Array, length: number): Uint8Array | null {
		if (place !== (endpoint & 0xf) || !incoming || !this.#payload) return null;
		const part = this.#payload.subarray(this.#gone, this.#gone + length);
		this.#gone += part.length;
		if (this.#gone >= this.#payload.length) this.#payload = null;
		return part;
	}

	/** A cable that is pulled out forgets. */
	forget(): void {
		this.#payload = null;
	}
}

function describe(width: number, height: number, interval: number, largest: number): Uint8Array {
	const entities = [
		[18, 0x24, 2, 1, ...word(0x0201), 0, 0, ...word(0), ...word(0), ...word(0), 3, 0, 0, 0],
		[9, 0x24, 3, 2, ...word(0x0101), 0, 1, 0],
	];
	const controlHead = [13, 0x24, 1, ...word(0x0100), ...word(13 + 18 + 9), ...long(48_000_000), 1, streaming];
	const bitRate = Math.min(0x7fffffff, Math.round((largest * 8 * 1e7) / interval));
	const formats = [
		[11, 0x24, 6, 1, 1, 1, 1, 0, 0, 0, 0],
		[
			...[30, 0x24, 7, 1, 0, ...word(width), ...word(height)],
			...[...long(bitRate), ...long(bitRate), ...long(largest), ...long(interval), 1, ...long(interval)],
		],
	];
	const streamHead = [14, 0x24, 1, 1, ...word(14 + 11 + 30), endpoint, 0, 2, 0, 0, 0, 1, 0];
	const parts = [
		[8, 0x0b, 0, 2, 0x0e, 3, 0, 0],
		[9, 4, 0, 0, 0, 0x0e, 1, 0, 0],
		...[controlHead, ...entities],
		[9, 4, streaming, 0, 1, 0x0e, 2, 0, 0],
		...[streamHead, ...formats],
		[7, 5, endpoint, 2, ...word(512), 0],
	];
	return configurationDescriptor(
		parts.map((part) => Uint8Array.from(part)),
		2,
	);
}
