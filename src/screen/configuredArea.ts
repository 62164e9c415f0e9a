import type { Roi } from '../capture/frame.ts';
import { PhleboxError } from '../errors.ts';

/** Smallest side of a scan area, pixels: less is no picture. */
const smallestSide = 16;

/**
 * What is wrong with a configured scan area [x, y, width, height], in one line; empty where it fits.
 * @param frame size of the frames in pixels; without it only what is wrong for all frames
 */
export function areaFault(area: readonly number[], frame?: { width: number; height: number }): string {
	const [x, y, width, height] = area as [number, number, number, number];
	const named = `the scan area [${area.join(', ')}]`;
	const size = frame ? `; the frame is ${frame.width}x${frame.height}` : '';
	if (area.length !== 4 || !area.every(Number.isInteger))
		return `${named} must be four whole numbers: x, y, width, height`;
	if (width < smallestSide || height < smallestSide)
		return `${named} is smaller than ${smallestSide}x${smallestSide} pixels${size}`;
	if (x < 0 || y < 0 || (frame && (x + width > frame.width || y + height > frame.height)))
		return `${named} does not lie within the frame; choose it again${size}`;
	return '';
}

/** @throws PhleboxError roi-invalid */
export function checkedArea(area: readonly number[], frame?: { width: number; height: number }): Roi {
	const fault = areaFault(area, frame);
	if (fault !== '') throw new PhleboxError('roi-invalid', fault);
	const [x, y, width, height] = area as [number, number, number, number];
	return { x, y, width, height };
}
