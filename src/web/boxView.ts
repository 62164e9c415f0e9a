import type { Timing } from '../telemetry/timing.ts';
import type { ExamCommand } from '../vision/messages.ts';
import type { PageState } from './pageState.ts';

/** A reduced picture of the scan area. */
export interface PreviewPicture {
	sequence: number;
	/** Pixels of the picture; it is stretched to them. */
	width: number;
	height: number;
	/** Width by height of the scan area on the screen. */
	aspect: number;
	/** Luma [height, width], bytes. */
	pixels: Uint8Array;
}

/** What does not change while the box runs, or seldom. */
export interface BoxInfo {
	box: string;
	label: string;
	/** Somebody far away asks which box this is: the page says so. */
	identifying: boolean;
	version: string;
	source: string;
	/** Whether the pictures are simulated: the page says so. */
	simulated: boolean;
	model: string;
	mqtt: string;
}

export interface AlertView {
	code: string;
	severity: string;
	text: string;
}

/** Port: what the web server needs of the box. */
export interface BoxView {
	state(): PageState;
	/** How long frames took from capture to light, since the vision thread started. */
	timing(): Timing;
	/** The newest picture of a live scan, or null when there is none to be shown now. */
	preview(): PreviewPicture | null;
	/** @returns false when no vision thread runs that could obey */
	command(command: ExamCommand): boolean;
	info(): BoxInfo;
	alerts(): AlertView[];
	/** The box for Prometheus, as text. */
	metrics(): string;
}
