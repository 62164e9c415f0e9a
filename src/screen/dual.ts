/** How a dual picture is told from a single one: two halves side by side, one of which runs and the other stands. */
export interface DualOptions {
	/** The same half stands for so long while the other runs, milliseconds. */
	afterMs: number;
	/** New images in that time at least. */
	images: number;
	/** Share of the running half's blocks that change from image to image, at least. */
	runningShare: number;
	/** The standing half is a picture, not the dark beside one: its blocks differ by so much (standard deviation), grey levels. */
	leastSpread: number;
}

/** What an image changed, by halves; blocks of 8x8 of the network's input, the two columns in the middle left out. */
export interface HalfChanges {
	/** Blocks that changed. */
	left: number;
	right: number;
	/** Blocks of a half. */
	blocks: number;
}

export type Half = 'left' | 'right';

/** Which half runs alone. Begin with `createDual()`. */
export interface Dual {
	/** The half that runs while the other one stands; null while not known. */
	running: Half | null;
	/** Of this dual picture, or a candidate for one. */
	candidate: Half | null;
	sinceMs: number;
	images: number;
}

export function createDual(): Dual {
	return { running: null, candidate: null, sinceMs: Number.NaN, images: 0 };
}

/**
 * One new image further, in place. A picture is single again with the first image in which the other half changes too.
 * @param isPicture whether a half holds a picture
 */
export function stepDual(
	dual: Dual,
	changes: HalfChanges,
	isPicture: (half: Half) => boolean,
	frame: { readonly timestampMs: number },
	options: DualOptions,
): void {
	const half = runningAlone(changes, options);
	if (half === null || half !== dual.candidate || frame.timestampMs < dual.sinceMs) {
		// An image that changes little says nothing, as long as the half that stands does.
		if (half === null && (dual.candidate === 'left' ? changes.right : changes.left) === 0) return;
		dual.running = null;
		dual.candidate = half;
		dual.sinceMs = frame.timestampMs;
		dual.images = 0;
	}
	if (half === null) return;
	dual.images++;
	const long = frame.timestampMs - dual.sinceMs >= options.afterMs && dual.images >= options.images;
	if (dual.running === null && long && isPicture(half === 'left' ? 'right' : 'left')) dual.running = half;
}

function runningAlone({ left, right, blocks }: HalfChanges, { runningShare }: DualOptions): Half | null {
	if (right === 0 && left >= runningShare * blocks) return 'left';
	if (left === 0 && right >= runningShare * blocks) return 'right';
	return null;
}
