import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';
import type { RecordingOptions } from '../../../src/capture/recording/options.ts';
import { RecordingSource } from '../../../src/capture/recording/recordingSource.ts';
import { PhleboxError } from '../../../src/errors.ts';
import { frameSourceContract } from '../frameSource.contract.ts';
import { encode, hasFfmpeg, lumaOf, temporaryFolder, writeRecording, y4mBytes } from './recordings.ts';

const folder = temporaryFolder();
const ffmpeg = hasFfmpeg();
const [raw, video, picture] = ['raw.y4m', 'video.mkv', 'picture.png'].map((name) => join(folder, name)) as [
	string,
	string,
	string,
];
const small = { width: 64, height: 32, fps: 50, frames: 30 };

if (ffmpeg) {
	writeRecording(folder, 'raw.y4m', y4mBytes(small));
	encode('-i', raw, '-c:v', 'ffv1', video);
	encode('-i', raw, '-frames:v', '1', picture);
	frameSourceContract(test, 'video through ffmpeg in real time', {
		create: () => new RecordingSource({ file: video }),
		realtime: true,
		ends: true,
		reopens: true,
	});
	frameSourceContract(test, 'picture', {
		create: () => new RecordingSource({ file: picture, stillSeconds: 0.5 }),
		realtime: true,
		ends: true,
		reopens: true,
	});
}

/** A test that needs ffmpeg, and says so in one line where it is missing. */
function withFfmpeg(name: string, act: (t: ExecutionContext) => void | Promise<void>): void {
	test.serial(name, async (t) => {
		if (ffmpeg) return act(t);
		t.log('not run: ffmpeg is not installed');
		t.pass();
	});
}

function play(options: Partial<RecordingOptions> & { file: string }, limit = 1000) {
	const memory = createFrameMemory(1, 1024 * 1024);
	const source = new RecordingSource({ pace: 'fast', ...options });
	source.open(memory);
	const luma: number[] = [];
	const details: string[] = [];
	for (let i = 0; i < limit; i++) {
		const { kind, frame, signal, detail } = source.next(1000);
		if (kind === 'end') break;
		if (kind === 'signal') details.push(`${signal}: ${detail}`);
		if (kind === 'frame') luma.push(memory.bytes[frame.offset + frame.byteLength - 1]!);
	}
	source.close();
	return { luma, details, truncated: source.truncated };
}

const everyFrame = Array.from({ length: small.frames }, (_, frame) => lumaOf(frame));

/** Which processes have this file's name on their command line, and still run. */
function processesOf(file: string): string[] {
	return readdirSync('/proc')
		.filter((pid) => /^\d+$/.test(pid))
		.filter((pid) => {
			try {
				const running = !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
				return running && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`file:${file}`);
			} catch {
				return false;
			}
		});
}

async function eventually(holds: () => boolean): Promise<boolean> {
	for (let i = 0; i < 200 && !holds(); i++) await sleep(50);
	return holds();
}

withFfmpeg('a video gives every frame, in order, and ends', async (t) => {
	const { luma, details, truncated } = play({ file: video });
	t.deepEqual(luma, everyFrame);
	t.deepEqual(details, []);
	t.is(truncated, undefined);
	t.true(await eventually(() => processesOf(video).length === 0));
});

withFfmpeg('a .y4m of ten bits a sample is read through ffmpeg', (t) => {
	const deep = join(folder, 'deep.y4m');
	encode('-i', raw, '-pix_fmt', 'yuv420p10le', '-strict', '-1', deep);
	t.is(play({ file: deep }).luma.length, small.frames);
});

withFfmpeg('a video in a loop begins again without a break', (t) => {
	const { luma } = play({ file: video, loop: true }, 100);
	t.deepEqual(
		luma.slice(0, 90),
		[0, 1, 2].flatMap(() => everyFrame),
	);
});

withFfmpeg('fps brings a video to that rate', (t) => {
	const { luma } = play({ file: video, fps: 25 });
	// ffmpeg rounds the ends of the video its own way.
	t.true(Math.abs(luma.length - small.frames / 2) <= 2, `${luma.length} frames`);
});

withFfmpeg('a picture is shown for its seconds', (t) => {
	const { luma } = play({ file: picture, stillSeconds: 2, fps: 10 });
	t.deepEqual(luma, Array(20).fill(lumaOf(0)));
});

