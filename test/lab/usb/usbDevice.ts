/** A control request's setup packet (USB 2.0, 9.3). */
export interface Setup {
	requestType: number;
	request: number;
	value: number;
	index: number;
	length: number;
}

/** A USB device, as the bus sees it. */
export interface UsbDevice {
	/** 18 bytes (USB 2.0, 9.6.1). */
	readonly device: Uint8Array;
	/** With its interfaces and endpoints. */
	readonly configuration: Uint8Array;
	/** By their numbers, from 1 on. */
	readonly strings: readonly string[];
	/** As linux/usb/ch9.h counts: 2 full, 3 high speed. */
	readonly speed: 2 | 3;
	/** Requests of class or vendor. @param data what goes out with it @returns what comes in; null stalls */
	control(setup: Setup, data: Uint8Array): Uint8Array | null;
	/** A transfer to or from another endpoint. @returns what comes in, at most `length` bytes; null lets it wait */
	transfer?(endpoint: number, incoming: boolean, data: Uint8Array, length: number): Uint8Array | null;
}

const standard = {
	getStatus: 0,
	getDescriptor: 6,
	getConfiguration: 8,
	setConfiguration: 9,
	setInterface: 11,
} as const;
const descriptor = { device: 1, configuration: 2, string: 3 } as const;

/** Answers what every device has to, and hands the rest to it. */
export function answerControl(device: UsbDevice, setup: Setup, data: Uint8Array): Uint8Array | null {
	if ((setup.requestType & 0x60) !== 0) return device.control(setup, data);
	const { request, value, length } = setup;
	if (request === standard.getDescriptor)
		return descriptorOf(device, value >> 8, value & 0xff)?.subarray(0, length) ?? null;
	if (request === standard.getStatus) return new Uint8Array(2).subarray(0, length);
	if (request === standard.getConfiguration) return Uint8Array.of(1).subarray(0, length);
	if (request === standard.setConfiguration) return new Uint8Array(0);
	if (request === standard.setInterface) return device.control(setup, data) ?? new Uint8Array(0);
	return null;
}

function descriptorOf({ device, configuration, strings }: UsbDevice, kind: number, place: number): Uint8Array | null {
	if (kind === descriptor.device) return device;
	if (kind === descriptor.configuration) return configuration;
	if (kind !== descriptor.string || place > strings.length) return null;
	// String 0 names the languages: American English.
	const body = place === 0 ? Buffer.of(0x09, 0x04) : Buffer.from(strings[place - 1]!, 'utf16le');
	return Buffer.concat([Buffer.of(body.length + 2, descriptor.string), body]);
}

/** @param numbers vendor, product, release, class, size of packets of endpoint 0 */
export function deviceDescriptor(numbers: {
	usb: number;
	vendor: number;
	product: number;
	release: number;
	class: readonly [number, number, number];
	packet: number;
}): Uint8Array {
	const bytes = Buffer.alloc(18);
	bytes.writeUInt8(18, 0);
	bytes.writeUInt8(descriptor.device, 1);
	bytes.writeUInt16LE(numbers.usb, 2);
	bytes.set(numbers.class, 4);
	bytes.writeUInt8(numbers.packet, 7);
	bytes.writeUInt16LE(numbers.vendor, 8);
	bytes.writeUInt16LE(numbers.product, 10);
	bytes.writeUInt16LE(numbers.release, 12);
	bytes.set([1, 2, 0, 1], 14);
	return bytes;
}

/** @param parts descriptors of interfaces and endpoints @param interfaces how many */
export function configurationDescriptor(parts: readonly Uint8Array[], interfaces: number): Uint8Array {
	const body = Buffer.concat(parts);
	const head = Buffer.of(9, descriptor.configuration, 0, 0, interfaces, 1, 0, 0x80, 50);
	head.writeUInt16LE(9 + body.length, 2);
	return Buffer.concat([head, body]);
}
