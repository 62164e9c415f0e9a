import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FfmpegVideo } from '../capture/recording/ffmpegVideo.ts';
import { isStillPicture } from '../capture/recording/stillPicture.ts';
import { monotonicMs } from '../clock.ts';
import { messageOf, PhleboxError } from '../errors.ts';

/** A picture of a real scan area, grey, rows without gaps. */
export interface RealPicture {
	name: string;
	width: number;
	height: number;
	luma: Uint8Array;
}

/** How long one picture may take to decode, milliseconds. */
const decodeMs = 10_000;

/**
 * Pictures from a folder, spread evenly over its files in the order of their names.
 * @throws PhleboxError file-not-found, bad-usage for a folder without pictures, ffmpeg-missing, not-a-video
 */
export async function readRealPictures(folder: string, count: number): Promise<RealPicture[]> {
	let names: string[];
	try {
		names = (await readdir(folder)).filter(isStillPicture).sort();
	} catch (error) {
		throw new PhleboxError('file-not-found', `cannot read the pictures in ${folder}: ${messageOf(error)}`, {
			cause: error,
		});
	}
	if (names.length === 0)
		throw new PhleboxError('bad-usage', `${folder} holds no pictures; give a folder of JPEG or PNG files`);
	const step = Math.max(1, names.length / count);
	const chosen = names.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step)).slice(0, count);
	return chosen.map((name) => decode(join(folder, name), name));
}

function decode(file: string, name: string): RealPicture {
	const video = new FfmpegVideo(file, { framesPerSecond: undefined, loop: false, still: true, decoderMs: decodeMs });
	try {
		const { width, height } = video;
		const luma = new Uint8Array(width * height);
		if (video.read(luma, monotonicMs() + decodeMs) !== 'luma')
			throw new PhleboxError('not-a-video', `${file} cannot be shown: ${video.complaint() || 'it is not whole'}`);
		return { name, width, height, luma };
	} finally {
		video.close();
	}
}
