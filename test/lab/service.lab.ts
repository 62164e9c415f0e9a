// modules: vivid,uleds,ledtrig-pattern,uinput,evdev
// timeout: 1200
// manager: systemd
// The box as a service under the real systemd, with the shipped unit and rules: stable names, rights, its own user, the
// watchdog, and a light that is dark whatever ends the box.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
	copyFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyCodes } from '../../src/buttons/keyNames.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { check, endChecks, until } from './check.ts';
import { HdmiCard } from './hdmiCard.ts';
import { KeyPad } from './keyPad.ts';
import { Lamp, lampPlaces } from './lamp.ts';
import { busiestThread, stopThread } from './stoppedThread.ts';

const run = (command: string, ...args: string[]) =>
	execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const property = (name: string) => run('systemctl', 'show', '--value', `--property=${name}`, 'phlebox');
const deploy = (file: string) => shippedPath(`deploy/systemd/${file}`);
const mode = (path: string) => `${run('stat', '-Lc', '%G', path)} ${(statSync(path).mode & 0o777).toString(8)}`;
const log = (lines = 12) => run('journalctl', '-u', 'phlebox', '-n', String(lines), '-o', 'cat', '--no-pager');

const card = new HdmiCard();
card.configure('640x480p60');
card.signal('no-signal');

function install(): void {
	// What the package does (deploy/package/phlebox-software), without copying all of it through an emulated machine.
	mkdirSync('/opt/phlebox/current', { recursive: true });
	run('mount', '--bind', shippedPath('.'), '/opt/phlebox/current');
	mkdirSync('/opt/phlebox/current/bin', { recursive: true });
	symlinkSync(process.execPath, '/opt/phlebox/current/bin/node');
	copyFileSync(deploy('phlebox.sysusers'), '/usr/lib/sysusers.d/phlebox.conf');
	run('systemd-sysusers');
	copyFileSync(deploy('phlebox.modules'), '/etc/modules-load.d/phlebox.conf');
	// One camera of several is named by a line of its own, as the file says; all of vivid's are at one place, so by name here.
	const chosen = readFileSync(deploy('phlebox.rules'), 'utf8')
		.replace(/^SUBSYSTEM=="video4linux"/m, '#$&')
		.replace(/^#(SUBSYSTEM=="video4linux".*)ENV\{ID_PATH\}=="[^"]*"/m, '$1ATTR{name}=="vivid-000-vid-cap"');
	assert.match(chosen, /^SUBSYSTEM=="video4linux".*vivid-000/m);
	writeFileSync('/etc/udev/rules.d/70-phlebox.rules', chosen);
	copyFileSync(deploy('phlebox.service'), '/etc/systemd/system/phlebox.service');
	mkdirSync('/etc/systemd/system/phlebox.service.d', { recursive: true });
	copyFileSync(deploy('broker.conf'), '/etc/systemd/system/phlebox.service.d/broker.conf');
	// The machine is emulated: what takes a second on a board takes a minute here.
	writeFileSync(
		'/etc/systemd/system/phlebox.service.d/slow.conf',
		'[Service]\nTimeoutStartSec=600\nTimeoutStopSec=120\nWatchdogSec=20\n',
	);
	mkdirSync('/etc/phlebox', { recursive: true });
	writeFileSync(
		'/etc/phlebox/phlebox.yaml',
		`capture: {source: v4l2, v4l2: {device: /dev/phlebox/screen, stuckMs: 3000}}
indicator:
  expiryMs: 800
  selfTest: false
  leds: [{red: "${lampPlaces.red}", green: "${lampPlaces.green}", blue: "${lampPlaces.blue}"}]
buttons: {devices: [{device: /dev/phlebox/buttons, next: KEY_N}]}
vision: {watchdogMs: 10000, startMs: 120000, previewHz: 0}
mqtt: {enabled: false}
web: {enabled: false}
`,
	);
	run('udevadm', 'control', '--reload');
	run('systemctl', 'daemon-reload');
}

let lamp!: Lamp;
let pad!: KeyPad;
const magenta = (seconds = 120) => until('magenta', seconds, () => lamp.colour === 'red+blue', log);
const active = async () => {
	await until('an active service', 400, () => property('ActiveState') === 'active', log);
};
/** The kernel tells udev of an LED that appears; nobody calls for it. */
const ledsAreOurs = () =>
	until(
		'the pattern trigger’s files, with rights',
		60,
		() =>
			Object.values(lampPlaces).every((led) => {
				try {
					return mode(`${led}/pattern`) === 'phlebox 664' && mode(`${led}/repeat`) === 'phlebox 664';
				} catch {
					return false;
				}
			}),
		() => run('ls', '-l', `${lampPlaces.red}/`),
	);

await check('the rules give devices their names and the box its rights', async () => {
	install();
	run('udevadm', 'trigger', '--action=add', '--subsystem-match=video4linux', '--settle');
	lamp = new Lamp();
	pad = new KeyPad('Phlebox buttons', [keyCodes.KEY_N]);
	await ledsAreOurs();
	run('udevadm', 'settle');
	assert.equal(mode('/dev/phlebox/screen'), 'phlebox 660');
	assert.equal(realpathSync('/dev/phlebox/screen'), card.device);
	assert.equal(mode('/dev/phlebox/buttons'), 'phlebox 640');
	assert.match(readFileSync(`${lampPlaces.red}/trigger`, 'utf8'), /\[pattern\]/);
});

await check('systemd-analyze security', () => {
	const found = run('systemd-analyze', 'security', '--no-pager', 'phlebox');
	const exposed = found.split('\n').filter((line) => !line.startsWith('✓'));
	console.log(exposed.map((line) => line.trimEnd()).join('\n'));
	assert.ok(Number(/exposure level for phlebox.service: ([\d.]+)/.exec(found)?.[1]) <= 2);
});

await check('the service starts as its own user, and says when it is ready', async () => {
	run('systemctl', 'start', '--no-block', 'phlebox');
	await active();
	assert.equal(property('NRestarts'), '0', log());
	assert.equal(property('StatusText'), 'watching');
	const pid = property('MainPID');
	assert.equal(run('stat', '-c', '%U', `/proc/${pid}`), 'phlebox');
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	assert.match(status, /^NoNewPrivs:\s1$/m);
	assert.match(status, /^CapEff:\s0+$/m);
	assert.match(status, /^Seccomp:\s2$/m);
});

await check('it shows the light: LEDs are written by a user who is not root', async () => {
	await magenta();
});

await check('it cannot write what it has no business with, not even if it were root', () => {
	const inside = (path: string) =>
		execFileSync('nsenter', ['-t', property('MainPID'), '-m', 'sh', '-c', `: >> ${path}`], { stdio: 'ignore' });
	for (const path of [
		'/etc/phlebox/phlebox.yaml',
		'/opt/phlebox/current/README.md',
		'/usr/bin/x',
		'/proc/sys/kernel/panic',
	])
		assert.throws(() => inside(path), path);
	assert.doesNotThrow(() => inside('/var/lib/phlebox/x'));
});

await check('LEDs that are taken away and come back are the box’s again, and shine', async () => {
	lamp.close();
	await sleep(2000);
	lamp = new Lamp();
	await ledsAreOurs();
	await magenta(60);
	assert.equal(property('NRestarts'), '0', log());
});

await check('a trigger that somebody else chooses is the box’s again', async () => {
	writeFileSync(`${lampPlaces.red}/trigger`, 'none');
	await ledsAreOurs();
	await magenta(60);
});

/** What /etc/systemd/system/phlebox.service.d/realtime.conf is for; the service takes it up when it starts again. */
function allowRealtime(): void {
	copyFileSync(deploy('realtime.conf'), '/etc/systemd/system/phlebox.service.d/realtime.conf');
	const file = '/etc/phlebox/phlebox.yaml';
	writeFileSync(file, readFileSync(file, 'utf8').replace('vision: {', 'vision: {cpus: [1], realtimePriority: 20, '));
	run('systemctl', 'daemon-reload');
}

/** Threads of the service under SCHED_FIFO (proc(5), stat): their priority and the processors that they may run on. */
function realtimeThreads(): { priority: number; cpus: string }[] {
	const tasks = `/proc/${property('MainPID')}/task`;
	return readdirSync(tasks).flatMap((thread) => {
		// From the third field on; the second, a name, may hold spaces.
		const fields = readFileSync(`${tasks}/${thread}/stat`, 'utf8')
			.replace(/^.*\) /, '')
			.split(' ');
		const [priority, policy] = [Number(fields[40 - 3]), Number(fields[41 - 3])];
		const cpus = /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`${tasks}/${thread}/status`, 'utf8'))![1]!;
		return policy === 1 ? [{ priority, cpus }] : [];
	});
}

