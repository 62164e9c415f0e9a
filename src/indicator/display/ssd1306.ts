import type { Panel } from './displayLight.ts';
import { type I2cDevice, KernelI2cDevice } from './i2cBus.ts';
import type { Picture } from './picture.ts';

export interface Ssd1306Options {
	/** Such as /dev/i2c-1. */
	bus: string;
	address: number;
	/** Rows: 64 or 32. It is 128 wide. */
	height: 64 | 32;
	/** Percent of full contrast. */
	brightness: number;
}

const width = 128;
/** First byte of a transfer: commands or pixels follow (SSD1306 data sheet, 8.1.5.2). */
const [commands, pixels] = [0x00, 0x40];
/** Commands of the data sheet, chapter 9. */
const command = {
	contrast: 0x81,
	normal: 0xa6,
	inverse: 0xa7,
	off: 0xae,
	on: 0xaf,
} as const;

/** An OLED display with the controller SSD1306 on an I2C bus. One colour: a lit ground is the picture inverted. */
export class Ssd1306 implements Panel {
	readonly name: string;
	readonly #device: I2cDevice;
	readonly #options: Ssd1306Options;
	/** What was drawn, each page as one transfer. */
	readonly #pages: readonly Uint8Array[];
	#percent = 100;

	constructor(options: Ssd1306Options, device: I2cDevice = new KernelI2cDevice(options.bus, options.address)) {
		this.#options = options;
		this.#device = device;
		this.#pages = Array.from({ length: options.height / 8 }, () => {
			const page = new Uint8Array(1 + width);
			page[0] = pixels;
			return page;
		});
		this.name = `ssd1306 ${device.name}`;
	}

	open(): { width: number; height: number } {
		const { height } = this.#options;
		this.#device.open();
		this.#command(command.off);
		this.#setUp();
		return { width, height };
	}

	draw({ ink }: Picture, _colour: string, lit: boolean): void {
		this.#pages.forEach((bytes, page) => {
			for (let x = 0; x < width; x++) {
				let column = 0;
				for (let bit = 0; bit < 8; bit++) if (ink[(page * 8 + bit) * width + x]) column |= 1 << bit;
				bytes[1 + x] = column;
			}
		});
		this.#command(command.off);
		this.#show(lit);
	}

	/** Set up as well: one that was without power is off, and has forgotten how it is wired. */
	refresh(lit: boolean): void {
		this.#setUp();
		this.#show(lit);
	}

	#setUp(): void {
		const { height } = this.#options;
		// Clock, rows, no offset, charge pump, horizontal addressing, both mirrored, wiring of the rows, precharge, level.
		this.#command(0xd5, 0x80, 0xa8, height - 1, 0xd3, 0x00, 0x40, 0x8d, 0x14, 0x20, 0x00, 0xa1, 0xc8);
		this.#command(0xda, height === 64 ? 0x12 : 0x02, 0xd9, 0xf1, 0xdb, 0x40, 0xa4);
		this.#contrast();
	}

	#show(lit: boolean): void {
		this.#command(0x21, 0, width - 1, 0x22, 0, this.#pages.length - 1);
		for (const page of this.#pages) this.#device.write(page);
		this.#command(lit ? command.inverse : command.normal, command.on);
	}

	light(lit: boolean): void {
		this.#command(lit ? command.inverse : command.normal);
	}

	dim(percent: number): void {
		this.#percent = percent;
		try {
			this.#contrast();
		} catch {
			// Not open yet, or gone: it is told when it opens, and a fault is told by what is drawn next.
		}
	}

	close(): void {
		try {
			this.#command(command.off);
		} catch {
			// One that was not open, or does not answer, is not there to be put out; the next `draw` says so.
		} finally {
			this.#device.close();
		}
	}

	#contrast(): void {
		this.#command(command.contrast, Math.max(1, Math.round((255 * this.#options.brightness * this.#percent) / 10_000)));
	}

	#command(...bytes: number[]): void {
		this.#device.write(Uint8Array.from([commands, ...bytes]));
	}
}
