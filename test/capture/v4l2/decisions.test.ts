import { constants as os } from 'node:os';
import test from 'ava';
import fc from 'fast-check';
import { type CallName, type Fault, faultOfErrno, faultOfInputStatus } from '../../../src/capture/v4l2/faults.ts';
import {
	checkFormat,
	chooseFormat,
	type DeliveredFormat,
	fourccCode,
	fourccText,
} from '../../../src/capture/v4l2/formats.ts';
import { constants, structBytes } from '../../../src/capture/v4l2/ioctls.ts';
import { Sequence } from '../../../src/capture/v4l2/sequence.ts';
import { readTimings, sameTimings, timingsRefusal, timingsText } from '../../../src/capture/v4l2/timings.ts';
import { type WireFormat, wireFormatNames, wireFormats } from '../../../src/capture/v4l2/wireFormats.ts';

const device = '/dev/video0';

const errnos: [CallName, keyof typeof os.errno, boolean | undefined, Fault['signal'], RegExp][] = [
	['open', 'ENOENT', undefined, 'no-device', /is not there \(ENOENT\)/],
	['open', 'ENODEV', undefined, 'no-device', /is not there \(ENODEV\)/],
	['open', 'ENXIO', undefined, 'no-device', /is not there \(ENXIO\)/],
	['DQBUF', 'ENODEV', undefined, 'no-device', /is not there/],
	['QUERY_DV_TIMINGS', 'ENOLINK', true, 'no-signal', /no signal/],
	['QUERY_DV_TIMINGS', 'ENOLINK', undefined, 'no-signal', /no signal/],
	['QUERY_DV_TIMINGS', 'ENOLINK', false, 'no-cable', /nothing is plugged in/],
	['QUERY_DV_TIMINGS', 'ENOLCK', undefined, 'no-lock', /unstable/],
	['QUERY_DV_TIMINGS', 'ERANGE', undefined, 'out-of-range', /out of range/],
	['S_FMT', 'EBUSY', undefined, 'error', /in use by another program \(EBUSY from S_FMT\)/],
	['open', 'EACCES', undefined, 'error', /group video/],
	['open', 'EPERM', undefined, 'error', /group video/],
	['QUERYCAP', 'ENOTTY', undefined, 'error', /no video capture device/],
	['open', 'EISDIR', undefined, 'error', /no video capture device/],
	['DQBUF', 'EIO', undefined, 'error', /DQBUF failed \(EIO\)/],
	['STREAMON', 'ENOSPC', undefined, 'error', /STREAMON failed \(ENOSPC\)/],
	['mmap', 'ENOMEM', undefined, 'error', /mmap failed \(ENOMEM\)/],
];
for (const [call, errno, powered, signal, detail] of errnos)
	test(`${errno} from ${call}${powered === undefined ? '' : `, power ${powered}`} is ${signal}`, (t) => {
		const fault = faultOfErrno(device, call, os.errno[errno], powered);
		t.is(fault.signal, signal);
		t.regex(fault.detail, detail);
		t.true(fault.detail.startsWith(device) && fault.detail.includes(errno));
	});

test('an errno without a name is told by its number', (t) => {
	t.deepEqual(faultOfErrno(device, 'QBUF', 524), { signal: 'error', detail: `${device}: QBUF failed (errno 524)` });
});

const statuses: [number, Fault['signal'] | undefined][] = [
	[0, undefined],
	[constants.IN_ST_NO_POWER, 'no-cable'],
	[constants.IN_ST_NO_POWER | constants.IN_ST_NO_SIGNAL, 'no-cable'],
	[constants.IN_ST_NO_SIGNAL, 'no-signal'],
	[constants.IN_ST_NO_SIGNAL | constants.IN_ST_NO_SYNC, 'no-signal'],
	[constants.IN_ST_NO_H_LOCK, 'no-lock'],
	[constants.IN_ST_NO_V_LOCK, 'no-lock'],
	[constants.IN_ST_NO_SYNC, 'no-lock'],
	// Mirrored pictures and the colour killer leave a picture to read.
	[0x10 | 0x20 | 0x200, undefined],
];
for (const [status, signal] of statuses)
	test(`input status 0x${status.toString(16)} is ${signal ?? 'no fault'}`, (t) => {
		t.is(faultOfInputStatus(device, status)?.signal, signal);
	});

test('a fourcc is read back as it was written', (t) => {
	for (const format of wireFormatNames) t.is(fourccText(fourccCode(format)), format);
	t.is(fourccCode('YUYV'), 0x56595559);
	t.is(fourccCode('Y8'), fourccCode('Y8  '));
	t.is(fourccText(0x20363159), 'Y16');
	t.is(fourccText(0x01020304), '????');
});

test('the first wanted format that is offered is chosen', (t) => {
	t.is(chooseFormat(device, ['MJPG', 'NV12', 'UYVY'], ['YUYV', 'UYVY', 'NV12']), 'UYVY');
	t.is(chooseFormat(device, ['MJPG', 'XR24', 'BGR3'], wireFormatNames), 'BGR3');
	t.is(chooseFormat(device, ['H264', 'MJPG'], wireFormatNames), 'MJPG');
});

