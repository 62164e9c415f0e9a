import { type Frame, lumaLayout } from '../capture/frame.ts';

/** A whole screen in few bytes: its mean grey in so many cells, whatever its size in pixels. */
export const fingerprintColumns = 32;
export const fingerprintRows = 18;
export const fingerprintBytes = fingerprintColumns * fingerprintRows;
/** Points along each side of a cell at which the frame is read. */
const points = 6;

export interface MatchOptions {
	/** Two pictures are the same when their cells differ by no more than this in the mean, grey levels. */
	mean: number;
	/** A cell is another one that differs by more, grey levels; */
	step: number;
	/** no more than this share of the cells may. */
	share: number;
}

/** Writes the fingerprint of a frame; allocates nothing. @param bytes of the frame memory; @param into fingerprintBytes */
export function takeFingerprint(bytes: Uint8Array, frame: Frame, into: Uint8Array): void {
	const { first, step } = lumaLayout(frame.pixelFormat);
	const down = frame.height / (fingerprintRows * points);
	const along = frame.width / (fingerprintColumns * points);
	for (let row = 0; row < fingerprintRows; row++)
		for (let column = 0; column < fingerprintColumns; column++) {
			let sum = 0;
			for (let i = 0; i < points; i++) {
				const y = Math.floor((row * points + i + 0.5) * down);
				const line = frame.offset + first + y * frame.stride;
				for (let j = 0; j < points; j++) sum += bytes[line + Math.floor((column * points + j + 0.5) * along) * step]!;
			}
			into[row * fingerprintColumns + column] = Math.round(sum / points ** 2);
		}
}

/** Whether two fingerprints are of one and the same picture. Allocates nothing. */
export function sameFingerprint(a: Uint8Array, b: Uint8Array, { mean, step, share }: MatchOptions): boolean {
	let sum = 0;
	let others = 0;
	for (let i = 0; i < fingerprintBytes; i++) {
		const away = Math.abs(a[i]! - b[i]!);
		sum += away;
		if (away > step) others++;
	}
	return sum <= mean * fingerprintBytes && others <= share * fingerprintBytes;
}
