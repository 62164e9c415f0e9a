import type { Frame, Roi } from '../capture/frame.ts';

/** Luma of black in video range; full range shows it as nearly black. */
const black = 16;

/** Makes everything outside the scan area black: what is there cannot be brought back. @param frame GREY */
export function blackenOutside(bytes: Uint8Array, frame: Frame, { x, y, width, height }: Roi): void {
	for (let row = 0; row < frame.height; row++) {
		const start = frame.offset + row * frame.stride;
		if (row < y || row >= y + height) bytes.fill(black, start, start + frame.width);
		else {
			bytes.fill(black, start, start + x);
			bytes.fill(black, start + x + width, start + frame.width);
		}
	}
}
