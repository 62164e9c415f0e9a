import { join } from 'node:path';
import { PhleboxError } from '../../errors.ts';
import { whatToShow } from '../expiry.ts';
import type { Indication, Light, Moment } from '../light.ts';
import { type Colour, colours, lightTable } from '../lightTable.ts';
import type { Pattern } from '../pattern.ts';
import type { Shown } from '../shown.ts';
import { Led, type LedDrive } from './led.ts';
import { readSysfs, SysfsFile } from './sysfsFile.ts';

/**
 * Which LEDs there are: folders of /sys/class/leds. At least one. Three of `red`, `green`, `blue` make one coloured
 * light; fewer show the states that have their colour, so that `green` alone is a light for `captured` only. `single` is
 * one LED of any one colour (not green, which would blink in every state): it shows all patterns. `multicolour` is a
 * device of the kernel's multicolour class.
 */
export interface LedPlaces {
	red?: string;
	green?: string;
	blue?: string;
	single?: string;
	multicolour?: string;
}

export interface LedOptions extends LedPlaces, LedDrive {
	/** Longest time the LEDs stay lit after the last fresh result, milliseconds, up to 2000; a result's own expiry may be sooner. */
	expiryMs: number;
}

export const ledDefaults: Omit<LedOptions, keyof LedPlaces> = {
	expiryMs: 250,
	brightnessPercent: 100,
	kernelExpiry: true,
	rearmMs: 50,
};

export const ledPlaces = ['red', 'green', 'blue', 'single', 'multicolour'] as const satisfies (keyof LedPlaces)[];
type Place = (typeof ledPlaces)[number];

interface Channel {
	readonly place: Place;
	readonly led: Led;
}

function lights(place: Place, colour: Colour): boolean {
	if (place === 'red' || place === 'green' || place === 'blue') return colours[colour][place];
	return colour !== 'dark';
}

/** The light on the box: LEDs of the kernel's LED class. */
export class LedLight implements Light {
	readonly name: string;
	readonly #expiryMs: number;
	readonly #channels: readonly Channel[];
	readonly #intensity: SysfsFile | null;
	#intensities: Readonly<Record<Colour, Uint8Array>> | null = null;
	#shown: Shown | null = null;
	#sinceMs = Number.NaN;
	readonly #span = { elapsedMs: Number.NaN, nowMs: Number.NaN, untilMs: Number.NaN };

	/** @throws PhleboxError config-invalid */
	constructor(options: LedPlaces & Partial<LedOptions>) {
		const all = { ...ledDefaults, ...options };
		checkOptions(all);
		this.#expiryMs = all.expiryMs;
		// A short expiry must be renewed in time, whatever rearmMs says.
		const drive = { ...all, rearmMs: Math.min(all.rearmMs, all.expiryMs / 4) };
		this.#channels = ledPlaces.flatMap((place) => {
			const folder = all[place];
			return folder === undefined ? [] : [{ place, led: new Led(folder, drive) }];
		});
		this.#intensity = all.multicolour === undefined ? null : new SysfsFile(join(all.multicolour, 'multi_intensity'));
		this.name = `led ${this.#channels.map(({ place, led }) => `${place}=${led.folder}`).join(' ')}`;
	}

	/** Who puts the light out when the process dies: `software` means that somebody else has to (see `darken`). */
	get expiry(): 'kernel' | 'software' {
		return this.#channels.every(({ led }) => led.expiry === 'kernel') ? 'kernel' : 'software';
	}

	open(): void {
		for (const { place, led } of this.#channels) {
			led.open();
			if (place === 'multicolour') this.#openIntensity(led);
		}
	}

	show(indication: Indication, moment: Moment): void {
		const { nowMs } = moment;
		const guidance = whatToShow(indication, moment);
		const { colour, pattern } = lightTable[guidance];
		if (guidance !== this.#shown) {
			this.#sinceMs = nowMs;
			this.#mix(colour);
		}
		this.#span.elapsedMs = nowMs - this.#sinceMs;
		this.#span.nowMs = nowMs;
		this.#span.untilMs = Math.min(indication.expiresMs, nowMs + this.#expiryMs);
		// What has to go out goes out first: a mixture in between could be a colour that says something else.
		this.#drive(colour, false, pattern);
		this.#drive(colour, true, pattern);
		this.#shown = guidance;
	}

	dim(percent: number): void {
		for (const { led } of this.#channels) led.dim(percent);
	}

	close(): void {
		let failure: unknown = null;
		for (const { led } of this.#channels) {
			try {
				led.close();
			} catch (error) {
				failure ??= error;
			}
		}
		this.#intensity?.close();
		this.#shown = null;
		if (failure !== null) throw failure;
	}

	#drive(colour: Colour, lit: boolean, pattern: Pattern): void {
		for (let i = 0; i < this.#channels.length; i++) {
			const { place, led } = this.#channels[i]!;
			if (lights(place, colour) === lit) led.show(lit ? pattern : null, this.#span);
		}
	}

	/** Changes the mixture of a multicolour device while it is dark. */
	#mix(colour: Colour): void {
		if (this.#intensity === null) return;
		for (let i = 0; i < this.#channels.length; i++) {
			const { place, led } = this.#channels[i]!;
			if (place === 'multicolour') led.show(null, this.#span);
		}
		this.#intensity.write(this.#intensities![colour]);
	}

	#openIntensity(led: Led): void {
		const index = readSysfs(join(led.folder, 'multi_index'))?.split(/\s+/) ?? [];
		const missing = ['red', 'green', 'blue'].filter((part) => !index.includes(part));
		if (missing.length > 0)
			throw new PhleboxError(
				'light-failed',
				`LED: ${led.folder} has no ${missing.join(', no ')} in its multi_index; use a red-green-blue device`,
			);
		// The mixture is full or nothing: how bright it is, is the device's brightness.
		const max = readSysfs(join(led.folder, 'max_brightness')) ?? '255';
		const mixture = (colour: Colour): Uint8Array => {
			const parts: Readonly<Record<string, boolean>> = colours[colour];
			return new TextEncoder().encode(`${index.map((part) => (parts[part] === true ? max : '0')).join(' ')}\n`);
		};
		const names = Object.keys(colours) as Colour[];
		this.#intensities = Object.fromEntries(names.map((name) => [name, mixture(name)])) as Record<Colour, Uint8Array>;
		this.#intensity!.open();
	}
}

function checkOptions(options: LedOptions): void {
	const fault = faultOf(options);
	if (fault !== null) throw new PhleboxError('config-invalid', `LED: ${fault}`);
}

function faultOf(options: LedOptions): string | null {
	if (ledPlaces.every((place) => options[place] === undefined))
		return `no LED named; set at least one of ${ledPlaces.join(', ')} to a folder of /sys/class/leds`;
	const { expiryMs, brightnessPercent, rearmMs } = options;
	if (!(expiryMs > 0 && expiryMs <= 2000)) return `expiryMs is ${expiryMs}; use milliseconds above 0, up to 2000`;
	if (!(brightnessPercent > 0 && brightnessPercent <= 100))
		return `brightnessPercent is ${brightnessPercent}; use a number above 0, up to 100`;
	if (!(rearmMs >= 0)) return `rearmMs is ${rearmMs}; use milliseconds from 0`;
	return null;
}
