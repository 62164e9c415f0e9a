import { type Pattern, periodMs } from '../pattern.ts';

/*
 * Text for the `pattern` file of the kernel's LED pattern trigger (Documentation/ABI/testing/sysfs-class-led-trigger-
 * pattern): tuples of brightness and milliseconds. Two neighbours of equal brightness, the second of zero duration, make
 * a step without dimming. A shot ends dark, whatever comes: nobody has to be there to put it out.
 */

/** Room for the longest shot: 2000 ms of steps of 50 ms. */
export const shotBytes = 1024;

const space = 0x20;
const lineEnd = 0x0a;
const zero = 0x30;

function writeNumber(into: Uint8Array, at: number, value: number): number {
	let digits = 1;
	for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
	let rest = value;
	for (let place = at + digits - 1; place >= at; place--) {
		into[place] = zero + (rest % 10);
		rest = Math.floor(rest / 10);
	}
	return at + digits;
}

function writeStep(into: Uint8Array, at: number, level: number, ms: number): number {
	let end = writeNumber(into, at, level);
	into[end++] = space;
	end = writeNumber(into, end, ms);
	into[end++] = space;
	end = writeNumber(into, end, level);
	into[end++] = space;
	into[end++] = zero;
	into[end++] = space;
	return end;
}

/**
 * Writes the shot that shows `pattern` from `elapsedMs` on for `lengthMs` and then ends dark. Allocates nothing.
 * @param lengthMs from 1: a shot of no length would go round for ever until `repeat` is written
 * @param level brightness while it is on, a whole number
 * @returns bytes written
 */
export function writeShot(
	into: Uint8Array,
	pattern: Pattern,
	elapsedMs: number,
	lengthMs: number,
	level: number,
): number {
	const { steps } = pattern;
	let index = 0;
	let passed = Math.floor(Math.max(elapsedMs, 0)) % periodMs(pattern);
	while (passed >= steps[index]!) {
		passed -= steps[index]!;
		index++;
	}
	let left = Math.floor(lengthMs);
	let at = 0;
	// Neighbours that are both on (or both off) are one step: a steady pattern is a single one.
	let run = 0;
	while (left > 0) {
		const ms = Math.min(steps[index]! - passed, left);
		run += ms;
		left -= ms;
		passed = 0;
		const on = index % 2 === 0;
		index = (index + 1) % steps.length;
		if (run > 0 && (left === 0 || (index % 2 === 0) !== on)) {
			at = writeStep(into, at, on ? level : 0, run);
			run = 0;
		}
	}
	at = writeStep(into, at, 0, 0);
	into[at - 1] = lineEnd;
	return at;
}

/** A shot of nothing but dark. */
export const darkShot = new TextEncoder().encode('0 100 0 0\n');
/** Starts the shot in the `pattern` file, and starts it afresh while it runs. */
export const oneShot = new TextEncoder().encode('1\n');
