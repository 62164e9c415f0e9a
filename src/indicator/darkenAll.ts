import type { Config } from '../config/schema.ts';
import { messageOf, PhleboxError } from '../errors.ts';
import { keptLights } from './keeper/keptLights.ts';
import { darken } from './led/darken.ts';

/**
 * Puts every light of the configuration out, from a process that drives none of them: systemd's stop hook.
 * @returns what could not be put out
 */
export function darkenAll(indicator: Config['indicator']): PhleboxError[] {
	const failures = indicator.leds.flatMap((led) => darken(led));
	for (const light of keptLights({ ...indicator, leds: [] })) {
		try {
			// Opening a light makes it dark, and closing it leaves it so.
			light.open();
			light.close();
		} catch (error) {
			failures.push(error instanceof PhleboxError ? error : new PhleboxError('light-failed', messageOf(error)));
		}
	}
	return failures;
}
