import { readFileSync } from 'node:fs';
import type { constants as os } from 'node:os';
import test from 'ava';
import { pause } from '../../../src/capture/pause.ts';
import type { SignalState } from '../../../src/capture/signal.ts';
import { phleboxEdid } from '../../../src/capture/v4l2/edid.ts';
import { constants, type IoctlName } from '../../../src/capture/v4l2/ioctls.ts';
import type { V4l2Options } from '../../../src/capture/v4l2/options.ts';
import { V4l2Source } from '../../../src/capture/v4l2/v4l2Source.ts';
import { monotonicMs } from '../../../src/clock.ts';
import { redJpeg } from '../convert/jpegPictures.ts';
import { frameSourceContract } from '../frameSource.contract.ts';
import type { FakeDevice } from './fakeDevice.ts';
import { fake, opened, pullFrame, pullSignal, quick, slotBytes, smallMemory } from './v4l2Bench.ts';

for (const copy of [false, true])
	frameSourceContract(test, `v4l2${copy ? ', copying' : ''}`, {
		create: () => new V4l2Source({ ...quick, copy }, fake()),
		realtime: true,
		ends: false,
		reopens: true,
		faulty: { create: () => new V4l2Source(quick, fake({ errno: { open: 'ENOENT' } })), signal: 'no-device' },
		createMemory: smallMemory,
	});

for (const [name, fields] of [
	['multi-planar', { planes: 1 }],
	['multi-planar, with a header before each frame', { planes: 1, dataOffset: 64 }],
	['RGB', { offered: ['BGR3'] }],
	['MJPEG', { offered: ['MJPG'], picture: redJpeg }],
] as const)
	for (const copy of [false, true])
		frameSourceContract(test, `v4l2, ${name}${copy ? ', copying' : ''}`, {
			create: () =>
				new V4l2Source(
					{ ...quick, copy },
					fake({ ...fields, offered: [...('offered' in fields ? fields.offered : ['NV12'])] }),
				),
			realtime: true,
			ends: false,
			reopens: true,
			createMemory: smallMemory,
		});

const mappings = () =>
	readFileSync('/proc/self/maps', 'utf8')
		.split('\n')
		.filter((line) => line.includes('phlebox-fake'));

test.serial('the kernel’s memory is the frame memory: what the device writes is there without a copy', (t) => {
	const device = fake();
	const { source, memory } = opened(device);
	const { offset } = pullFrame(t, source);
	t.is(memory.bytes[offset], 1);
	t.is(mappings().length, 4);
	t.is(source.mode?.copying, false);
	source.close();
	t.is(mappings().length, 0);
	t.is(memory.bytes[offset], 0);
});

test.serial('WebAssembly reads the device’s memory through its own', (t) => {
	const device = fake({ shade: 77 });
	const { source, memory } = opened(device);
	// (func (export "load") (param i32) (result i32) local.get 0 i32.load8_u) on an imported memory.
	const pages = memory.bytes.length / 65_536;
	const limits = [1, ...[pages, pages].flatMap((count) => [0x80 | (count & 127), count >> 7])];
	const place = [3, ...Buffer.from('env'), 6, ...Buffer.from('memory'), 2, ...limits];
	const module = new WebAssembly.Module(
		new Uint8Array([
			...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
			...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
			...[2, place.length + 1, 1, ...place],
			...[3, 2, 1, 0],
			...[7, 8, 1, 4, ...Buffer.from('load'), 0, 0],
			...[0x0a, 9, 1, 7, 0, 0x20, 0, 0x2d, 0, 0, 0x0b],
		]),
	);
	const { load } = new WebAssembly.Instance(module, { env: { memory: memory.memory } }).exports as {
		load: (address: number) => number;
	};
	const { offset, byteLength } = pullFrame(t, source);
	t.is(load(offset + byteLength - 1), 77);
	source.close();
	t.is(load(offset), 0, 'a late read finds zeros');
});

