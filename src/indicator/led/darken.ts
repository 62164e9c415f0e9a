import { join } from 'node:path';
import type { PhleboxError } from '../../errors.ts';
import { type LedPlaces, ledPlaces } from './ledLight.ts';
import { SysfsFile } from './sysfsFile.ts';

/**
 * Puts the configured LEDs out from any process: the watchdog of the vision thread, systemd's stop hook. It takes their
 * trigger away as well (the kernel does so when 0 is written to `brightness`), so a light that is still driven by another
 * thread fails at its next change and opens itself anew.
 * @returns what could not be put out, one error each; all others are dark
 */
export function darken(places: LedPlaces): PhleboxError[] {
	const failures: PhleboxError[] = [];
	for (const place of ledPlaces) {
		const folder = places[place];
		if (folder === undefined) continue;
		const file = new SysfsFile(join(folder, 'brightness'));
		try {
			file.open();
			file.write(new TextEncoder().encode('0\n'));
		} catch (error) {
			failures.push(error as PhleboxError);
		} finally {
			file.close();
		}
	}
	return failures;
}
