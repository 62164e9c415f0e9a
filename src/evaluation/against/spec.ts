import type { PixelFormat, Roi } from '../../capture/frame.ts';
import type { Config } from '../../config/schema.ts';
import type { Calibration } from '../../inference/calibration.ts';

/** What every contender is given: the same frames in a file, the same scan area, the same network. As JSON to any language. */
export interface Spec {
	/** File of raw frames, one behind the other. */
	frames: string;
	/** How many there are; they are shown in turn. */
	count: number;
	frame: { width: number; height: number; pixelFormat: Extract<PixelFormat, 'YUYV' | 'GREY'>; stride: number };
	/** Scan area: whole pixels, even ones, which every contender can cut out. */
	roi: Roi;
	/** File of the network as the box runs it on the CPU. */
	model: string;
	/** File of the same network in float32, for who cannot run the other one. */
	plain: string;
	/** Side of the network's input, names of its tensors, and how its values become probabilities. */
	input: { name: string; width: number; height: number };
	interval: string | null;
	state: { input: string; output: string; shape: readonly number[] }[];
	outputs: { landmark: { name: string } & Calibration; vein: { name: string } & Calibration };
	/** The box's own; for the contenders that are it. */
	config: Config;
}

/** What a contender saw and said of a row of frames; from a network that had seen nothing before. */
export interface Seen {
	/** Place in the file of the first frame. */
	start: number;
	/** Milliseconds since the frame before, as told to the network. */
	intervals: number[];
	/** The network's input, float32 in base64, one a frame. */
	inputs: string[];
	/** Probabilities of the landmarks and then of the vein's states, one row a frame. */
	answers: number[][];
}

/** What is asked of a contender, one line of JSON each, and what it answers with one line each. */
export type Request =
	| { ask: 'ready' }
	/** `seen`: how the first contender saw it; null for that one. */
	| { ask: 'show'; frames: number; seen: Pick<Seen, 'start' | 'intervals'> | null }
	/** `leadIn` frames are played before and not measured: after a pause the box takes a moment to believe that the scan is live. */
	| { ask: 'run'; frames: number; leadIn: number; intervalMs: number };
export interface Replies {
	/** What is to be known about this contender, such as its version. */
	ready: { about: string };
	show: Seen;
	/** Milliseconds a frame, float64 in base64; NaN for a frame that did not reach the network. */
	run: { times: string };
}
export type Reply<Kind extends Request['ask']> = Replies[Kind] | { error: string };