test('where nothing wanted is offered, the fault names what is', (t) => {
	t.deepEqual(chooseFormat(device, ['MJPG', 'BGR3'], ['YUYV', 'NV12']), {
		signal: 'unsupported-format',
		detail: `${device} offers MJPG, BGR3; this box reads YUYV, NV12`,
	});
	t.regex((chooseFormat(device, [], ['YUYV']) as { detail: string }).detail, /offers nothing/);
});

const yuyv: DeliveredFormat = {
	width: 1280,
	height: 720,
	fourcc: 'YUYV',
	field: constants.FIELD_NONE,
	bytesPerLine: 2560,
	sizeImage: 2560 * 720,
	planes: 1,
};
const delivered: [string, Partial<DeliveredFormat>, { stride: number; byteLength: number } | RegExp][] = [
	['YUYV', {}, { stride: 2560, byteLength: 2560 * 720 }],
	['YUYV with gaps', { bytesPerLine: 2688, sizeImage: 2688 * 720 }, { stride: 2688, byteLength: 2688 * 720 }],
	['YUYV, stride not said', { bytesPerLine: 0 }, { stride: 2560, byteLength: 2560 * 720 }],
	['NV12', { fourcc: 'NV12', bytesPerLine: 1280, sizeImage: 1280 * 1080 }, { stride: 1280, byteLength: 1280 * 1080 }],
	[
		'NV12 of odd height',
		{ fourcc: 'NV12', height: 5, bytesPerLine: 1280, sizeImage: 1280 * 8 },
		{ stride: 1280, byteLength: 1280 * 8 },
	],
	['GREY', { fourcc: 'GREY', bytesPerLine: 1280 }, { stride: 1280, byteLength: 1280 * 720 }],
	['H264', { fourcc: 'H264' }, /delivers H264; this box reads YUYV/],
	['an order of fields it does not know', { field: 0 }, /delivers an unknown order of fields; .* progressive/],
	['woven fields', { field: 4 }, /delivers interlaced frames; .* progressive/],
	['half frames', { field: 7 }, /delivers half frames in turn; .* progressive/],
	['fields of a later kernel', { field: 12 }, /delivers fields of order 12/],
	['a frame in several planes', { fourcc: 'NV12', planes: 2 }, /NV12 in 2 separate planes/],
	['rows that overlap', { bytesPerLine: 1280 }, /does not fit/],
	['a picture larger than its buffer', { sizeImage: 2560 * 719 }, /does not fit/],
	['no picture', { width: 0, bytesPerLine: 0 }, /does not fit/],
	['too large', { width: 3840, height: 2160, bytesPerLine: 7680, sizeImage: 7680 * 2160 }, /3840x2160, too large/],
];
for (const [name, change, expected] of delivered)
	test(`delivered format: ${name}`, (t) => {
		const checked = checkFormat(device, { ...yuyv, ...change }, wireFormatNames, 16 * 1024 * 1024 - 1_000_000);
		if (expected instanceof RegExp) {
			t.is('signal' in checked && checked.signal, 'unsupported-format');
			t.regex((checked as { detail: string }).detail, expected);
			return;
		}
		const { width, height, fourcc } = { ...yuyv, ...change };
		const wire = { wireFormat: fourcc as WireFormat, wireStride: expected.stride, wireBytes: expected.byteLength };
		t.deepEqual(checked, { width, height, pixelFormat: wireFormats[wire.wireFormat].frame, ...expected, ...wire });
	});

const converted: [WireFormat, number, { wireStride: number; wireBytes: number }][] = [
	['BGR3', 3 * 1282, { wireStride: 3 * 1282, wireBytes: 3 * 1282 * 720 }],
	['XR24', 0, { wireStride: 4 * 1281, wireBytes: 4 * 1281 * 720 }],
	['MJPG', 0, { wireStride: 0, wireBytes: 16 }],
];
for (const [fourcc, bytesPerLine, wire] of converted)
	test(`delivered format: ${fourcc} becomes NV12, two bytes of chroma for each pair of pixels begun`, (t) => {
		const format = { ...yuyv, fourcc, width: 1281, bytesPerLine, sizeImage: 8e6 };
		const frame = { width: 1281, height: 720, pixelFormat: 'NV12' as const, stride: 1282, byteLength: 1282 * 1080 };
		t.deepEqual(checkFormat(device, format, wireFormatNames, 16e6), { ...frame, wireFormat: fourcc, ...wire });
	});

test('a picture is refused whose decoded form does not fit a slot', (t) => {
	const large = { ...yuyv, fourcc: 'MJPG', width: 2560, height: 1440, sizeImage: 1e6 };
	t.false('signal' in checkFormat(device, large, wireFormatNames, 2560 * 1440 * 4.5));
	t.true('signal' in checkFormat(device, large, wireFormatNames, 2560 * 1440 * 4.5 - 1));
});

test('a format that is no longer wanted is refused, though this box could read it', (t) => {
	t.true('signal' in checkFormat(device, yuyv, ['NV12'], 1e9));
});

