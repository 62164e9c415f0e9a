import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';
import { pause } from '../../../src/capture/pause.ts';
import type { RecordingOptions } from '../../../src/capture/recording/options.ts';
import { RecordingSource } from '../../../src/capture/recording/recordingSource.ts';
import { monotonicMs } from '../../../src/clock.ts';
import { PhleboxError } from '../../../src/errors.ts';
import { frameSourceContract } from '../frameSource.contract.ts';
import { garbagePerCall } from '../garbage.ts';
import { lumaOf, type Recording, temporaryFolder, writeRecording, y4mBytes } from './recordings.ts';

const folder = temporaryFolder();
const small: Recording = { width: 32, height: 16, fps: 100, frames: 20 };
const plain = writeRecording(folder, 'plain.y4m', y4mBytes(small));
const smallMemory = () => createFrameMemory(2, 65_536);

frameSourceContract(test, 'recording in real time', {
	create: () => new RecordingSource({ file: plain }),
	realtime: true,
	ends: true,
	reopens: true,
});
frameSourceContract(test, 'recording in a loop', {
	create: () => new RecordingSource({ file: plain, loop: true }),
	realtime: true,
	ends: false,
	reopens: true,
	frames: 25,
});
frameSourceContract(test, 'recording as fast as it goes', {
	create: () => new RecordingSource({ file: plain, pace: 'fast' }),
	realtime: false,
	ends: true,
	reopens: true,
});

/** Plays to the end; what came, with the luma of each frame's first and last pixel. */
function play(options: Partial<RecordingOptions> & { file: string }, limit = 1000) {
	const memory = smallMemory();
	const source = new RecordingSource({ pace: 'fast', ...options });
	source.open(memory);
	const frames: { sequence: number; timestampMs: number; first: number; last: number }[] = [];
	const details: string[] = [];
	for (let i = 0; i < limit; i++) {
		const { kind, frame, signal, detail } = source.next(200);
		if (kind === 'end') break;
		if (kind === 'signal') details.push(`${signal}: ${detail}`);
		if (kind !== 'frame') continue;
		const { offset, byteLength, sequence, timestampMs } = frame;
		const last = memory.bytes[offset + byteLength - 1]!;
		frames.push({ sequence, timestampMs, first: memory.bytes[offset]!, last });
	}
	source.close();
	return { frames, details, truncated: source.truncated };
}

const layouts: [string, Partial<Recording>][] = [
	['mono', {}],
	['420jpeg', { chroma: 2 * 16 * 8 }],
	['422', { chroma: 2 * 16 * 16 }],
	['444', { chroma: 2 * 32 * 16 }],
	['mono', { parameters: (frame) => (frame % 2 ? ' Ip XCOMMENT=longer' : '') }],
];
for (const [colourSpace, fields] of layouts)
	test(`C${colourSpace}${fields.parameters ? ' with frame parameters' : ''}: every frame's luma, in order`, (t) => {
		const name = `layout-${colourSpace}${fields.parameters ? 'p' : ''}.y4m`;
		const file = writeRecording(folder, name, y4mBytes({ ...small, colourSpace, ...fields }));
		const { frames, details, truncated } = play({ file });
		t.deepEqual(
			frames.map(({ sequence, first, last }) => [sequence, first, last]),
			Array.from({ length: small.frames }, (_, frame) => [frame, lumaOf(frame), lumaOf(frame)]),
		);
		t.deepEqual(details, []);
		t.is(truncated, undefined);
	});

test('as fast as it goes, timestamps keep the recording time', (t) => {
	const before = monotonicMs();
	const { frames } = play({ file: plain });
	t.true(Math.abs(frames[0]!.timestampMs - before) < 1000);
	for (const { sequence, timestampMs } of frames)
		t.true(Math.abs(timestampMs - frames[0]!.timestampMs - sequence * 10) < 1e-6);
});