withFfmpeg('a video that breaks off plays what is there, says so once, ends', (t) => {
	const file = writeRecording(folder, 'cut.mkv', readFileSync(video).subarray(0, -300));
	const { luma, details, truncated } = play({ file });
	t.true(luma.length > 0 && luma.length < small.frames, `${luma.length} frames`);
	t.is(details.length, 1);
	t.regex(details[0]!, /^error: .*cut\.mkv breaks off or is damaged after frame \d+ \(.+\)$/);
	t.is(truncated?.code, 'video-truncated');
});

withFfmpeg('what ffmpeg cannot play is refused with its reason, in one line', (t) => {
	const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31) & 255));
	const half = readFileSync(picture).subarray(0, 60);
	const files: [string, Uint8Array | string, RegExp][] = [
		['noise.mp4', noise, /cannot be played as a video: /],
		['empty.mp4', '', /is empty$/],
		['notes.txt', 'frame,landmark,vein\n0,sfj,open\n', /is text, no video$/],
		['list.m3u8', '#EXTM3U\nhttp://localhost/x.ts\n', /is text, no video$/],
		['half.png', half, /half\.png cannot be (?:shown|played)/],
	];
	for (const [name, content, message] of files) {
		const file = writeRecording(folder, name, content);
		const error = t.throws(() => play({ file }), { instanceOf: PhleboxError }, name);
		t.is(error.code, 'not-a-video', name);
		t.regex(error.message, message, name);
		t.false(error.message.includes('\n'), name);
	}
});

test.serial(
	'without ffmpeg on PATH a video is refused with ffmpeg-missing, and nothing is killed for it',
	async (t) => {
		const file = writeRecording(folder, 'any.mp4', Buffer.from([0, 0, 0, 1, 2, 3]));
		const plain = writeRecording(folder, 'plain.y4m', y4mBytes(small));
		const module = (path: string) => JSON.stringify(new URL(`../../../src/capture/${path}`, import.meta.url).href);
		const code = `
		import { createFrameMemory } from ${module('frameMemory.js')};
		import { RecordingSource } from ${module('recording/recordingSource.js')};
		const memory = createFrameMemory(1, 65536);
		process.env.PATH = ${JSON.stringify(folder)};
		try {
			new RecordingSource({ file: ${JSON.stringify(file)} }).open(memory);
		} catch (error) {
			console.log(error.code, error.message);
		}
		const source = new RecordingSource({ file: ${JSON.stringify(plain)} });
		source.open(memory);
		console.log(source.next(100).kind);`;
		// In a process group of its own: a signal that goes astray must not reach the tests.
		const args = ['--input-type=module', '-e', code];
		const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
		const ended = once(child, 'exit');
		const said = await text(child.stdout);
		t.deepEqual(await ended, [0, null]);
		const [refused, kind] = said.trim().split('\n');
		t.regex(refused!, /^ffmpeg-missing .*any\.mp4 needs ffmpeg, which is not on PATH: install it/);
		t.is(kind, 'frame');
	},
);

function startPlayer(loop: boolean): { worker: Worker; shared: Int32Array } {
	const counters = new SharedArrayBuffer(8);
	const worker = new Worker(new URL('./player.js', import.meta.url), { workerData: { file: video, loop, counters } });
	return { worker, shared: new Int32Array(counters) };
}

withFfmpeg('a thread that never comes back to its event loop plays a video to its end', async (t) => {
	const { worker, shared } = startPlayer(false);
	t.true(await eventually(() => Atomics.load(shared, 1) === 1));
	t.is(Atomics.load(shared, 0), small.frames);
	await worker.terminate();
});

withFfmpeg('a thread that is ended while it plays leaves no ffmpeg behind', async (t) => {
	const { worker, shared } = startPlayer(true);
	t.true(await eventually(() => Atomics.load(shared, 0) > 200));
	t.is(processesOf(video).length, 1);
	await worker.terminate();
	t.true(await eventually(() => processesOf(video).length === 0));
});

withFfmpeg('a decoder that is killed is a recording that breaks off', async (t) => {
	const source = new RecordingSource({ file: video, loop: true, pace: 'fast' });
	source.open(createFrameMemory(1, 1024 * 1024));
	t.is(source.next(1000).kind, 'frame');
	for (const pid of processesOf(video)) process.kill(Number(pid), 'SIGKILL');
	await sleep(100);
	// What was already in the pipe still comes; in a loop it begins again.
	const kinds = Array.from({ length: 200 }, () => source.next(1000).kind);
	t.true(kinds.includes('frame'));
	t.is(kinds.at(-1), 'frame');
	source.close();
	t.true(await eventually(() => processesOf(video).length === 0));
});
