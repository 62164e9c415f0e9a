import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatHeader } from '../../../src/capture/recording/y4m.ts';

/** A folder that is gone with the process. */
export function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-recording-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

export interface Recording {
	width: number;
	height: number;
	fps: number;
	frames: number;
	colourSpace?: string;
	chroma?: number;
	/** What stands behind FRAME, a frame. */
	parameters?: (frame: number) => string;
}

/** Luma of a frame: each says its number everywhere. */
export const lumaOf = (frame: number) => (frame * 7 + 16) & 255;

/** A .y4m file whose frame `n` is `lumaOf(n)` all over, with chroma of 200. */
export function y4mBytes(recording: Recording): Buffer {
	const { width, height, fps, frames, colourSpace = 'mono', chroma = 0, parameters } = recording;
	const header = formatHeader({ width, height, rate: { numerator: fps, denominator: 1 }, colourSpace });
	const parts = [Buffer.from(header)];
	for (let frame = 0; frame < frames; frame++) {
		parts.push(Buffer.from(`FRAME${parameters?.(frame) ?? ''}\n`), Buffer.alloc(width * height, lumaOf(frame)));
		parts.push(Buffer.alloc(chroma, 200));
	}
	return Buffer.concat(parts);
}

export function writeRecording(folder: string, name: string, content: Uint8Array | string): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

/** Whether ffmpeg is there; where CI runs it must be. */
export function hasFfmpeg(): boolean {
	const there = spawnSync('ffmpeg', ['-version']).error === undefined;
	if (!there && process.env.CI === 'true') throw new Error('CI has no ffmpeg');
	return there;
}

export function encode(...args: string[]): void {
	const { status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
	if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${stderr}`);
}
