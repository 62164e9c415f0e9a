import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { boardFigures } from '../../src/telemetry/health/boardFigures.ts';
import { ClockWatch, clockJump, clockSynchronised } from '../../src/telemetry/health/clockWatch.ts';
import { loadBetween } from '../../src/telemetry/health/cpuLoad.ts';
import { withinDeadline } from '../../src/telemetry/health/deadline.ts';
import { hostFacts } from '../../src/telemetry/health/hostFacts.ts';
import { networkFigures } from '../../src/telemetry/health/networkFigures.ts';
import { VisionFigures } from '../../src/telemetry/health/visionFigures.ts';
import { HealthFigures } from '../../src/telemetry/health.ts';
import { healthSchema } from '../../src/telemetry/messages/health.ts';
import { MemoryOutbox } from '../../src/telemetry/outbox/memoryOutbox.ts';
import { telemetryDefaults } from '../../src/telemetry/telemetryOptions.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { draft } from './draft.ts';
import { temporaryFolder } from './temporaryFolder.ts';

function write(root: string, files: Record<string, string>): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
}

test('a message of health holds what this machine has, counts itself and knows the queue', async (t) => {
	const outbox = new MemoryOutbox();
	await outbox.open();
	await outbox.append({ ...draft('a'), createdAt: new Date(Date.now() - 5000).toISOString() });
	await outbox.append(draft('b'));
	await outbox.append(draft('c'));
	await outbox.setAside(3, 'no');
	// What a busy machine is long in reading is none of this test's concern.
	const patient = { ...telemetryDefaults.health, partMs: 60_000 };
	const health = new HealthFigures(patient, { outbox, board: () => null, input: () => null, folder: '/' });
	const first = healthSchema.parse(await health.collect());
	t.is(first.seq, 1);
	t.is(first.boot, 1);
	t.like(first.queue, { pending: 2, inMemory: 0, setAside: 1 });
	t.true(first.queue.oldestAgeMs! >= 5000 && first.queue.oldestAgeMs! < 60_000);
	t.true(first.memory!.totalBytes > first.memory!.availableBytes);
	t.true(first.process!.rssBytes > 1e6);
	t.true(first.disk!.totalBytes >= first.disk!.freeBytes);
	t.is(first.vision, null);
	t.is((await health.collect()).seq, 2);
});

test('a part that cannot be read is null and holds up nothing', async (t) => {
	const outbox = new MemoryOutbox();
	await outbox.open();
	outbox.peek = () => new Promise(() => {});
	const health = new HealthFigures(
		{ ...telemetryDefaults.health, partMs: 500 },
		{ outbox, board: () => null, input: () => null, folder: '/no/such' },
	);
	// On a busy machine the memory too may be read too late, but not always.
	let readable = false;
	for (let tries = 0; tries < 60 && !readable; tries++) {
		const message = healthSchema.parse(await health.collect());
		t.is(message.disk, null);
		t.is(message.queue.oldestAgeMs, null);
		readable = message.memory !== null;
	}
	t.true(readable);
});

test('a deadline gives what is there in time', async (t) => {
	t.is(await withinDeadline(Promise.resolve(1), 1000), 1);
	t.is(await withinDeadline(Promise.reject(new Error('no')), 1000), null);
	t.is(await withinDeadline(new Promise(() => {}), 5), null);
});

test('load is the busy share of the time between two looks', (t) => {
	t.is(loadBetween({ busy: 100, all: 1000, cores: 2 }, { busy: 150, all: 1200, cores: 2 }), 0.25);
	t.is(loadBetween({ busy: 100, all: 1000, cores: 2 }, { busy: 100, all: 1000, cores: 2 }), 0);
	// A core that was switched off takes its times along.
	t.is(loadBetween({ busy: 100, all: 1000, cores: 2 }, { busy: 50, all: 900, cores: 1 }), 0);
});

test('vision is told since the last look, and anew after a restart of its thread', (t) => {
	const figures = new VisionFigures();
	const board = new StatusBoard(['sfj']);
	board.set('frames', 100);
	board.signal = 'ok';
	board.scene = 'live';
	t.like(figures.look(board), { frames: 100, misses: 0, signal: 'ok', scene: 'live', latency: null });
	board.set('frames', 160);
	board.set('misses', 2);
	board.missRuns[2]! += 1;
	board.stageHistograms[0]![3]! += 60;
	board.histogram[30]! += 60;
	board.signal = 'no-signal';
	board.scene = 'frozen';
	const second = figures.look(board)!;
	t.like(second, { frames: 60, misses: 2, longestMissRun: 2, signal: 'no-signal', scene: 'frozen' });
	t.is(second.latency!.frames, 60);
	t.is(second.stages.delivery!.frames, 60);
	t.is(second.stages.network, null);
	t.is(figures.look(board)!.latency, null);
	const restarted = new StatusBoard(['sfj']);
	restarted.set('frames', 500);
	t.is(figures.look(restarted)!.frames, 500);
	restarted.set('frames', 3);
	t.is(figures.look(restarted)!.frames, 3);
	t.is(figures.look(null), null);
});

