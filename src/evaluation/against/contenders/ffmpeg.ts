import { spawn } from 'node:child_process';
import { Binding } from '../binding.ts';
import { type Runner, serve } from '../serve.ts';
import type { Spec } from '../spec.ts';

/**
 * ffmpeg cuts out, converts and scales in a process of its own and hands small grey pictures over by a pipe. It works ahead
 * as far as the pipe holds: what a frame waits there is not in its time.
 */
async function ffmpegWay(spec: Spec): Promise<Runner> {
	const { frame, roi, input, frames } = spec;
	const network = await Binding.open(spec);
	const { width, height } = frame;
	const scale = `scale=${input.width}:${input.height}:flags=area:in_range=full:out_range=full`;
	const ffmpeg = spawn(
		'ffmpeg',
		[
			...['-nostdin', '-loglevel', 'error', '-threads', '1', '-filter_threads', '1', '-stream_loop', '-1'],
			...['-f', 'rawvideo', '-pixel_format', frame.pixelFormat === 'YUYV' ? 'yuyv422' : 'gray'],
			...['-video_size', `${width}x${height}`, '-framerate', '25', '-i', frames],
			...['-vf', `crop=${roi.width}:${roi.height}:${roi.x}:${roi.y},${scale},format=gray`],
			...['-threads', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
		],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const bytes = input.width * input.height;
	const picture = async (): Promise<Buffer> => {
		for (;;) {
			const small = ffmpeg.stdout.read(bytes) as Buffer | null;
			if (small?.length === bytes) return small;
			if (ffmpeg.stdout.readableEnded || ffmpeg.exitCode !== null) throw new Error('ffmpeg has ended');
			await new Promise<void>((resolve) => {
				const on = () => {
					for (const event of ['readable', 'end', 'error']) ffmpeg.stdout.off(event, on);
					resolve();
				};
				for (const event of ['readable', 'end', 'error']) ffmpeg.stdout.on(event, on);
			});
		}
	};
	return {
		about: 'ffmpeg, a pipe, onnxruntime-node',
		async frame(_, intervalMs) {
			const small = await picture();
			const image = new Float32Array(small.length);
			for (let i = 0; i < small.length; i++) image[i] = small[i]! / 255;
			await network.run(image, intervalMs);
			return true;
		},
		input: () => network.image,
		answer: () => network.answer(),
		reset: () => network.reset(),
		close: () => ffmpeg.kill('SIGKILL'),
	};
}

await serve(ffmpegWay);