await check(
	'a vision thread that hangs with the device in its hands: dark, then restarted by systemd, then at work',
	async () => {
		card.signal('present');
		await until('a dark lamp', 60, () => lamp.colour === 'dark');
		await sleep(3000);
		const pid = Number(property('MainPID'));
		assert.deepEqual(realtimeThreads(), []);
		allowRealtime();
		// With frames on the cable: the thread that hangs keeps the device, and the one that takes its place gets none.
		const release = stopThread(await busiestThread(pid));
		const start = performance.now();
		await until(
			'another process',
			400,
			() => ![0, pid].includes(Number(property('MainPID'))),
			() => [property('StatusText'), log()],
		);
		console.log(`  another process after ${((performance.now() - start) / 1000).toFixed(0)} s`);
		release();
		assert.match(log(1000), /Watchdog timeout/);
		assert.match(log(1000), /no sign of life/);
		await active();
		card.signal('no-signal');
		await magenta();
		assert.equal(lamp.green.everLit, false);
	},
);

await check(
	'with realtime.conf the way from frame to light has its processor and its priority, and nothing else has',
	() => {
		assert.deepEqual(realtimeThreads(), [{ priority: 20, cpus: '1' }], log());
	},
);

await check('stopped in order: dark, with success, and nothing keeps running', async () => {
	run('systemctl', 'stop', 'phlebox');
	await until('a dark lamp', 5, () => lamp.colour === 'dark');
	assert.equal(property('Result'), 'success');
	assert.equal(property('ActiveState'), 'inactive');
	lamp.forget();
	await sleep(2000);
	assert.equal(lamp.flashes('red') + lamp.flashes('green') + lamp.flashes('blue'), 0);
});

pad?.unplug();
lamp?.close();
endChecks();
