import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { DisplayLight } from '../display/displayLight.ts';
import { Framebuffer } from '../display/framebuffer.ts';
import { Ssd1306 } from '../display/ssd1306.ts';
import { GpioLight } from '../gpio/gpioLight.ts';
import { LedLight, type LedPlaces, ledPlaces } from '../led/ledLight.ts';
import { readSysfs } from '../led/sysfsFile.ts';
import type { Light } from '../light.ts';

type Indicator = Config['indicator'];

/** The lights of the configuration, by who drives them. */
export interface LightShares {
	/** Those the kernel itself puts out: driven by the vision thread. */
	kernel: Indicator;
	/** All others: driven by the keeper. */
	kept: Indicator;
}

/** LEDs that are not there yet are the vision thread's. */
export function shareLights(indicator: Indicator, offersPattern = everyLedOffersPattern): LightShares {
	const none = { gpio: [], framebuffers: [], ssd1306: [] };
	return {
		kernel: { ...indicator, ...none, leds: indicator.leds.filter(offersPattern) },
		kept: { ...indicator, leds: indicator.leds.filter((led) => !offersPattern(led)) },
	};
}

function everyLedOffersPattern(places: LedPlaces): boolean {
	return ledPlaces.every((place) => {
		const folder = places[place];
		if (folder === undefined) return true;
		try {
			const triggers = readSysfs(join(folder, 'trigger'));
			const there = readSysfs(join(folder, 'max_brightness')) !== null;
			return !there || (triggers?.match(/\bpattern\b/) ?? null) !== null;
		} catch {
			// Who opens it will say what is wrong with it.
			return true;
		}
	});
}

/** @throws PhleboxError config-invalid */
export function ledLights({ leds, expiryMs }: Indicator): Light[] {
	return leds.map(({ brightness, ...places }) => new LedLight({ ...places, expiryMs, brightnessPercent: brightness }));
}

/** @throws PhleboxError config-invalid */
export function keptLights(indicator: Indicator): Light[] {
	return [...ledLights(indicator), ...indicator.gpio.map((places) => new GpioLight(places)), ...displays(indicator)];
}

export function displays({ framebuffers, ssd1306 }: Indicator): Light[] {
	return [
		...framebuffers.map(({ device, brightness }) => new DisplayLight(new Framebuffer(device, brightness))),
		...ssd1306.map((options) => new DisplayLight(new Ssd1306(options))),
	];
}

/** How many lights the configuration has. */
export function lightCount({ leds, gpio, framebuffers, ssd1306 }: Indicator): number {
	return leds.length + gpio.length + framebuffers.length + ssd1306.length;
}
