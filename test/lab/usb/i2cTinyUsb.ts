import { configurationDescriptor, deviceDescriptor, type Setup, type UsbDevice } from './usbDevice.ts';

/** Something on the I2C bus. Throws when it does not answer. */
export interface I2cChip {
	write(bytes: Uint8Array): void;
}

/** Vendor requests of drivers/i2c/busses/i2c-tiny-usb.c of the kernel's source. */
const request = { functions: 1, delay: 2, status: 3, transfer: 4, end: 7 } as const;
const status = { idle: 0, acknowledged: 1, refused: 2 } as const;
/** I2C_FUNC_I2C and I2C_FUNC_SMBUS_EMUL of linux/i2c.h. */
const functions = 0x0eff0009;

/** A USB-to-I2C adapter that the kernel drives with i2c-tiny-usb: it gives a /dev/i2c-N. */
export class I2cTinyUsb implements UsbDevice {
	readonly speed = 2;
	readonly strings = ['Phlebox lab', 'i2c-tiny-usb'];
	readonly device = deviceDescriptor({
		...{ usb: 0x0110, vendor: 0x0403, product: 0xc631, release: 0x0205 },
		class: [0xff, 0, 0],
		packet: 8,
	});
	readonly configuration = configurationDescriptor([Uint8Array.of(9, 4, 0, 0, 0, 0xff, 0, 0, 0)], 1);
	readonly #chips: ReadonlyMap<number, I2cChip>;
	#status: number = status.idle;

	/** @param chips by their addresses */
	constructor(chips: ReadonlyMap<number, I2cChip>) {
		this.#chips = chips;
	}

	control({ request: what, index: address, length }: Setup, data: Uint8Array): Uint8Array | null {
		if (what === request.functions) {
			const word = Buffer.alloc(4);
			word.writeUInt32LE(functions);
			return word.subarray(0, length);
		}
		if (what === request.delay) return new Uint8Array(0);
		if (what === request.status) return Uint8Array.of(this.#status);
		if (what < request.transfer || what > request.end) return null;
		try {
			const chip = this.#chips.get(address);
			if (!chip) throw new Error('nobody has this address');
			if (data.length > 0) chip.write(data);
			this.#status = status.acknowledged;
		} catch {
			this.#status = status.refused;
		}
		return new Uint8Array(length);
	}
}