const copies: [string, Partial<FakeDevice>, Partial<V4l2Options>][] = [
	['when asked for', {}, { copy: true }],
	['where the place cannot be chosen', { errno: { map: 'EINVAL' } }, {}],
	['where the driver insists on more buffers than there are slots', { leastBuffers: 6 }, {}],
	['where the driver’s buffers are larger than slots', { spare: slotBytes }, {}],
];
for (const [when, fields, options] of copies)
	test.serial(`frames are copied ${when}`, (t) => {
		const device = fake({ ...fields, shade: 9 });
		const { source, memory } = opened(device, options);
		const { offset, byteLength } = pullFrame(t, source);
		t.true(source.mode?.copying);
		t.deepEqual([memory.bytes[offset], memory.bytes[offset + byteLength - 1]], [9, 9]);
		source.close();
		t.is(mappings().length, 0);
	});

test.serial('the modes of this box are offered once where the EDID can be written, and left where it cannot', (t) => {
	const device = fake({ edid: new Uint8Array(256) });
	const { source, memory } = opened(device);
	pullFrame(t, source);
	t.deepEqual(device.edid, phleboxEdid);
	source.close();
	source.open(memory);
	pullFrame(t, source);
	t.is(device.edidsWritten, 1, 'writing it anew would unplug the source for a moment');
	source.close();
	const own = fake({ edid: new Uint8Array(256) });
	const { source: leaving } = opened(own, { edid: false });
	pullFrame(t, leaving);
	t.is(own.edidsWritten, 0);
	leaving.close();
});

test.serial('a size is asked for where one is given, and the size that came is the one that counts', (t) => {
	const { source } = opened(fake(), { width: 32, height: 16 });
	const { width, height } = pullFrame(t, source);
	t.deepEqual([width, height], [32, 16]);
	source.close();
});

const interlaced = { width: 64, height: 32, clock: 100_000, interlaced: true };
const faults: [string, Partial<FakeDevice>, SignalState, RegExp][] = [
	['a missing device', { errno: { open: 'ENOENT' } }, 'no-device', /ENOENT/],
	['a device without rights', { errno: { open: 'EACCES' } }, 'error', /group video/],
	['no V4L2 device', { errno: { QUERYCAP: 'ENOTTY' } }, 'error', /no video capture device/],
	['a device for output', { capabilities: 2 }, 'error', /captures no video/],
	['a device that does not stream', { capabilities: constants.CAP_VIDEO_CAPTURE }, 'error', /cannot stream/],
	['frames in two planes', { planes: 2 }, 'unsupported-format', /YUYV in 2 separate planes/],
	['an interlaced mode', { mode: interlaced }, 'unsupported-format', /receives 64x32i.*, which is interlaced/],
	['half frames', { field: 7 }, 'unsupported-format', /half frames in turn/],
	['frames that no slot holds', { gap: 2048 }, 'unsupported-format', /64x32, too large/],
	['only what it does not read', { offered: ['H264', 'HEVC'] }, 'unsupported-format', /offers H264, HEVC/],
	['another format than agreed', { delivered: 'H264' }, 'unsupported-format', /delivers H264/],
	['no signal', { errno: { QUERY_DV_TIMINGS: 'ENOLINK' }, power: true }, 'no-signal', /ENOLINK/],
	['no cable', { errno: { QUERY_DV_TIMINGS: 'ENOLINK' }, power: false }, 'no-cable', /plugged in/],
	['no lock', { errno: { QUERY_DV_TIMINGS: 'ENOLCK' } }, 'no-lock', /ENOLCK/],
	['a timing out of range', { errno: { QUERY_DV_TIMINGS: 'ERANGE' } }, 'out-of-range', /ERANGE/],
	['an input without power', { inputStatus: constants.IN_ST_NO_POWER }, 'no-cable', /no power/],
	['an input without signal', { inputStatus: constants.IN_ST_NO_SIGNAL }, 'no-signal', /no signal/],
	['a device in use', { errno: { S_FMT: 'EBUSY' } }, 'error', /in use by another program/],
	['buffers in use', { errno: { REQBUFS: 'EBUSY' } }, 'error', /in use by another program/],
	['no memory for buffers', { errno: { REQBUFS: 'ENOMEM' } }, 'error', /REQBUFS failed \(ENOMEM\)/],
	['no bandwidth', { errno: { STREAMON: 'ENOSPC' } }, 'error', /STREAMON failed \(ENOSPC\)/],
	['a stream of errors', { errno: { DQBUF: 'EIO' } }, 'error', /DQBUF failed \(EIO\)/],
	['a device that vanished', { errno: { DQBUF: 'ENODEV' } }, 'no-device', /ENODEV/],
	['no frames', { fps: 0 }, 'stuck', /has given no frame for/],
	['a sequence that stands still', { step: 0 }, 'stuck', /counts no new frames for/],
	['damaged frames', { flags: constants.BUF_FLAG_ERROR }, 'stuck', /only damaged frames for/],
	['frames that are not whole', { short: 1 }, 'stuck', /only damaged frames for/],
	[
		'pictures that cannot be decoded',
		{ offered: ['MJPG'], picture: new Uint8Array(500) },
		'stuck',
		/only damaged frames for/,
	],
];
const whole = fake();
const healthy = (device: FakeDevice, fields: Partial<FakeDevice>) => {
	for (const key of Object.keys(fields) as (keyof FakeDevice)[]) Object.assign(device, { [key]: whole[key] });
};

