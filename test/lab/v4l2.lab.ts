// modules: vivid
// timeout: 900
// The V4L2 source against the kernel's own test driver: formats, lost signals, changed timings, unplugged cards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { constants as os } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';
import { systemCalls } from '../../src/capture/libc.ts';
import { pause } from '../../src/capture/pause.ts';
import { phleboxEdid, sameEdid } from '../../src/capture/v4l2/edid.ts';
import { ioctls } from '../../src/capture/v4l2/ioctls.ts';
import type { V4l2Options } from '../../src/capture/v4l2/options.ts';
import { V4l2Source } from '../../src/capture/v4l2/v4l2Source.ts';
import { type WireFormat, wireFormats } from '../../src/capture/v4l2/wireFormats.ts';
import { monotonicMs } from '../../src/clock.ts';
import { frameSourceChecks } from '../capture/frameSource.contract.ts';
import { check, endChecks } from './check.ts';
import { HdmiCard, type Timing } from './hdmiCard.ts';
import { bars, growDarker, pullFrame, pullSignal, pullUntil, staysAt } from './pulls.ts';

const card = new HdmiCard();
const { device } = card;
const control = (setting: string) => card.control(setting);
// The machine is emulated, and slow: every patience is longer than on a board.
const patient: Partial<V4l2Options> = { device, stuckMs: 3000, staleMs: 500 };

async function withSource(
	options: Partial<V4l2Options>,
	act: (source: V4l2Source, memory: FrameMemory) => Promise<void> | void,
): Promise<void> {
	const memory = createFrameMemory();
	const source = new V4l2Source({ ...patient, ...options });
	source.open(memory);
	try {
		await act(source, memory);
	} finally {
		source.close();
	}
}

card.configure('720p60');

for (const copy of [false, true])
	for (const subject of frameSourceChecks({
		create: () => new V4l2Source({ ...patient, copy }),
		realtime: true,
		ends: false,
		reopens: true,
		faulty: { create: () => new V4l2Source({ ...patient, device: '/dev/video9' }), signal: 'no-device' },
		nearMs: 2000,
		slackMs: 1000,
		createMemory: () => createFrameMemory(4, 4 * 1024 * 1024),
	}))
		await check(`contract${copy ? ', copying' : ''}: ${subject.name}`, subject.run);

for (const wire of ['YUYV', 'UYVY', 'NV12', 'GREY'] as const satisfies WireFormat[])
	for (const copy of [false, true])
		await check(`${wire}${copy ? ', copied' : ''}: 1280x720 with the luma of the colour bars`, () =>
			withSource({ pixelFormats: [wire], copy }, (source, memory) => {
				const frame = pullFrame(source);
				assert.deepEqual([frame.width, frame.height, frame.pixelFormat], [1280, 720, wire]);
				assert.equal(source.mode?.copying, copy);
				assert.equal(source.mode?.timings, '1280x720p60');
				growDarker(bars(source, memory));
			}),
		);

card.configure('640x480p60');
for (const wire of ['RGB3', 'BGR3', 'XR24', 'BGR4'] as const satisfies WireFormat[])
	for (const copy of [false, true])
		await check(`${wire}${copy ? ', copied' : ''}: NV12 with the luma of the colour bars and their colours`, () =>
			withSource({ pixelFormats: [wire], copy }, (source, memory) => {
				growDarker(bars(source, memory));
				assert.equal(source.mode?.wireFormat, wire);
				const { width, height, stride, offset, pixelFormat } = pullFrame(source);
				assert.equal(pixelFormat, wireFormats[wire].frame);
				const chroma = offset + (height + 100) * stride;
				const [redAt, blueAt] = [5.5, 6.5].map((bar) => chroma + 2 * Math.floor((bar * width) / 16));
				assert.ok(memory.bytes[redAt! + 1]! > 180 && memory.bytes[redAt!]! < 128, 'the sixth bar is red');
				assert.ok(memory.bytes[blueAt!]! > 180 && memory.bytes[blueAt! + 1]! < 128, 'the seventh bar is blue');
			}),
		);