test('a wall clock that is set shows as a jump, one that drifts does not', (t) => {
	t.is(clockJump(1000, 1400, 500), 0);
	t.is(clockJump(1000, 61_000.4, 500), 60_000);
	t.is(clockJump(1000, -2000, 500), -3000);
	let offset = 5000;
	const watch = new ClockWatch(500, () => offset);
	offset += 20;
	t.deepEqual(watch.look(), { jumpMs: 0, jumps: 0 });
	offset += 3_600_000;
	t.deepEqual(watch.look(), { jumpMs: 3_600_000, jumps: 1 });
	t.deepEqual(watch.look(), { jumpMs: 0, jumps: 1 });
});

test('whether the clock is synchronised is known only where timesyncd runs', async (t) => {
	const root = temporaryFolder(t);
	t.is(await clockSynchronised(join(root, 'timesync')), null);
	mkdirSync(join(root, 'timesync'));
	t.is(await clockSynchronised(join(root, 'timesync')), false);
	write(root, { 'timesync/synchronized': '' });
	t.is(await clockSynchronised(join(root, 'timesync')), true);
});

test('interfaces are read from sysfs, without loopback', async (t) => {
	const root = temporaryFolder(t);
	for (const name of ['lo', 'eth0', 'wlan0'])
		write(join(root, name), {
			operstate: name === 'eth0' ? 'up\n' : 'down\n',
			'statistics/rx_bytes': '123\n',
			'statistics/tx_bytes': '45\n',
		});
	t.deepEqual(await networkFigures(root), [
		{ name: 'eth0', up: true, receivedBytes: 123, sentBytes: 45 },
		{ name: 'wlan0', up: false, receivedBytes: 123, sentBytes: 45 },
	]);
});

test('a Jetson tells its model, serial number and L4T; a PC its maker', async (t) => {
	const jetson = temporaryFolder(t);
	write(jetson, {
		'proc/device-tree/model': 'NVIDIA Jetson Orin Nano Developer Kit\0',
		'proc/device-tree/serial-number': '1420723050123\0',
		'etc/os-release': 'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 22.04.5 LTS"\n',
		'etc/nv_tegra_release': '# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64, DATE: x\n',
	});
	const facts = await hostFacts(jetson);
	t.deepEqual(facts.hardware, { maker: '', model: 'NVIDIA Jetson Orin Nano Developer Kit', serial: '1420723050123' });
	t.like(facts.system, { os: 'Ubuntu 22.04.5 LTS', l4t: '36.4.3', node: process.versions.node });
	const pc = temporaryFolder(t);
	write(pc, { 'sys/class/dmi/id/sys_vendor': 'ACME\n', 'sys/class/dmi/id/product_name': 'Box\n' });
	t.deepEqual((await hostFacts(pc)).hardware, { maker: 'ACME', model: 'Box', serial: '' });
	t.is((await hostFacts(pc)).system.l4t, '');
});

test('a Jetson tells temperatures, clocks, rails, load and mode (fixture tree, not run on a board)', async (t) => {
	const root = temporaryFolder(t);
	const put = (file: string, text: string) => {
		mkdirSync(dirname(join(root, file)), { recursive: true });
		writeFileSync(join(root, file), text);
	};
	put('sys/class/thermal/thermal_zone0/type', 'cpu-thermal\n');
	put('sys/class/thermal/thermal_zone0/temp', '51250\n');
	// Its sensor is switched off: the kernel gives no number.
	put('sys/class/thermal/thermal_zone1/type', 'cv0-thermal\n');
	put('sys/class/thermal/cooling_device0/type', 'fan\n');
	put('sys/class/devfreq/17000000.gpu/cur_freq', '306000000\n');
	put('sys/class/devfreq/emc/cur_freq', '2133000000\n');
	put('sys/class/hwmon/hwmon1/name', 'ina3221\n');
	put('sys/class/hwmon/hwmon1/in1_label', 'VDD_IN\n');
	put('sys/class/hwmon/hwmon1/in1_input', '5000\n');
	put('sys/class/hwmon/hwmon1/curr1_input', '1042\n');
	put('sys/class/hwmon/hwmon1/in2_label', 'UNREAD\n');
	put('sys/class/hwmon/hwmon0/name', 'nvme\n');
	put('sys/devices/platform/gpu.0/load', '123\n');
	put('var/lib/nvpmodel/status', 'pmode:0002');
	t.deepEqual(await boardFigures(root), {
		temperatures: [{ zone: 'cpu-thermal', celsius: 51.25 }],
		clocks: [
			{ device: 'gpu', hertz: 306_000_000 },
			{ device: 'emc', hertz: 2_133_000_000 },
		],
		rails: [{ rail: 'VDD_IN', watts: 5.21 }],
		gpuLoad: 0.123,
		powerMode: '2',
	});
	t.deepEqual(await boardFigures(join(root, 'nothing')), {
		temperatures: [],
		clocks: [],
		rails: [],
		gpuLoad: null,
		powerMode: null,
	});
});
