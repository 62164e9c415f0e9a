// modules: vivid,uleds,ledtrig-pattern,uinput,evdev
// timeout: 1500
// manager: systemd
// The box as a service under the real systemd, installed as docs/install.md says: stable names, rights, its own user, the
// watchdog, and a light that is dark whatever ends the box.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyCodes } from '../../src/buttons/keyNames.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { check, endChecks, until } from './check.ts';
import { HdmiCard } from './hdmiCard.ts';
import { KeyPad } from './keyPad.ts';
import { Lamp, lampPlaces } from './lamp.ts';

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' }).trim();
const property = (name: string) => run('systemctl', 'show', '--value', `--property=${name}`, 'phlebox');
const deploy = (file: string) => shippedPath(`deploy/systemd/${file}`);
const mode = (path: string) => `${run('stat', '-Lc', '%G', path)} ${(statSync(path).mode & 0o777).toString(8)}`;
const log = () => run('journalctl', '-u', 'phlebox', '-n', '15', '-o', 'cat', '--no-pager');

function install(): void {
	// What a person does by hand, on the machine that the box is; see docs/install.md.
	mkdirSync('/opt/phlebox', { recursive: true });
	run('mount', '--bind', shippedPath('.'), '/opt/phlebox');
	try {
		symlinkSync(process.execPath, '/usr/bin/node');
	} catch {
		// It is there already.
	}
	copyFileSync(deploy('phlebox.sysusers'), '/usr/lib/sysusers.d/phlebox.conf');
	run('systemd-sysusers');
	copyFileSync(deploy('phlebox.modules'), '/etc/modules-load.d/phlebox.conf');
	copyFileSync(deploy('phlebox.rules'), '/etc/udev/rules.d/70-phlebox.rules');
	copyFileSync(deploy('phlebox.service'), '/etc/systemd/system/phlebox.service');
	mkdirSync('/etc/systemd/system/phlebox.service.d', { recursive: true });
	copyFileSync(deploy('broker.conf'), '/etc/systemd/system/phlebox.service.d/broker.conf');
	// The machine is emulated: what takes a second on a board takes a minute here.
	writeFileSync(
		'/etc/systemd/system/phlebox.service.d/slow.conf',
		'[Service]\nTimeoutStartSec=900\nTimeoutStopSec=180\nWatchdogSec=90\n',
	);
	mkdirSync('/etc/phlebox', { recursive: true });
	writeFileSync(
		'/etc/phlebox/phlebox.yaml',
		`capture: {source: v4l2, v4l2: {device: /dev/phlebox/screen, stuckMs: 3000}}
indicator:
  expiryMs: 800
  leds: [{red: "${lampPlaces.red}", green: "${lampPlaces.green}", blue: "${lampPlaces.blue}"}]
buttons: {devices: [{device: /dev/phlebox/buttons, next: KEY_N}]}
vision: {watchdogMs: 60000, startMs: 600000, previewHz: 0}
mqtt: {enabled: false}
`,
	);
	run('udevadm', 'control', '--reload');
	run('systemctl', 'daemon-reload');
}

const card = new HdmiCard();
card.configure('720p60');
card.signal('no-signal');
let lamp!: Lamp;
let pad!: KeyPad;

await check('the rules give devices their names and the box its rights', async () => {
	install();
	lamp = new Lamp();
	pad = new KeyPad('Phlebox buttons', [keyCodes.KEY_N]);
	run('udevadm', 'trigger', '--action=add', '--settle');
	run('udevadm', 'settle');
	assert.equal(mode('/dev/phlebox/screen'), 'phlebox 660');
	assert.equal(mode('/dev/phlebox/buttons'), 'phlebox 640');
	await until(
		'the pattern trigger’s files',
		30,
		() => {
			const pattern = Object.values(lampPlaces).map((led) => `${led}/pattern`);
			return pattern.every((file) => mode(file) === 'phlebox 664');
		},
		() => run('ls', '-l', `${lampPlaces.red}/`),
	);
	assert.match(readFileSync(`${lampPlaces.red}/trigger`, 'utf8'), /\[pattern\]/);
});

await check('systemd-analyze security', () => {
	const found = run('systemd-analyze', 'security', '--no-pager', 'phlebox');
	console.log(
		found
			.split('\n')
			.filter((line) => !line.startsWith('✓'))
			.join('\n'),
	);
	assert.ok(Number(/exposure level for phlebox.service: ([\d.]+)/.exec(found)?.[1]) <= 2);
});

await check('the service starts as its own user, and says when it is ready', async () => {
	run('systemctl', 'start', '--no-block', 'phlebox');
	await until(
		'an active service',
		900,
		() => {
			if (property('NRestarts') !== '0') throw new Error(`it was restarted: ${log()}`);
			return property('ActiveState') === 'active';
		},
		log,
	);
	const pid = property('MainPID');
	assert.equal(run('ps', '-o', 'user=', '-p', pid), 'phlebox');
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	assert.match(status, /^NoNewPrivs:\s1$/m);
	assert.match(status, /^CapEff:\s0+$/m);
	assert.match(status, /^Seccomp:\s2$/m);
	assert.equal(property('StatusText'), 'watching');
});

await check('it shows the light: LEDs are written by a user who is not root', () =>
	until('magenta', 120, () => lamp.colour === 'red+blue', log).then(() => undefined),
);

await check('it cannot write what it has no business with', () => {
	const pid = property('MainPID');
	const inside = (path: string) =>
		execFileSync('nsenter', ['-t', pid, '-m', 'sh', '-c', `: > ${path}`], { stdio: 'ignore' });
	for (const path of ['/etc/phlebox/phlebox.yaml', '/opt/phlebox/README.md', '/usr/bin/x', '/proc/sys/kernel/panic'])
		assert.throws(() => inside(path), path);
	assert.doesNotThrow(() => inside('/var/lib/phlebox/x'));
});

await check('stopped while it flashes: the kernel puts it out, the watchdog ends it, and it is back', async () => {
	const pid = Number(property('MainPID'));
	await until('magenta', 60, () => lamp.colour === 'red+blue');
	process.kill(pid, 'SIGSTOP');
	await sleep(2000);
	assert.equal(lamp.colour, 'dark');
	await until(
		'another process',
		300,
		() => Number(property('MainPID')) > 0 && Number(property('MainPID')) !== pid,
		log,
	);
	assert.match(run('journalctl', '-u', 'phlebox', '-o', 'cat', '--no-pager'), /Watchdog timeout/);
	await until('an active service', 900, () => property('ActiveState') === 'active', log);
	await until('magenta', 120, () => lamp.colour === 'red+blue', log);
});

await check('stopped in order: dark, with success, and nothing keeps running', async () => {
	run('systemctl', 'stop', 'phlebox');
	assert.equal(lamp.colour, 'dark');
	assert.equal(property('Result'), 'success');
	assert.equal(property('ActiveState'), 'inactive');
	lamp.forget();
	await sleep(2000);
	assert.equal(lamp.flashes('red') + lamp.flashes('green') + lamp.flashes('blue'), 0);
});

pad?.unplug();
lamp?.close();
endChecks();
