import { PhleboxError } from '../../../src/errors.ts';
import type { I2cDevice } from '../../../src/indicator/display/i2cBus.ts';

/** What follows a command, bytes (SSD1306 data sheet, table 9-1); those left out have nothing. */
const operands: Readonly<Record<number, number>> = {
	...{ 32: 1, 33: 2, 34: 2, 129: 1, 141: 1, 168: 1, 211: 1, 213: 1, 217: 1, 218: 1, 219: 1 },
};

/** The controller behind an I2C bus, as far as its data sheet says: memory, addressing, power, inversion, contrast. */
export class FakeSsd1306 implements I2cDevice {
	readonly name = 'fake';
	readonly memory: Uint8Array;
	readonly #pages: number;
	/** The memory keeps its pixels without power, but nobody sees them. */
	on = false;
	inverse = false;
	contrast = 0x7f;
	failing = false;
	isOpen = false;
	/** Whether pixels were changed while they could be seen. */
	torn = false;
	#column = 0;
	#page = 0;

	constructor(height: 64 | 32) {
		this.#pages = height / 8;
		this.memory = new Uint8Array(128 * this.#pages);
	}

	open(): void {
		this.#refuse();
		this.isOpen = true;
	}

	write(bytes: Uint8Array): void {
		this.#refuse();
		if (!this.isOpen) throw new PhleboxError('light-failed', 'display: fake is not open');
		if (bytes[0] === 0x40) for (const byte of bytes.subarray(1)) this.#pixel(byte);
		else if (bytes[0] === 0x00) for (let i = 1; i < bytes.length; ) i = this.#command(bytes, i);
		else throw new Error(`no control byte: ${bytes[0]}`);
	}

	close(): void {
		this.isOpen = false;
	}

	/** The pixel is bright. */
	bright(x: number, y: number): boolean {
		const stored = ((this.memory[(y >> 3) * 128 + x]! >> (y & 7)) & 1) === 1;
		return this.on && stored !== this.inverse;
	}

	#refuse(): void {
		if (this.failing)
			throw new PhleboxError('light-failed', 'display: fake does not answer (EREMOTEIO); check its wires');
	}

	#pixel(byte: number): void {
		if (this.on && this.memory[this.#page * 128 + this.#column] !== byte) this.torn = true;
		this.memory[this.#page * 128 + this.#column] = byte;
		this.#column = (this.#column + 1) % 128;
		if (this.#column === 0) this.#page = (this.#page + 1) % this.#pages;
	}

	#command(bytes: Uint8Array, at: number): number {
		const code = bytes[at]!;
		if (code === 0xae) this.on = false;
		else if (code === 0xaf) this.on = true;
		else if (code === 0xa6) this.inverse = false;
		else if (code === 0xa7) this.inverse = true;
		else if (code === 0x81) this.contrast = bytes[at + 1]!;
		else if (code === 0x21) this.#column = bytes[at + 1]!;
		else if (code === 0x22) this.#page = bytes[at + 1]!;
		return at + 1 + (operands[code] ?? 0);
	}
}