test('fps takes the place of the rate of the file, and is needed where the file has none', (t) => {
	const spacing = (options: Partial<RecordingOptions> & { file: string }) => {
		const { frames } = play(options);
		return Math.round(frames[1]!.timestampMs - frames[0]!.timestampMs);
	};
	t.is(spacing({ file: plain, fps: 25 }), 40);
	const timeless = y4mBytes(small).toString('latin1').replace('F100:1', 'F0:0');
	const file = writeRecording(folder, 'timeless.y4m', Buffer.from(timeless, 'latin1'));
	t.is(spacing({ file, fallbackFps: 50 }), 20);
});

test.serial('in real time a frame that was not fetched in time is dropped, and nothing lags', (t) => {
	const source = new RecordingSource({ file: plain, loop: true });
	source.open(smallMemory());
	t.is(source.framesPerSecond, 100);
	t.is(source.next(100).frame.sequence, 0);
	let drops = 0;
	for (let i = 0, last = 0; i < 6; i++) {
		pause(95);
		// Of before the call: while it goes on the machine may stand still for any time.
		const asked = monotonicMs();
		const { kind, frame } = source.next(100);
		t.is(kind, 'frame');
		drops += frame.sequence - last - 1;
		last = frame.sequence;
		t.true(asked - frame.timestampMs < 20, `it lags by ${asked - frame.timestampMs} ms`);
	}
	t.true(drops >= 6 * 8, `${drops} dropped`);
	source.close();
});

test.serial('in real time nothing comes before it is due', (t) => {
	const slow = writeRecording(folder, 'slow.y4m', y4mBytes({ ...small, fps: 1 }));
	const source = new RecordingSource({ file: slow });
	source.open(smallMemory());
	const start = monotonicMs();
	t.is(source.next(0).kind, 'frame');
	t.is(source.next(0).kind, 'idle');
	t.is(source.next(30).kind, 'idle');
	const { kind, frame } = source.next(10_000);
	t.deepEqual([kind, frame.sequence], ['frame', 1]);
	t.true(monotonicMs() - start >= 999);
	source.close();
});

test('a loop begins again with the first frame, and its sequence goes on', (t) => {
	const { frames } = play({ file: plain, loop: true }, 50);
	t.is(frames.length, 50);
	for (const [i, { sequence, first }] of frames.entries())
		t.deepEqual([sequence, first], [i, lumaOf(i % small.frames)]);
});

const frameBytes = 6 + small.width * small.height;
const headerBytes = y4mBytes({ ...small, frames: 0 }).length;
const cuts: [string, number][] = [
	['in the middle of a line', headerBytes + 3 * frameBytes + 3],
	['after a line', headerBytes + 3 * frameBytes + 6],
	['in the middle of luma', headerBytes + 3 * frameBytes + 100],
	['a byte before the end of a frame', headerBytes + 4 * frameBytes - 1],
];
for (const [where, byteLength] of cuts)
	test(`cut off ${where}: plays to the last whole frame, says so once, ends`, (t) => {
		const file = writeRecording(folder, `cut-${byteLength}.y4m`, y4mBytes(small).subarray(0, byteLength));
		const { frames, details, truncated } = play({ file });
		t.is(frames.length, 3);
		t.deepEqual(details, [`error: ${file} breaks off or is damaged after frame 3`]);
		t.is(truncated?.code, 'video-truncated');
		t.is(truncated?.message, `${file} breaks off or is damaged after frame 3`);
	});

test('a frame whose chroma is missing is not whole', (t) => {
	const content = y4mBytes({ ...small, frames: 2, colourSpace: '420', chroma: 256 });
	const file = writeRecording(folder, 'chroma.y4m', content.subarray(0, -1));
	t.is(play({ file }).frames.length, 1);
});

test('a frame that does not begin as one ends the recording as damaged', (t) => {
	const content = y4mBytes(small);
	content.write('FROME', headerBytes + 5 * frameBytes);
	const file = writeRecording(folder, 'damaged.y4m', content);
	const { frames, details } = play({ file });
	t.is(frames.length, 5);
	t.is(details.length, 1);
});

