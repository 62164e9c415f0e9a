import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/** A brightness change of an LED, as its driver was told. */
export interface Change {
	/** `performance.now()` of this process. */
	atMs: number;
	brightness: number;
}

/**
 * An LED of the kernel whose hardware is this process (`/dev/uleds`): it appears as /sys/class/leds/NAME with every
 * trigger, and each brightness the kernel sets arrives here. The witness of what a real LED would have shown.
 * Source: include/uapi/linux/uleds.h (64 bytes of name, int32 maximum brightness; reads give int32 brightness).
 */
export class UserLed {
	readonly changes: Change[] = [];
	/** The brightness now. */
	brightness = 0;
	everLit = false;
	readonly #file: number;
	readonly #watch: NodeJS.Timeout;
	readonly #value = Buffer.alloc(4);

	constructor(name: string, maximum = 255) {
		// Non-blocking: a read that waits in the kernel would keep this process from ending.
		this.#file = openSync('/dev/uleds', constants.O_RDWR | constants.O_NONBLOCK);
		const device = Buffer.alloc(68);
		device.write(name, 0, 63, 'latin1');
		device.writeInt32LE(maximum, 64);
		writeSync(this.#file, device);
		this.#watch = setInterval(() => this.#read(), 5);
	}

	#read(): void {
		try {
			readSync(this.#file, this.#value, 0, 4, null);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return;
			throw error;
		}
		this.brightness = this.#value.readInt32LE(0);
		this.everLit ||= this.brightness > 0;
		this.changes.push({ atMs: performance.now(), brightness: this.brightness });
	}

	close(): void {
		clearInterval(this.#watch);
		closeSync(this.#file);
	}
}
