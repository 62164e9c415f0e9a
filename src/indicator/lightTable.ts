import { type Pattern, patterns } from './pattern.ts';
import type { Shown } from './shown.ts';

/*
 * The one table from guidance to what a light shows.
 *
 * Invariants
 * 1. Green is `captured` and nothing else: seen open, then closed, live, here, now. `exam-done` speaks of what is past,
 *    so it is not green.
 * 2. No other colour has green in it (no white, yellow or cyan), so that a broken red or blue LED cannot leave green.
 * 3. Dark is `dont-know`: what an expired result, a dead process or a lost supply shows claims nothing.
 * 4. Only `captured` is steady. Each pattern and each text occurs once: colour is never needed to tell two apart.
 * 5. Red is the fault of the box, never of the patient; nothing looks or reads like an alarm.
 */

/** Parts of a colour LED that are lit. */
export const colours = {
	dark: { red: false, green: false, blue: false },
	blue: { red: false, green: false, blue: true },
	magenta: { red: true, green: false, blue: true },
	green: { red: false, green: true, blue: false },
	red: { red: true, green: false, blue: false },
} as const;
export type Colour = keyof typeof colours;

export interface LightState {
	colour: Colour;
	pattern: Pattern;
	/** For a display read from across the room. */
	text: string;
	/** One plain sentence: what it means and what to do. */
	detail: string;
	/** One printable ASCII character. */
	symbol: string;
	/** Colour on a screen (CSS). From the set of Okabe and Ito, told apart by colour-blind eyes; grey for dark. */
	screen: string;
}

const blue = { colour: 'blue', screen: '#0072b2' } as const;
const magenta = { colour: 'magenta', screen: '#cc79a7' } as const;

export const lightTable: Readonly<Record<Shown, LightState>> = {
	starting: {
		...magenta,
		pattern: patterns.slow,
		text: 'STARTING',
		detail: 'The box is getting ready.',
		symbol: '~',
	},
	'no-signal': {
		...magenta,
		pattern: patterns.triple,
		text: 'NO SIGNAL',
		detail: 'No picture comes from the ultrasound machine: check that it is on and that the cable sits.',
		symbol: 'x',
	},
	stuck: {
		...magenta,
		pattern: patterns.four,
		text: 'STUCK',
		detail: 'The capture device gives no new frames: unplug it and plug it in again.',
		symbol: '/',
	},
	frozen: {
		...magenta,
		pattern: patterns.twoLong,
		text: 'FROZEN',
		detail: 'The scan is frozen: press freeze at the ultrasound machine to go on.',
		symbol: '"',
	},
	'dont-know': {
		colour: 'dark',
		screen: '#767676',
		pattern: patterns.dark,
		text: "DON'T KNOW",
		detail: 'The picture cannot be judged now.',
		symbol: '?',
	},
	searching: {
		...blue,
		pattern: patterns.blip,
		text: 'FIND',
		detail: 'No site that is left to do is in view: move the probe to the next one.',
		symbol: 'o',
	},
	press: {
		...blue,
		pattern: patterns.blink,
		text: 'PRESS',
		detail: 'The site is in view and the vein is not closed: press until it closes.',
		symbol: 'v',
	},
	hold: {
		...blue,
		pattern: patterns.quick,
		text: 'HOLD',
		detail: 'The vein is closed: keep the pressure a moment longer.',
		symbol: '=',
	},
	captured: {
		colour: 'green',
		screen: '#009e73',
		pattern: patterns.steady,
		text: 'CAPTURED',
		detail: 'The vein was seen open, then closed, here and now: the site is on record.',
		symbol: '*',
	},
	release: {
		...magenta,
		pattern: patterns.double,
		text: 'RELEASE',
		detail: 'This press does not count: let go until the vein is open, then press again.',
		symbol: '^',
	},
	'exam-done': {
		...blue,
		pattern: patterns.wink,
		text: 'DONE',
		detail: 'Every site is on record: lift the probe; the next examination begins when it comes back.',
		symbol: '#',
	},
	identify: {
		...blue,
		pattern: patterns.shortShortLong,
		text: 'THIS ONE',
		detail: 'Somebody asks which box this is: nothing has to be done.',
		symbol: '@',
	},
	fault: {
		colour: 'red',
		screen: '#d55e00',
		pattern: patterns.longShort,
		text: 'FAULT',
		detail: 'The box does not work: its log and phlebox doctor say why.',
		symbol: '!',
	},
};
