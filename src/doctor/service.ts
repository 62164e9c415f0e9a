import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'service';
const deadlineMs = 5000;
const wanted = ['LoadState', 'ActiveState', 'UnitFileState', 'NRestarts', 'WatchdogUSec', 'StatusText'] as const;

/** What systemd says of the unit; null on a machine without systemd. */
export type ServiceState = Readonly<Partial<Record<(typeof wanted)[number], string>>> | null;

/** Asks systemd about `phlebox.service`. */
export function readServiceState(): ServiceState {
	if (!existsSync('/run/systemd/system')) return null;
	const answer = execFileSync('systemctl', ['show', `--property=${wanted.join(',')}`, 'phlebox.service'], {
		encoding: 'utf8',
		timeout: deadlineMs,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const pairs = answer
		.trim()
		.split('\n')
		.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
	return Object.fromEntries(pairs) as ServiceState;
}

/** Whether the box starts by itself, is watched, and is not running while the doctor looks at its devices. */
export function checkService(read: () => ServiceState = readServiceState): Finding {
	let state: ServiceState;
	try {
		state = read();
	} catch {
		return warn(check, 'systemd does not answer', 'see `systemctl status`');
	}
	const todo = 'install it as docs/install.md says, so that the box starts by itself and is watched';
	if (state === null) return warn(check, 'this machine has no systemd', 'let another service manager start the box');
	if (state.LoadState !== 'loaded') return warn(check, 'the box is not installed as a service', todo);
	if (state.ActiveState === 'active')
		return warn(
			check,
			`the box runs now (${state.StatusText || 'no status'}, restarted ${state.NRestarts ?? '?'} times): camera, lights and buttons are in its hands`,
			'`sudo systemctl stop phlebox`, then ask the doctor again',
		);
	if (state.ActiveState === 'activating' || state.ActiveState === 'failed')
		return fail(check, `the service does not come up (${state.ActiveState})`, '`journalctl -u phlebox -n 50` says why');
	if (state.UnitFileState !== 'enabled')
		return warn(check, 'installed, but not started when the machine starts', '`sudo systemctl enable phlebox`');
	if (state.WatchdogUSec === '0' || state.WatchdogUSec === 'infinity')
		return warn(check, 'installed without a watchdog', 'take deploy/systemd/phlebox.service as it is');
	return ok(check, `installed, starts with the machine, watched (${state.WatchdogUSec ?? ''})`);
}