const planar = new HdmiCard(1);
planar.configure('640x480p60');
for (const wire of ['YUYV', 'NV12', 'BGR3'] as const satisfies WireFormat[])
	for (const copy of [false, true])
		await check(`a card of the multi-planar API: ${wire}${copy ? ', copied' : ''}`, () =>
			withSource({ device: planar.device, pixelFormats: [wire], copy }, (source, memory) => {
				growDarker(bars(source, memory));
				assert.equal(source.mode?.wireFormat, wire);
				const { sequence } = pullFrame(source);
				for (let i = 0; i < 10; i++) pullFrame(source);
				assert.ok(pullFrame(source).sequence > sequence);
			}),
		);

await check('a card of the multi-planar API: another size is followed, a lost signal told', () =>
	withSource({ device: planar.device }, (source) => {
		assert.equal(pullFrame(source).height, 480);
		planar.sourceChanges('800x600p60');
		pullUntil(source, '600 rows', (pull) => pull.kind === 'frame' && pull.frame.height === 600);
		planar.signal('no-lock');
		pullSignal(source, 'no-lock');
		planar.signal('present');
		pullFrame(source);
	}),
);

await check('the card shows the machine the modes of this box, and is written once', () => {
	const shown = card.edid();
	assert.ok(sameEdid(shown, phleboxEdid), Buffer.from(shown).toString('hex'));
	let written = 0;
	const counting: typeof systemCalls = {
		...systemCalls,
		ioctl(descriptor, request, argument) {
			if (request === ioctls.S_EDID) written++;
			return systemCalls.ioctl(descriptor, request, argument);
		},
	};
	const source = new V4l2Source({ ...patient }, counting);
	source.open(createFrameMemory());
	pullFrame(source);
	source.close();
	assert.equal(written, 0);
});

await check('an interlaced mode is refused by its name, and a progressive one after it taken', () =>
	withSource({}, (source) => {
		pullFrame(source);
		card.sourceChanges('1080i60');
		assert.match(pullSignal(source, 'unsupported-format'), /1920x1080i60, which is interlaced/);
		staysAt(source, 'unsupported-format', 1000);
		card.sourceChanges('720p60');
		assert.equal(pullFrame(source).height, 720);
	}),
);

const sizes = {
	'640x480p60': [640, 480],
	'800x600p60': [800, 600],
	'1024x768p60': [1024, 768],
	'720p60': [1280, 720],
	'1280x800p60': [1280, 800],
	'1280x960p60': [1280, 960],
	'1680x1050p60': [1680, 1050],
	'1080p60': [1920, 1080],
} as const satisfies { [timing in Timing]?: readonly [number, number] };
await check('every size of a real machine is followed from one to the next, as the kernel announces it', () =>
	withSource({ queryMs: 60_000 }, (source) => {
		for (const [timing, [width, height]] of Object.entries(sizes)) {
			card.sourceChanges(timing as Timing);
			const { frame } = pullUntil(source, timing, (pull) => pull.kind === 'frame' && pull.frame.width === width);
			assert.equal(frame.height, height);
		}
	}),
);

/** The kernel's own calls, on a driver that knows no events. */
const withoutEvents: typeof systemCalls = {
	...systemCalls,
	ioctl: (descriptor, request, argument) =>
		request === ioctls.SUBSCRIBE_EVENT || request === ioctls.DQEVENT
			? -os.errno.ENOTTY
			: systemCalls.ioctl(descriptor, request, argument),
};
await check('a driver without events: the signal’s loss and another size are found by asking', () => {
	const source = new V4l2Source({ ...patient }, withoutEvents);
	source.open(createFrameMemory());
	try {
		card.sourceChanges('720p60');
		pullUntil(source, '720 rows', (pull) => pull.kind === 'frame' && pull.frame.height === 720);
		card.sourceChanges('800x600p60');
		pullUntil(source, '600 rows', (pull) => pull.kind === 'frame' && pull.frame.height === 600);
		card.signal('no-lock');
		pullSignal(source, 'no-lock');
		card.signal('present');
		pullFrame(source);
	} finally {
		source.close();
	}
});

