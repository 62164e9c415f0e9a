/**
 * - `luma`: one whole frame's luma was written (or passed over).
 * - `later`: not all of it is there yet; the next call goes on with the same frame.
 * - `end`: no frame left.
 * - `cut`: the recording breaks off inside a frame; nothing more comes.
 */
export type Reading = 'luma' | 'later' | 'end' | 'cut';

/** Port inside recordings: whole frames of 8-bit luma, rows without gaps, one after the other. */
export interface LumaReader {
	/** Pixels. */
	readonly width: number;
	readonly height: number;
	/** Frames a second, or undefined where the recording does not say. */
	readonly framesPerSecond: number | undefined;
	/**
	 * Writes the next frame's luma.
	 * @param into where to: `width * height` bytes, the same at each call
	 * @param untilMs moment on the monotonic clock at which to answer `later` at the latest
	 */
	read(into: Uint8Array, untilMs: number): Reading;
	/** Passes over one frame; `into` may be overwritten. */
	skip(into: Uint8Array, untilMs: number): Reading;
	/** Begins again with the first frame. */
	rewind(): void;
	/** What the recording's decoder had to say against it, one line, or ''. */
	complaint(): string;
	close(): void;
}
