// modules: vivid
// timeout: 900
// The V4L2 source against the kernel's own test driver: formats, lost signals, changed timings, unplugged cards.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { lumaLayout, type PixelFormat } from '../../src/capture/frame.ts';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';
import type { Pull } from '../../src/capture/frameSource.ts';
import { pause } from '../../src/capture/pause.ts';
import type { SignalState } from '../../src/capture/signal.ts';
import type { V4l2Options } from '../../src/capture/v4l2/options.ts';
import { V4l2Source } from '../../src/capture/v4l2/v4l2Source.ts';
import { monotonicMs } from '../../src/clock.ts';
import { frameSourceChecks } from '../capture/frameSource.contract.ts';
import { check, endChecks } from './check.ts';
import { HdmiCard } from './hdmiCard.ts';

const card = new HdmiCard();
const { device } = card;
const control = (setting: string) => execFileSync('v4l2-ctl', ['-d', device, '-c', setting], { stdio: 'pipe' });
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

/** Pulls until `wanted` says yes; every pull on the way is seen. */
function pullUntil(source: V4l2Source, what: string, wanted: (pull: Pull) => boolean, seconds = 20): Pull {
	const until = monotonicMs() + seconds * 1000;
	let last = '';
	while (monotonicMs() < until) {
		const pull = source.next(100);
		if (wanted(pull)) return pull;
		last = `${pull.kind} ${pull.signal} ${pull.detail}`;
	}
	throw new Error(`${what} did not come in ${seconds} s; last: ${last}`);
}

const pullFrame = (source: V4l2Source, seconds?: number) =>
	pullUntil(source, 'a frame', ({ kind }) => kind === 'frame', seconds).frame;
const pullSignal = (source: V4l2Source, signal: SignalState) =>
	pullUntil(source, signal, (pull) => pull.signal === signal).detail;

/** For so long only `signal` may be said: no frame, nothing else. */
function staysAt(source: V4l2Source, signal: SignalState, milliseconds: number): void {
	const until = monotonicMs() + milliseconds;
	while (monotonicMs() < until) assert.equal(source.next(100).signal, signal);
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

/** Means of luma over the eight bars, from a row in the upper third: vivid draws 75 % colour bars, white first. */
function bars(source: V4l2Source, memory: FrameMemory): number[] {
	const { width, pixelFormat, stride, offset } = pullFrame(source);
	const { first, step } = lumaLayout(pixelFormat);
	const row = offset + first + 300 * stride;
	return Array.from({ length: 8 }, (_, bar) => {
		const middle = Math.floor(((bar + 0.5) * width) / 8);
		return memory.bytes[row + middle * step]!;
	});
}

for (const pixelFormat of ['YUYV', 'UYVY', 'NV12', 'GREY'] as const satisfies PixelFormat[])
	for (const copy of [false, true])
		await check(`${pixelFormat}${copy ? ', copied' : ''}: 1280x720 with the luma of the colour bars`, () =>
			withSource({ pixelFormats: [pixelFormat], copy }, (source, memory) => {
				const frame = pullFrame(source);
				assert.deepEqual([frame.width, frame.height, frame.pixelFormat], [1280, 720, pixelFormat]);
				assert.equal(source.mode?.copying, copy);
				assert.equal(source.mode?.timings, '1280x720p60');
				const luma = bars(source, memory);
				for (let bar = 1; bar < luma.length; bar++)
					assert.ok(luma[bar]! < luma[bar - 1]!, `bars grow darker from left to right: ${luma}`);
			}),
		);

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
	const module = new URL('../../src/capture/v4l2/v4l2Source.ts', import.meta.url).href;
	const memory = new URL('../../src/capture/frameMemory.ts', import.meta.url).href;
	const frames = new Int32Array(new SharedArrayBuffer(4));
	const code = `
		const { workerData } = require('node:worker_threads');
		(async () => {
			(await import('tsx/esm/api')).register();
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