for (const [name, fields, signal, detail] of faults)
	test.serial(
		`${name} at the start is ${signal}, tried again at most every reopenMs, and mended without a word`,
		(t) => {
			const device = fake({ ...fields });
			const { source } = opened(device);
			const first = pullSignal(t, source);
			t.is(first.signal, signal);
			t.regex(first.detail, detail);
			const [opens, start] = [device.opened, monotonicMs()];
			while (monotonicMs() - start < 100) t.not(source.next(10).signal, 'ok' as SignalState);
			t.true(device.opened - opens <= 100 / quick.reopenMs! + 1, `${device.opened - opens} times in 100 ms`);
			healthy(device, fields);
			pullFrame(t, source);
			source.close();
			t.false(device.isOpen);
		},
	);

for (const [name, fields, signal, detail] of faults.filter(
	([, { capabilities, offered, delivered, gap, planes, mode, field }]) =>
		[capabilities, offered, delivered, gap, planes, mode, field].every((given) => given === undefined),
)) {
	// What shows only while opening does not touch a running stream.
	const onlyWhileOpening = ['open', 'QUERYCAP', 'S_FMT', 'REQBUFS', 'STREAMON'];
	if (Object.keys(fields.errno ?? {}).some((call) => onlyWhileOpening.includes(call))) continue;
	test.serial(`${name} while frames come is ${signal}, and frames come again once it is mended`, (t) => {
		const device = fake();
		const { source } = opened(device);
		const before = { ...pullFrame(t, source) };
		Object.assign(device, fields);
		const told = pullSignal(t, source);
		t.is(told.signal, signal);
		t.regex(told.detail, detail);
		const start = monotonicMs();
		while (monotonicMs() - start < 60) t.is(source.next(10).kind, 'signal');
		healthy(device, fields);
		const after = pullFrame(t, source);
		t.true(after.sequence > before.sequence && after.timestampMs > before.timestampMs);
		source.close();
	});
}

const modes = { hd: { width: 64, height: 32, clock: 100_000 }, small: { width: 32, height: 32, clock: 50_000 } };

test.serial('timings that come in are set before the format is asked for', (t) => {
	const device = fake({ mode: modes.hd });
	const { source } = opened(device);
	const { width, height } = pullFrame(t, source);
	t.deepEqual([width, height], [64, 32]);
	t.true(device.log.indexOf('S_DV_TIMINGS') < device.log.indexOf('S_FMT'));
	source.close();
});

for (const announced of [true, false])
	test.serial(
		`another timing, ${announced ? 'announced' : 'found by asking'}: no-lock, then frames of its size`,
		(t) => {
			const device = fake({ mode: modes.hd });
			const { source } = opened(device, announced ? { queryMs: 1e6 } : {});
			pullFrame(t, source);
			device.mode = modes.small;
			if (announced) device.announce();
			const told = pullSignal(t, source);
			t.is(told.signal, 'no-lock');
			t.regex(told.detail, /from 64x32p.* to 32x32p/);
			t.is(pullFrame(t, source).width, 32);
			source.close();
		},
	);

test.serial('a signal that is announced as lost gives no frame more, though frames go on', (t) => {
	const device = fake({ mode: modes.hd });
	const { source } = opened(device, { queryMs: 1e6 });
	pullFrame(t, source);
	pause(15);
	device.errno = { QUERY_DV_TIMINGS: 'ENOLINK' };
	device.announce();
	t.is(source.next(100).signal, 'no-signal');
	source.close();
});

