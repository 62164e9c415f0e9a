import { errnoName, systemCalls } from '../../capture/libc.ts';
import type { SystemCalls } from '../../capture/systemCalls.ts';
import { PhleboxError } from '../../errors.ts';
import { whatToShow } from '../expiry.ts';
import type { Indication, Light, Moment } from '../light.ts';
import { type Colour, colours, lightTable } from '../lightTable.ts';
import { isOn } from '../pattern.ts';
import type { Shown } from '../shown.ts';
import { GpioChip } from './gpioChip.ts';
import { gpioBytes, gpioIoctls, gpioOffsets } from './gpioUapi.ts';

/** Which lines of which chip; at least one. As with LEDs, fewer than three colours show the states that have theirs. */
export interface GpioPlaces {
	/** Such as /dev/gpiochip0. */
	chip: string;
	/** A lamp that is lit by a low level. */
	activeLow: boolean;
	red?: number | string | undefined;
	green?: number | string | undefined;
	blue?: number | string | undefined;
	/** A lamp of one colour, not green: it shows all patterns. */
	single?: number | string | undefined;
}

export const gpioParts = ['red', 'green', 'blue', 'single'] as const satisfies (keyof GpioPlaces)[];
type Part = (typeof gpioParts)[number];

/**
 * Lamps on lines of a GPIO chip, through the kernel's character device. All lines change in one call, so that no mixture
 * of colours can be seen in between. A line knows only on and off.
 *
 * The kernel knows no expiry for a line. When the process dies the kernel takes the line back, and what its level is then
 * depends on the chip's driver; a process that is stopped leaves it as it is. So this light belongs into the keeper
 * (src/indicator/keeper), and a lamp that is described to the kernel as an LED (`gpio-leds`) is the better choice.
 */
export class GpioLight implements Light {
	readonly name: string;
	readonly #places: GpioPlaces;
	readonly #parts: readonly Part[];
	readonly #masks: Readonly<Record<Colour, number>>;
	readonly #calls: SystemCalls;
	readonly #values = new Uint8Array(gpioBytes.gpio_v2_line_values);
	readonly #fields = new DataView(this.#values.buffer);
	#lines = -1;
	/** Lines that are lit, a bit each in the order of `#parts`; -1 where that is not known. */
	#lit = -1;
	#shown: Shown | null = null;
	#sinceMs = Number.NaN;

	/** @throws PhleboxError config-invalid */
	constructor(places: GpioPlaces, calls: SystemCalls = systemCalls) {
		this.#places = places;
		this.#parts = gpioParts.filter((part) => places[part] !== undefined);
		if (this.#parts.length === 0)
			throw new PhleboxError('config-invalid', `GPIO: no line named; set at least one of ${gpioParts.join(', ')}`);
		this.#calls = calls;
		this.#masks = Object.fromEntries(
			(Object.keys(colours) as Colour[]).map((colour) => [colour, maskOf(this.#parts, colour)]),
		) as Record<Colour, number>;
		this.name = `gpio ${places.chip} ${this.#parts.map((part) => `${part}=${places[part]}`).join(' ')}`;
	}

	open(): void {
		this.#release();
		const chip = new GpioChip(this.#places.chip, this.#calls);
		chip.open();
		try {
			const offsets = this.#parts.map((part) => chip.find(this.#places[part]!).offset);
			this.#lines = chip.request(offsets, this.#places.activeLow);
		} finally {
			chip.close();
		}
		this.#shown = null;
		this.#lit = 0;
	}

	show(indication: Indication, moment: Moment): void {
		const guidance = whatToShow(indication, moment);
		if (guidance !== this.#shown) {
			this.#sinceMs = moment.nowMs;
			this.#shown = guidance;
		}
		const { colour, pattern } = lightTable[guidance];
		const lit = isOn(pattern, moment.nowMs - this.#sinceMs) ? this.#masks[colour] : 0;
		if (lit !== this.#lit) this.#write(lit);
	}

	dim(): void {}

	close(): void {
		try {
			if (this.#lines >= 0 && this.#lit !== 0) this.#write(0);
		} finally {
			this.#release();
		}
	}

	#write(lit: number): void {
		// Said before it is written: after a failure nobody knows what is lit.
		this.#lit = -1;
		this.#fields.setUint32(gpioOffsets.gpio_v2_line_values.bits, lit, true);
		this.#fields.setUint32(gpioOffsets.gpio_v2_line_values.mask, (1 << this.#parts.length) - 1, true);
		const result = this.#calls.ioctl(this.#lines, gpioIoctls.GPIO_V2_LINE_SET_VALUES_IOCTL, this.#values);
		if (result < 0)
			throw new PhleboxError(
				'light-failed',
				`GPIO: the lines of ${this.#places.chip} cannot be set (${errnoName(-result)}); check that the chip is still there`,
			);
		this.#lit = lit;
	}

	#release(): void {
		if (this.#lines >= 0) this.#calls.close(this.#lines);
		this.#lines = -1;
	}
}

function maskOf(parts: readonly Part[], colour: Colour): number {
	let mask = 0;
	for (const [i, part] of parts.entries())
		if (part === 'single' ? colour !== 'dark' : colours[colour][part]) mask |= 1 << i;
	return mask;
}
