import test from 'ava';
import fc from 'fast-check';
import { darkShot, oneShot, shotBytes, writeShot } from '../../../src/indicator/led/shot.ts';
import { isOn, type Pattern, patterns } from '../../../src/indicator/pattern.ts';
import { KernelPattern } from './kernelPattern.ts';

const text = (pattern: Pattern, elapsedMs: number, lengthMs: number, level: number): string => {
	const bytes = new Uint8Array(shotBytes);
	return new TextDecoder().decode(bytes.subarray(0, writeShot(bytes, pattern, elapsedMs, lengthMs, level)));
};

test('a steady shot is on for its length, then dark, in steps without dimming', (t) => {
	t.is(text(patterns.steady, 12_345.6, 250.9, 255), '255 250 255 0 0 0 0 0\n');
});

test('a blinking shot goes on where the pattern stands', (t) => {
	t.is(text(patterns.double, 100, 250, 7), '7 50 7 0 0 150 0 0 7 50 7 0 0 0 0 0\n');
	t.is(text(patterns.double, 460, 100, 7), '0 100 0 0 0 0 0 0\n');
	t.is(text(patterns.blip, 1990, 250, 10), '0 10 0 0 10 100 10 0 0 140 0 0 0 0 0 0\n');
});

test('the kernel shows the pattern for the length of the shot, and is dark from then on: any pattern, phase and length', (t) => {
	const property = fc.property(
		fc.constantFrom(...(Object.keys(patterns) as (keyof typeof patterns)[])),
		fc.double({ min: -10, max: 10_000, noNaN: true }),
		fc.integer({ min: 1, max: 2000 }),
		fc.constantFrom(1, 9, 10, 255, 65_535),
		(name, elapsedMs, lengthMs, level) => {
			const kernel = new KernelPattern(level);
			kernel.writePattern(text(patterns[name], elapsedMs, lengthMs, level), 0);
			kernel.writeRepeat('1', 0);
			for (let ms = 0; ms < lengthMs; ms += 7) {
				const on = isOn(patterns[name], Math.floor(Math.max(elapsedMs, 0)) + ms);
				if (kernel.brightnessAt(ms) !== (on ? level : 0)) return false;
			}
			for (let ms = lengthMs; ms < lengthMs + 5000; ms += 50) if (kernel.brightnessAt(ms) !== 0) return false;
			return true;
		},
	);
	t.notThrows(() => fc.assert(property, { numRuns: 500 }));
});

test('the dark shot is dark, and puts out what runs', (t) => {
	const kernel = new KernelPattern(255);
	kernel.writePattern(text(patterns.steady, 0, 250, 255), 0);
	kernel.writeRepeat(new TextDecoder().decode(oneShot), 0);
	t.is(kernel.brightnessAt(100), 255);
	kernel.writePattern(new TextDecoder().decode(darkShot), 100);
	kernel.writeRepeat(new TextDecoder().decode(oneShot), 100);
	for (let ms = 100; ms < 2000; ms += 10) t.is(kernel.brightnessAt(ms), 0);
});

test('the longest shot fits its room', (t) => {
	const short: Pattern = { words: '', steps: [50, 50] };
	t.true(text(short, 0, 2000, 65_535).length < shotBytes);
});
