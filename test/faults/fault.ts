import type { SignalState } from '../../src/capture/signal.ts';
import type { Guidance } from '../../src/exam/guidance.ts';
import type { Scene } from '../../src/screen/scene.ts';

/**
 * One fault: what happens, how the tests make it happen, and what has to follow. The same in the laboratory's machine, in
 * `npm test` and in docs/faults.md.
 */
export interface Fault {
	/** Words for commands and files. */
	id: string;
	/** What happens, as somebody at the bedside would say it. */
	fault: string;
	/** How the test causes it. */
	cause: string;
	/** `lab`: the whole box between kernel drivers, `scenes` with pictures over vivid's HDMI loop; `npm test`: without drivers. */
	runs: 'lab' | 'lab, scenes' | 'npm test';
	/** What the box says of the signal while it lasts; `ok` where frames go on. */
	signal: SignalState;
	/** What the screen shows while it lasts, where that is the fault: a signal is there. */
	scene?: Scene;
	/** The cause on MQTT and in the log, as a regular expression; empty where there is nothing to be told. */
	says: string;
	/** What `phlebox doctor` finds where the fault stands while it looks, as a regular expression; empty where it cannot stand. */
	doctor: string;
	/** What the light says while it lasts; `captured`, `press` and the like are nowhere right. */
	light: Extract<Guidance, 'no-signal' | 'stuck' | 'frozen' | 'dont-know' | 'fault'> | 'dark';
	/** Whether work goes on by itself once the fault is over, within `workAgainMs`. */
	mends: boolean;
}

/** From the fault to an honest light, milliseconds. */
export const lightMs = 500;
/** From the fault's end to work again, milliseconds. */
export const workAgainMs = 2000;
