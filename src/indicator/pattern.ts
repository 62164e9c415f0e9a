/** How a light blinks. Time in milliseconds since the light began to say what it says. */
export interface Pattern {
	/** In plain words, for docs. */
	words: string;
	/** On, off, on, off, ...: durations of one period, milliseconds. */
	steps: readonly number[];
}

/**
 * Each can be told from the others with one colour only. None flashes more than three times in any second (WCAG 2.3.1:
 * the display page shows them on a large area).
 */
export const patterns = {
	dark: { words: 'dark', steps: [0, 1000] },
	steady: { words: 'steady', steps: [1000] },
	blip: { words: 'one short flash every two seconds', steps: [100, 1900] },
	blink: { words: 'even blinking, once a second', steps: [500, 500] },
	quick: { words: 'quick even blinking, three times a second', steps: [170, 170] },
	double: { words: 'two short flashes, then a pause', steps: [150, 150, 150, 750] },
	triple: { words: 'three short flashes, then a long pause', steps: [150, 150, 150, 150, 150, 1250] },
	twoLong: { words: 'two long flashes, then a pause', steps: [600, 200, 600, 1100] },
	four: { words: 'four short flashes, then a long pause', steps: [200, 200, 200, 200, 200, 200, 200, 1400] },
	wink: { words: 'on, with a short wink every two seconds', steps: [1800, 200] },
	shortShortLong: { words: 'two short flashes and a long one, then a pause', steps: [150, 200, 150, 200, 900, 900] },
	slow: { words: 'slow even blinking, on for a second and a half', steps: [1500, 1500] },
	longShort: { words: 'one long flash, one short, then a pause', steps: [600, 200, 150, 1050] },
} as const satisfies Record<string, Pattern>;

export type PatternName = keyof typeof patterns;

export function periodMs(pattern: Pattern): number {
	let sum = 0;
	for (let i = 0; i < pattern.steps.length; i++) sum += pattern.steps[i]!;
	return sum;
}

/** Whether the light is on. Allocates nothing. */
export function isOn(pattern: Pattern, elapsedMs: number): boolean {
	const { steps } = pattern;
	let left = Math.max(elapsedMs, 0) % periodMs(pattern);
	for (let i = 0; i < steps.length; i++) {
		if (left < steps[i]!) return i % 2 === 0;
		left -= steps[i]!;
	}
	return false;
}
