import { closeSync, constants, openSync, writeSync } from 'node:fs';
import koffi from 'koffi';
import { errnoName } from '../../capture/libc.ts';
import { messageOf, PhleboxError } from '../../errors.ts';

/** I2C_SLAVE of linux/i2c-dev.h: it takes the address itself where other requests take a pointer. */
export const i2cSlave = 0x0703;

/** Port: a device on an I2C bus. */
export interface I2cDevice {
	readonly name: string;
	/** @throws PhleboxError light-failed */
	open(): void;
	/** One transfer. @throws PhleboxError light-failed, when the device does not answer */
	write(bytes: Uint8Array): void;
	/** May be called at any time. */
	close(): void;
}

/** A device on a bus of the kernel, such as address 0x3c on /dev/i2c-1. */
export class KernelI2cDevice implements I2cDevice {
	readonly name: string;
	readonly #bus: string;
	readonly #address: number;
	#file = -1;

	constructor(bus: string, address: number) {
		this.#bus = bus;
		this.#address = address;
		this.name = `${bus} 0x${address.toString(16)}`;
	}

	open(): void {
		this.close();
		try {
			this.#file = openSync(this.#bus, constants.O_RDWR);
		} catch (error) {
			throw failed(
				`${this.#bus} cannot be opened`,
				error,
				'load i2c-dev, and see that this user may open it (docs/install.md)',
			);
		}
		const ioctl = koffi.load(null).func('int ioctl(int, unsigned long, long)');
		if (ioctl(this.#file, i2cSlave, this.#address) >= 0) return;
		const code = errnoName(koffi.errno());
		this.close();
		throw failed(`${this.name} is not to be had`, { code }, 'a driver of the kernel holds that address');
	}

	write(bytes: Uint8Array): void {
		try {
			writeSync(this.#file, bytes);
		} catch (error) {
			throw failed(`${this.name} does not answer`, error, 'check its wires and its address (`i2cdetect -y`)');
		}
	}

	close(): void {
		if (this.#file >= 0) closeSync(this.#file);
		this.#file = -1;
	}
}

function failed(what: string, error: unknown, todo: string): PhleboxError {
	const cause = (error as NodeJS.ErrnoException).code ?? messageOf(error);
	return new PhleboxError('light-failed', `display: ${what} (${cause}); ${todo}`, { cause: error });
}
