/** How a recording is played. */
export interface RecordingOptions {
	/** A .y4m file; with ffmpeg installed, any video or picture. */
	file: string;
	/**
	 * `realtime`: at the recording's own rate; frames that nobody fetched in time are dropped, as a camera would.
	 * `fast`: every frame, as fast as it is fetched; timestamps then run in the recording's own time.
	 */
	pace: 'realtime' | 'fast';
	/** Whether it begins again at its end. */
	loop: boolean;
	/** How long a single picture is shown, seconds. */
	stillSeconds: number;
	/** Frames a second in place of the recording's own rate. A .y4m then plays slower or faster; ffmpeg adds or drops. */
	fps?: number;
	/** Frames a second of a single picture, and of a recording that does not give its rate. */
	fallbackFps: number;
	/** How long ffmpeg may take to its first picture, and may stand still later before it counts as stuck, milliseconds. */
	decoderMs: number;
}

export const recordingDefaults = {
	pace: 'realtime',
	loop: false,
	stillSeconds: 5,
	fallbackFps: 30,
	decoderMs: 10_000,
} as const satisfies Partial<RecordingOptions>;