test('a loop over a recording that breaks off goes on with its whole frames', (t) => {
	const file = writeRecording(folder, 'cut-loop.y4m', y4mBytes(small).subarray(0, headerBytes + 3 * frameBytes + 9));
	const { frames, details, truncated } = play({ file, loop: true }, 12);
	t.deepEqual(
		frames.map(({ first }) => first),
		[0, 1, 2, 0, 1, 2, 0, 1, 2].map(lumaOf),
	);
	t.deepEqual(details, Array(3).fill(`error: ${file} breaks off or is damaged after frame 3`));
	t.is(truncated?.code, 'video-truncated');
});

test('a file that shrinks while it plays is a cut recording, no exception', (t) => {
	const file = writeRecording(folder, 'shrinks.y4m', y4mBytes(small));
	const source = new RecordingSource({ file, pace: 'fast' });
	source.open(smallMemory());
	t.is(source.next(10).kind, 'frame');
	truncateSync(file, headerBytes + frameBytes + 50);
	t.is(source.next(10).signal, 'error');
	t.is(source.next(10).kind, 'end');
});

test('a loop over a file in which no frame is left ends', (t) => {
	const file = writeRecording(folder, 'emptied.y4m', y4mBytes(small));
	const source = new RecordingSource({ file, pace: 'fast', loop: true });
	source.open(smallMemory());
	t.is(source.next(10).kind, 'frame');
	truncateSync(file, headerBytes);
	t.is(source.next(10).kind, 'end');
	t.is(source.next(10).kind, 'end');
});

const refused: [string, Uint8Array | string, string, RegExp][] = [
	['empty.y4m', '', 'not-a-video', /no YUV4MPEG2 header/],
	['words.y4m', 'this is no video\n', 'not-a-video', /no YUV4MPEG2 header/],
	['size.y4m', 'YUV4MPEG2 W0 H0 F30:1\n', 'not-a-video', /no width and height/],
	['header.y4m', y4mBytes({ ...small, frames: 0 }), 'video-truncated', /no whole frame/],
	['short.y4m', y4mBytes({ ...small, frames: 1 }).subarray(0, -1), 'video-truncated', /no whole frame/],
	['large.y4m', y4mBytes({ ...small, width: 1024, height: 1024, frames: 1 }), 'not-a-video', /1024x1024, too large/],
];
for (const [name, content, code, message] of refused)
	test(`${name} is refused with ${code} in one line that names it`, (t) => {
		const file = writeRecording(folder, name, content);
		const error = t.throws(() => new RecordingSource({ file }).open(smallMemory()), { instanceOf: PhleboxError });
		t.is(error.code as string, code);
		t.regex(error.message, message);
		t.true(error.message.startsWith(file) && !error.message.includes('\n'));
	});

test('a missing file and a folder are refused', (t) => {
	const open = (file: string) => () => new RecordingSource({ file }).open(smallMemory());
	const missing = t.throws(open(join(folder, 'none.y4m')), { instanceOf: PhleboxError });
	t.is(missing.code, 'file-not-found');
	t.is(t.throws(open(folder), { instanceOf: PhleboxError }).code, 'not-a-video');
});

test('whatever its bytes, a .y4m file is refused or plays to an end, and nothing else is thrown', (t) => {
	const content = y4mBytes({ ...small, frames: 3 });
	fc.assert(
		fc.property(
			fc.nat(content.length),
			fc.nat(content.length - 1),
			fc.integer({ min: 0, max: 255 }),
			(cut, at, byte) => {
				const broken = Buffer.from(content);
				broken[at] = byte;
				const file = writeRecording(folder, 'fuzz.y4m', broken.subarray(0, cut));
				try {
					const { frames, details } = play({ file }, 20);
					t.true(frames.length <= 3 && details.length <= 1);
				} catch (error) {
					t.true(error instanceof PhleboxError, String(error));
				}
			},
		),
		{ numRuns: 150 },
	);
});

test('playing allocates nothing a frame', (t) => {
	const file = writeRecording(folder, 'many.y4m', y4mBytes({ ...small, frames: 200 }));
	const source = new RecordingSource({ file, pace: 'fast', loop: true });
	source.open(smallMemory());
	const garbage = garbagePerCall(100, () => source.next(10));
	t.true(garbage < 100, `${garbage} bytes a frame`);
	source.close();
});
