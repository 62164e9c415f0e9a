import test from 'ava';
import fc from 'fast-check';
import { isOn, patterns, periodMs } from '../../src/indicator/pattern.ts';

// The page's own files are plain JavaScript, outside the TypeScript project.
const file = new URL('../../src/web/page/blink.js', import.meta.url).href;
const page = (await import(file)) as { isOn(steps: readonly number[], elapsedMs: number): boolean };

test('the page blinks as the lights do, at every moment', (t) => {
	fc.assert(
		fc.property(
			fc.constantFrom(...Object.values(patterns)),
			fc.double({ min: -100, max: 20_000, noNaN: true }),
			(pattern, elapsedMs) => page.isOn(pattern.steps, elapsedMs) === isOn(pattern, elapsedMs),
		),
	);
	for (const pattern of Object.values(patterns))
		for (let ms = 0; ms < 2 * periodMs(pattern); ms += 10) t.is(page.isOn(pattern.steps, ms), isOn(pattern, ms));
});