card.configure('720p60');

await check('frames come at the rate of the signal, stamped and counted by the kernel', () =>
	withSource({}, (source) => {
		const first = { ...pullFrame(source) };
		let last = first;
		for (let i = 0; i < 60; i++) last = { ...pullFrame(source) };
		const period = (last.timestampMs - first.timestampMs) / (last.sequence - first.sequence);
		assert.ok(Math.abs(period - 1000 / 60) < 1, `${period} ms from number to number`);
		console.log(`  ${last.sequence - first.sequence - 60} of ${last.sequence - first.sequence} frames dropped`);
	}),
);

await check('after a pause of the reader the first frame is a new one', () =>
	withSource({}, (source) => {
		pullFrame(source);
		pause(2000);
		const { timestampMs } = pullFrame(source);
		assert.ok(monotonicMs() - timestampMs < 600, `${monotonicMs() - timestampMs} ms old`);
		assert.ok(timestampMs > monotonicMs() - 600);
	}),
);

await check('the memory of a closed source reads as zeros', () =>
	withSource({}, (source, memory) => {
		const { offset } = pullFrame(source);
		assert.ok(memory.bytes.subarray(offset, offset + 4096).some((byte) => byte !== 0));
		source.close();
		assert.ok(memory.bytes.subarray(offset, offset + 4096).every((byte) => byte === 0));
	}),
);

// vivid takes the 5 V of the source away together with its signal.
const losses = [
	['no-signal', 'no-cable'],
	['no-lock', 'no-lock'],
	['out-of-range', 'out-of-range'],
] as const;
for (const [signal, told] of losses)
	await check(`${signal} while frames come: told, no frame after it, and frames again when it is back`, () =>
		withSource({}, (source) => {
			pullFrame(source);
			card.signal(signal);
			const after = monotonicMs();
			// From here on the card streams noise at full rate.
			const { kind, detail } = source.next(1000);
			assert.equal(kind, 'signal', 'a frame of noise was delivered');
			console.log(`  told after ${(monotonicMs() - after).toFixed(0)} ms: ${detail}`);
			staysAt(source, told, 2000);
			card.signal('present');
			pullFrame(source);
		}),
	);

await check('a missing signal before the start is told, and frames come when it comes', async () => {
	card.signal('no-lock');
	await withSource({}, (source) => {
		staysAt(source, 'no-lock', 1000);
		card.signal('present');
		pullFrame(source);
	});
});

await check('another timing while frames come: told, then frames of the new size', () =>
	withSource({}, (source) => {
		assert.equal(pullFrame(source).height, 720);
		card.sourceChanges('1080p60');
		const { signal, detail } = source.next(2000);
		assert.equal(signal, 'no-lock');
		assert.match(detail, /from 1280x720p60 to 1920x1080p60/);
		const { width, height } = pullFrame(source);
		assert.deepEqual([width, height], [1920, 1080]);
		card.sourceChanges('720p60');
		pullUntil(source, '720p', (pull) => pull.kind === 'frame' && pull.frame.height === 720);
	}),
);

await check('a frame too large for its slot is an unsupported format', async () => {
	const source = new V4l2Source({ ...patient });
	source.open(createFrameMemory(4, 1024 * 1024));
	assert.match(pullSignal(source, 'unsupported-format'), /1280x720, too large/);
	source.close();
});

await check('a disconnected driver is no device, and frames come again once it is back', () =>
	withSource({}, (source) => {
		pullFrame(source);
		control('disconnect=1');
		pullSignal(source, 'no-device');
		pullFrame(source, 30);
	}),
);

