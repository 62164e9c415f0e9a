/** Rows of the scan area that are read at full resolution. */
export const rowsRead = 16;

/**
 * The rows of the scan area that are read, counted from its top. All that is read of the frame beside the network's input lies on
 * them: what one look has read is near when the next one comes.
 * @param rows read of this area: `rowsRead`, or fewer where it is lower
 * @param height of the area; below each row another one follows
 */
export function readRow(row: number, rows: number, height: number): number {
	return Math.floor(((row + 0.5) * (height - 1)) / rows);
}
