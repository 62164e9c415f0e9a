import { join } from 'node:path';
import type { PhleboxError } from '../../errors.ts';
import { type LedPlaces, ledPlaces } from './ledLight.ts';
import { darkShot, oneShot } from './shot.ts';
import { readSysfs, SysfsFile } from './sysfsFile.ts';

const zero = new TextEncoder().encode('0\n');

/**
 * Puts the configured LEDs out from any process: the watchdog of the vision thread, systemd's stop hook.
 *
 * Where the `pattern` trigger is chosen, the shot that runs is replaced by a dark one, and the trigger stays: writing 0 to
 * `brightness` would take it away, and choosing it again makes files that belong to root, which a service with a user of
 * its own cannot write.
 * @returns what could not be put out, one error each; all others are dark
 */
export function darken(places: LedPlaces): PhleboxError[] {
	const failures: PhleboxError[] = [];
	for (const place of ledPlaces) {
		const folder = places[place];
		if (folder === undefined) continue;
		try {
			putOut(folder);
		} catch (error) {
			failures.push(error as PhleboxError);
		}
	}
	return failures;
}

function putOut(folder: string): void {
	if (readSysfs(join(folder, 'trigger'))?.includes('[pattern]')) {
		try {
			write(join(folder, 'pattern'), darkShot);
			write(join(folder, 'repeat'), oneShot);
			return;
		} catch {
			// Its files may belong to another user, or the trigger was changed meanwhile: `brightness` ends every trigger.
		}
	}
	write(join(folder, 'brightness'), zero);
}

function write(path: string, bytes: Uint8Array): void {
	const file = new SysfsFile(path);
	file.open();
	try {
		file.write(bytes);
	} finally {
		file.close();
	}
}
