import type { HalfChanges } from './dual.ts';

/** How a repeated picture is told from a new one. */
export interface FreshOptions {
	/**
	 * Change of the mean of an 8x8 block of the network's input that counts, grey levels. Real grabs, also compressed
	 * ones: repeats 0.1 to 0.8, new images mostly 4 to 70.
	 */
	blockChange: number;
	/**
	 * The same for a source that was seen to repeat exactly within `exactForMs` milliseconds, as a digital one does: a
	 * probe in air changes by as little as 0.2.
	 */
	exactBlockChange: number;
	exactForMs: number;
	/** Share of the blocks that must change: a cursor or a caliper that moves on a standing picture is no new image. */
	blockShare: number;
}

/**
 * How many of the 8x8 blocks of two tensors have means that differ by more than the options' change. It takes and gives
 * no fractions: these would be allocated at each call.
 * @param changes of the sums of each block's values 0..1, as the feature kernel's `blockChanges` leaves them
 * @param width pixels of the tensors, like `height`
 * @param exact the source was seen to repeat exactly
 * @param halves told the same for the left and the right half; the two columns of blocks in the middle are in neither
 */
export function changedBlocks(
	changes: Float32Array,
	width: number,
	height: number,
	options: Pick<FreshOptions, 'blockChange' | 'exactBlockChange'>,
	exact: boolean,
	halves: HalfChanges,
): number {
	const most = (64 * (exact ? options.exactBlockChange : options.blockChange)) / 255;
	const middle = width >> 1;
	const across = width >> 3;
	const blocks = across * (height >> 3);
	let changed = 0;
	halves.left = halves.right = 0;
	halves.blocks = ((width >> 4) - 1) * (height >> 3);
	for (let block = 0, column = 0; block < blocks; block++, column = column + 1 === across ? 0 : column + 1) {
		if (Math.abs(changes[block]!) <= most) continue;
		changed++;
		const left = column << 3;
		if (left + 16 <= middle) halves.left++;
		else if (left >= middle + 8) halves.right++;
	}
	return changed;
}
