import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { GpioLight } from '../indicator/gpio/gpioLight.ts';
import { displays } from '../indicator/keeper/keptLights.ts';
import { LedLight } from '../indicator/led/ledLight.ts';
import type { Light } from '../indicator/light.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'light';
const betterLamp = 'describe the lamp to the kernel as an LED with the trigger `pattern` (docs/light.md)';

/**
 * Opens each light and shows *don't know* on it, which is dark: it is proved writable and nothing is claimed. Says who
 * puts it out when the box dies.
 */
export function checkLights({ indicator }: Config): Finding[] {
	const findings = [
		...indicator.leds.map(({ brightness, ...places }) => {
			const led = new LedLight({ ...places, expiryMs: indicator.expiryMs, brightnessPercent: brightness });
			return checkLight(led, () =>
				led.expiry === 'kernel'
					? ok(check, `${led.name}: can be written; the kernel puts it out when the box dies`)
					: warn(
							check,
							`${led.name}: can be written; it has no trigger \`pattern\`, so the keeper process puts it out`,
							'load the kernel module ledtrig-pattern (deploy/systemd/phlebox.modules)',
						),
			);
		}),
		...indicator.gpio.map((places) => {
			const light = new GpioLight(places);
			return checkLight(light, () =>
				warn(check, `${light.name}: can be set; the keeper process puts it out when the box dies`, betterLamp),
			);
		}),
		...displays(indicator).map((display) =>
			checkLight(display, () => ok(check, `${display.name}: shows; the keeper process blanks it when the box dies`)),
		),
	];
	if (findings.length > 0) return findings;
	return [warn(check, 'none is configured; the display page alone shows it', 'add LEDs in indicator.leds')];
}

function checkLight(light: Light, works: () => Finding): Finding {
	try {
		light.open();
		const nowMs = monotonicMs();
		light.show({ guidance: 'dont-know', site: null, expiresMs: nowMs + 100 }, { nowMs });
		return works();
	} catch (error) {
		return fail(check, ...halves(messageOf(error)));
	} finally {
		closeQuietly(light);
	}
}

/** What is wrong and what to do: errors of lights name both, with a semicolon in between. */
function halves(message: string): [says: string, todo: string] {
	const at = message.lastIndexOf('; ');
	if (at < 0) return [message, 'check the path, and that the user of the service may write to it (docs/install.md)'];
	return [message.slice(0, at), message.slice(at + 2)];
}

function closeQuietly(light: Light): void {
	try {
		light.close();
	} catch {
		// What is wrong with it has been said.
	}
}