test('whatever is delivered, an accepted frame fits its buffer and its slot', (t) => {
	const any = fc.record({
		width: fc.nat(5000),
		height: fc.nat(5000),
		fourcc: fc.constantFrom(...wireFormatNames, 'H264'),
		field: fc.constantFrom(1, 1, 1, 4),
		bytesPerLine: fc.nat(10_000),
		sizeImage: fc.nat(30_000_000),
		planes: fc.constantFrom(1, 1, 2),
	});
	fc.assert(
		fc.property(any, fc.nat(20_000_000), (format, largest) => {
			const checked = checkFormat(device, format, wireFormatNames, largest);
			if ('signal' in checked) return;
			t.true(checked.wireBytes <= Math.min(format.sizeImage, largest));
			t.true(checked.byteLength <= largest);
			t.true(checked.stride * checked.height <= checked.byteLength);
			t.true(checked.stride >= checked.width && checked.width > 0 && checked.height > 0);
		}),
	);
});

interface TimingsMembers {
	type?: number;
	width: number;
	height: number;
	interlaced?: number;
	clock: number;
	blank: number[];
}

/** v4l2_dv_timings, the members in the order of the struct. */
function dvTimings(members: TimingsMembers) {
	const bytes = new Uint8Array(structBytes.dvTimings);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, members.type ?? 0, true);
	view.setUint32(4, members.width, true);
	view.setUint32(8, members.height, true);
	view.setUint32(12, members.interlaced ?? 0, true);
	view.setBigUint64(20, BigInt(members.clock), true);
	for (const [i, value] of members.blank.entries()) view.setUint32(28 + 4 * i, value, true);
	return readTimings(bytes);
}

// CEA-861: modes 4, 16, 5.
const hd = dvTimings({ width: 1280, height: 720, clock: 74_250_000, blank: [110, 40, 220, 5, 5, 20] });
const fullHd = dvTimings({ width: 1920, height: 1080, clock: 148_500_000, blank: [88, 44, 148, 4, 5, 36] });

test('timings are read from the struct', (t) => {
	t.is(timingsText(hd), '1280x720p60');
	t.is(timingsText(fullHd), '1920x1080p60');
	t.is(timingsText(dvTimings({ width: 0, height: 0, clock: 0, blank: [] })), '0x0p0');
	t.is(hd.framesPerSecond, 60);
});

test('interlaced and unknown modes are refused by name, any size of progressive ones is not', (t) => {
	const odd = dvTimings({ width: 776, height: 1080, clock: 62_250_000, blank: [48, 32, 80, 3, 10, 18] });
	for (const timings of [hd, fullHd, odd]) t.is(timingsRefusal(timings), undefined);
	// Mode 5 has half a row more of blanking in one of its fields.
	const blank = [88, 44, 148, 2, 5, 15, 2, 5, 16];
	const halves = dvTimings({ width: 1920, height: 1080, interlaced: 1, clock: 74_250_000, blank });
	t.regex(timingsRefusal(halves) ?? '', /1920x1080i60, which is interlaced: set a progressive/);
	t.regex(timingsRefusal({ ...fullHd, type: 7 }) ?? '', /unknown type 7/);
	t.regex(timingsRefusal({ ...fullHd, width: 0 }) ?? '', /unknown mode \(0x1080p60\)/);
});

test('a clock measured a little differently is the same mode, another size or rate is not', (t) => {
	t.true(sameTimings(hd, { ...hd, pixelClock: hd.pixelClock / 1.001 }));
	t.false(sameTimings(hd, fullHd));
	t.false(sameTimings(hd, { ...hd, pixelClock: hd.pixelClock * (50 / 60) }));
	t.false(sameTimings(hd, { ...hd, interlaced: true }));
});

test('sequence numbers only rise: across a wrap, a restart, and numbers that stand still', (t) => {
	const sequence = new Sequence();
	t.is(sequence.next(0xffff_fffd), 0);
	t.is(sequence.next(0xffff_ffff), 2);
	t.is(sequence.next(0xffff_ffff), -1);
	t.is(sequence.next(1), 4);
	sequence.restart();
	t.is(sequence.next(0), 5);
	t.is(sequence.next(3), 8);
	t.is(sequence.next(1), 9, 'a driver that began again');
});

test('whatever numbers the kernel gives, those of frames rise, and gaps stay', (t) => {
	const step = fc.oneof(fc.constant('restart' as const), fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(5));
	fc.assert(
		fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
			const sequence = new Sequence();
			let last = -1;
			for (const raw of steps) {
				if (raw === 'restart') {
					sequence.restart();
					continue;
				}
				const number = sequence.next(raw);
				if (number === -1) continue;
				t.true(Number.isSafeInteger(number) && number > last);
				last = number;
			}
		}),
	);
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 1, max: 1000 }), (raw, gap) => {
			const sequence = new Sequence();
			t.is(sequence.next(raw), 0);
			t.is(sequence.next((raw + gap) % 2 ** 32), gap);
		}),
	);
});
