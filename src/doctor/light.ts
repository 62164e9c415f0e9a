import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { LedLight } from '../indicator/led/ledLight.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'light';

/** Opens each LED and shows *don't know* on it, which is dark: the LED is proved writable and nothing is claimed. */
export function checkLights({ indicator }: Config): Finding[] {
	if (indicator.leds.length === 0)
		return [warn(check, 'no LED is configured; the display page alone shows the light', 'add LEDs in indicator.leds')];
	return indicator.leds.map(({ brightness, ...places }) => {
		const led = new LedLight({ ...places, expiryMs: indicator.expiryMs, brightnessPercent: brightness });
		try {
			led.open();
			const nowMs = monotonicMs();
			led.show({ guidance: 'dont-know', site: null, expiresMs: nowMs + indicator.expiryMs }, { nowMs });
			return ok(check, `${led.name}: can be written`);
		} catch (error) {
			return fail(check, messageOf(error), 'check the path, and that the user of the service may write to it');
		} finally {
			led.close();
		}
	});
}
