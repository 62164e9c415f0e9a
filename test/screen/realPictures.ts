import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Roi } from '../../src/capture/frame.ts';
import { packageRoot } from '../../src/packageRoot.ts';

/** Folder of real ultrasound pictures: screens/, clips/, groin-stills/. */
const folder = process.env.PHLEBOX_REAL_PICTURES ?? join(packageRoot, '../shared/real');

/** Frames of one size, luma only. */
export interface RealPicture {
	name: string;
	width: number;
	height: number;
	frames: Buffer[];
}

/**
 * Where the scan is on the real screens and clips, [x, y, width, height]: marked by hand, sectors with the corners that
 * are dark, both halves of a dual picture as one.
 */
export const marked: Readonly<Record<string, readonly [number, number, number, number]>> = {
	'aloka-ssd4000-dual-frozen': [32, 24, 608, 392],
	frame_screenshot_W1024H768FPS60_MJPG: [35, 72, 976, 662],
	frame_screenshot_W1280H720PS60: [95, 78, 1090, 590],
	frame_screenshot_W1280H960FPS30_MJPG: [43, 85, 1221, 832],
	frame_screenshot_W1280H960FPS30_MJPG_X51_adultecho: [120, 103, 1070, 790],
	frame_screenshot_W1280H960FPS60_MJPG_X51_AbdVasc: [47, 80, 1157, 845],
	frame_screenshot_W1920H1080PS60: [187, 116, 1593, 890],
	frame_screenshot_W640H480PS60: [47, 52, 546, 395],
	frame_screenshot_W960H540PS60: [68, 66, 664, 490],
	'philips-cx50': [172, 66, 453, 284],
	'bk-anonymised': [161, 103, 434, 322],
	'bk-with-header': [161, 103, 434, 322],
	'bone-linear-l14': [176, 0, 467, 616],
	'clarius-eye-phantom': [264, 86, 752, 786],
	'ultrasonix-vga-grab': [52, 36, 464, 304],
};

/** Why real pictures cannot be looked at here; empty where they can. */
export function whyNot(): string {
	if (!existsSync(folder)) return `no real pictures at ${folder}; set PHLEBOX_REAL_PICTURES`;
	try {
		execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
		return '';
	} catch {
		return 'ffmpeg is not installed, so real pictures are not looked at';
	}
}

/** Files of `screens` or `clips` that a place is marked for. */
export function realFiles(part: 'screens' | 'clips'): string[] {
	return readdirSync(join(folder, part))
		.filter((file) => marked[nameOf(file)] !== undefined)
		.map((file) => join(folder, part, file));
}

function nameOf(file: string): string {
	return file.replace(/^.*\//, '').replace(/\.\w+$/, '');
}

/** At most `count` frames of a picture or clip. */
export function readPicture(file: string, count: number): RealPicture {
	const size = ['-select_streams', 'v', '-show_entries', 'stream=width,height', '-of', 'csv=p=0'];
	const [width, height] = execFileSync('ffprobe', ['-v', 'error', ...size, file])
		.toString()
		.trim()
		.split(',')
		.map(Number) as [number, number];
	const bytes = decode(['-i', file, '-frames:v', String(count)]);
	const frames = Array.from({ length: bytes.length / (width * height) }, (_, i) =>
		bytes.subarray(i * width * height, (i + 1) * width * height),
	);
	return { name: nameOf(file), width, height, frames };
}

/** Room for the largest of the groin pictures. */
const groinWidth = 832;
const groinHeight = 448;

/** All pictures of the groin, each in the top left corner of a frame, with its place there. */
export function readGroin(): { picture: RealPicture; roi: Roi }[] {
	const place = join(folder, 'groin-stills');
	const files = readdirSync(place)
		.filter((file) => file.endsWith('.jpg'))
		.sort();
	const input = ['-f', 'image2', '-pattern_type', 'glob', '-i', join(place, '*.jpg')];
	const bytes = decode([...input, '-vf', `pad=${groinWidth}:${groinHeight}:0:0`]);
	const length = groinWidth * groinHeight;
	return files.map((file, i) => ({
		picture: {
			...{ name: nameOf(file), width: groinWidth, height: groinHeight },
			frames: [bytes.subarray(i * length, (i + 1) * length)],
		},
		roi: { x: 0, y: 0, ...jpegSize(readFileSync(join(place, file))) },
	}));
}

function decode(what: string[]): Buffer {
	const out = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
	return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...what, ...out], { maxBuffer: 1 << 30 });
}

/** Size from the frame header of a JPEG file. */
function jpegSize(jpeg: Buffer): { width: number; height: number } {
	for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
		const marker = jpeg[at + 1]!;
		const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
		if (isFrame) return { width: jpeg.readUInt16BE(at + 7), height: jpeg.readUInt16BE(at + 5) };
	}
	throw new Error('a JPEG file without a frame header');
}
