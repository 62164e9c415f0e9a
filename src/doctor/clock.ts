import { existsSync } from 'node:fs';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'clock';
/** No box was made before. */
const earliest = Date.UTC(2025, 0, 1);

/** @param synchronised whether a time service says so; systemd-timesyncd leaves this file */
export function checkClock(
	nowMs = Date.now(),
	synchronised = existsSync('/run/systemd/timesync/synchronized'),
): Finding {
	const says = new Date(nowMs).toISOString();
	if (nowMs < earliest) return fail(check, `${says} cannot be`, 'set the clock, or give the box a time server');
	return synchronised
		? ok(check, `${says}, kept by a time server`)
		: warn(check, `${says}, no time server known`, 'let systemd-timesyncd or chrony keep the clock');
}
