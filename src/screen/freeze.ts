export interface FreezeOptions {
	/** A picture that stands longer is frozen, milliseconds. Scanners bring 13-54 images a second. */
	frozenAfterMs: number;
	/** New images in a row after which a standing picture is live again. */
	liveAfterImages: number;
}

/** Whether the picture stands. Begin with `createFreeze()`: nothing is live before its first images were seen. */
export interface Freeze {
	standing: boolean;
	/** Time of the last new image, milliseconds; -Infinity for none yet. */
	imageMs: number;
	/** Time of the last frame, milliseconds; -Infinity for none yet. */
	frameMs: number;
	/** New images in a row since the picture stood. */
	images: number;
}

export function createFreeze(): Freeze {
	return { standing: true, imageMs: Number.NEGATIVE_INFINITY, frameMs: Number.NEGATIVE_INFINITY, images: 0 };
}

/**
 * One frame further, in place. Time that runs backwards or leaps over the limit counts as a stand: what happened
 * meanwhile is not known.
 * @param fresh the frame shows a new image
 * @param frame not its time alone: a number as an argument can cost an allocation a frame
 */
export function stepFreeze(
	freeze: Freeze,
	fresh: boolean,
	frame: { readonly timestampMs: number },
	options: FreezeOptions,
): void {
	const timeMs = frame.timestampMs;
	const since = timeMs - freeze.imageMs;
	if (since > options.frozenAfterMs || timeMs < freeze.frameMs) {
		freeze.standing = true;
		freeze.images = 0;
	}
	freeze.frameMs = timeMs;
	if (!fresh) return;
	freeze.imageMs = timeMs;
	if (!freeze.standing) return;
	freeze.images++;
	if (freeze.images >= options.liveAfterImages) freeze.standing = false;
}