await check('a card pulled out and plugged in again', () =>
	withSource({}, async (source) => {
		pullFrame(source);
		card.unplug();
		assert.match(pullSignal(source, 'no-device'), /is not there/);
		staysAt(source, 'no-device', 1500);
		card.plug();
		await sleep(500);
		card.configure('720p60');
		pullFrame(source, 30);
	}),
);

await check('a card in use by another program is an error that says so, and is taken once it is free', async () => {
	const other = spawn('v4l2-ctl', ['-d', device, '--stream-mmap', '--stream-count=100000'], { stdio: 'ignore' });
	const ended = new Promise((resolve) => other.once('exit', resolve));
	await sleep(3000);
	try {
		await withSource({}, async (source) => {
			assert.match(pullSignal(source, 'error'), /in use by another program/);
			other.kill();
			await ended;
			pullFrame(source);
		});
	} finally {
		other.kill();
	}
});

await check('buffers with the error flag are not delivered, and the stream goes on', () =>
	withSource({}, (source) => {
		const before = pullFrame(source).sequence;
		control('inject_v4l2_buf_flag_error=1');
		const after = { ...pullFrame(source) };
		assert.ok(after.sequence > before);
		assert.equal(source.next(0).signal, 'ok');
	}),
);

await check('dropped buffers are gaps in the sequence', () =>
	withSource({}, (source) => {
		control('percentage_of_dropped_buffers=50');
		try {
			const first = pullFrame(source).sequence;
			let last = first;
			for (let i = 0; i < 30; i++) last = pullFrame(source).sequence;
			assert.ok(last - first > 35, `${last - first} numbers for 30 frames`);
		} finally {
			control('percentage_of_dropped_buffers=0');
		}
	}),
);

await check('a stream that dies of a fatal error is opened again', () =>
	withSource({}, (source) => {
		pullFrame(source);
		control('inject_fatal_streaming_error=1');
		const detail = pullSignal(source, 'error');
		console.log(`  ${detail}`);
		pullFrame(source);
	}),
);

await check('a failing call while opening is told with its errno, and tried again', () =>
	withSource({}, (source) => {
		control('inject_vidioc_reqbufs_error=1');
		assert.match(pullSignal(source, 'error'), /REQBUFS failed \(E[A-Z]+\)/);
		pullFrame(source);
	}),
);

await check('sequence numbers rise across the kernel’s wrap', () =>
	withSource({}, (source) => {
		control('wrap_sequence_number=1');
		try {
			let last = pullFrame(source).sequence;
			for (let i = 0; i < 200; i++) {
				const { sequence } = pullFrame(source);
				assert.ok(sequence > last && sequence < last + 5000, `${sequence} after ${last}`);
				last = sequence;
			}
		} finally {
			control('wrap_sequence_number=0');
		}
	}),
);

await check('a thread that is ended while it streams leaves the card free', async () => {
	const module = new URL('../../src/capture/v4l2/v4l2Source.js', import.meta.url).href;
	const memory = new URL('../../src/capture/frameMemory.js', import.meta.url).href;
	const frames = new Int32Array(new SharedArrayBuffer(4));
	const code = `
		const { workerData } = require('node:worker_threads');
		(async () => {
			const { V4l2Source } = await import('${module}');
			const { createFrameMemory } = await import('${memory}');
			const source = new V4l2Source({ device: '${device}', stuckMs: 3000 });
			source.open(createFrameMemory());
			for (;;) if (source.next(100).kind === 'frame') Atomics.add(workerData, 0, 1);
		})();`;
	const worker = new Worker(code, { eval: true, workerData: frames });
	for (let i = 0; i < 2400 && Atomics.load(frames, 0) < 5; i++) await sleep(50);
	assert.ok(Atomics.load(frames, 0) >= 5, 'the thread gives frames');
	await worker.terminate();
	await withSource({}, (source) => {
		pullFrame(source);
	});
});

endChecks();