test.serial('a signal that was away for a moment: frames of before its return are not delivered', (t) => {
	const device = fake({ mode: modes.hd });
	const { source } = opened(device, { queryMs: 1e6 });
	pullFrame(t, source);
	pause(15);
	// What stands in the buffers now may be noise.
	device.announce();
	const back = monotonicMs();
	t.true(pullFrame(t, source).timestampMs >= back);
	source.close();
});

test.serial('a query that the device cannot answer while it streams is no fault', (t) => {
	const device = fake({ mode: modes.hd });
	const { source } = opened(device);
	pullFrame(t, source);
	device.errno = { QUERY_DV_TIMINGS: 'EBUSY' };
	const start = monotonicMs();
	while (monotonicMs() - start < 100) t.is(source.next(20).signal, 'ok');
	source.close();
});

test.serial('the newest frame is delivered, and after a pause none that is old', (t) => {
	const device = fake();
	const { source } = opened(device);
	const first = pullFrame(t, source).sequence;
	pause(25);
	t.true(pullFrame(t, source).sequence >= first + 2, 'drained to the newest');
	pause(300);
	const asked = monotonicMs();
	const { timestampMs } = pullFrame(t, source);
	t.true(asked - timestampMs < 200, `${asked - timestampMs} ms old when it was asked for`);
	source.close();
});

test.serial('a pause of the reader is not the device’s fault', (t) => {
	const { source } = opened(fake());
	pullFrame(t, source);
	pause(quick.stuckMs! * 2);
	for (let i = 0; i < 10; i++) t.is(source.next(30).signal, 'ok');
	source.close();
});

const clocks: [string, Partial<FakeDevice>][] = [
	['of another clock', { flags: 0, clockOffsetMs: -1e6 }],
	['in the future', { clockOffsetMs: 60_000 }],
];
for (const [name, fields] of clocks)
	test.serial(`timestamps ${name} are not believed: the moment of delivery takes their place`, (t) => {
		const { source } = opened(fake(fields));
		for (let i = 0, last = 0; i < 5; i++) {
			const asked = monotonicMs();
			const { timestampMs } = pullFrame(t, source);
			t.true(timestampMs > last && timestampMs >= asked && timestampMs <= monotonicMs());
			last = timestampMs;
		}
		source.close();
	});

test.serial('frames lost by the driver are gaps in the sequence', (t) => {
	const { source } = opened(fake({ step: 3 }));
	const first = pullFrame(t, source).sequence;
	t.is((pullFrame(t, source).sequence - first) % 3, 0);
	source.close();
});

test.serial(
	'a fault is told at once and then at the pace of the deadline; another fault is told at once again',
	(t) => {
		const device = fake({ errno: { open: 'ENOENT' } });
		const { source } = opened(device);
		const timed = (deadline: number) => {
			const start = monotonicMs();
			const { signal } = source.next(deadline);
			return { signal, took: monotonicMs() - start };
		};
		t.true(timed(10_000).took < 5000);
		t.true(timed(100).took >= 99);
		device.errno = { open: 'EACCES' };
		const other = timed(10_000);
		t.is(other.signal, 'error');
		t.true(other.took < 5000, `told after ${other.took} ms`);
		source.close();
	},
);

const calls: IoctlName[] = [
	'QUERYCAP',
	'G_FMT',
	'S_FMT',
	'REQBUFS',
	'QUERYBUF',
	'QBUF',
	'STREAMON',
	'DQBUF',
	'DQEVENT',
];
const errnos: (keyof typeof os.errno)[] = ['EINVAL', 'EIO', 'ENODEV', 'ENOMEM', 'EFAULT'];
test.serial(
	'whatever call fails with whatever errno, next gives a signal state, throws nothing and leaves nothing open',
	(t) => {
		for (const call of calls)
			for (const errno of errnos) {
				// No event to take is what these mean from DQEVENT.
				if (call === 'DQEVENT' && errno === 'EINVAL') continue;
				const device = fake({ errno: { [call]: errno } });
				const { source } = opened(device);
				const { signal, detail } = pullSignal(t, source);
				t.is(signal, errno === 'ENODEV' ? 'no-device' : 'error', `${errno} from ${call}`);
				t.regex(detail, new RegExp(errno));
				t.false(device.isOpen, `${errno} from ${call} leaves the device open`);
				t.is(mappings().length, 0);
				source.close();
			}
	},
);
