import { type Guidance, guidances } from '../exam/guidance.ts';

/** What a light can show: what the exam says and, while it waits, `identify`: this is the box that somebody looks for. */
export const shownWords = [...guidances, 'identify'] as const;
export type Shown = (typeof shownWords)[number];

/** Said while the box waits for a picture or a probe; every other word speaks of a press, a result or a fault. */
const waiting: ReadonlySet<Guidance> = new Set([
	...(['starting', 'no-signal', 'stuck', 'frozen', 'dont-know', 'searching'] as const),
]);

/** Whether `identify` may take the place of what the exam says; never while an examination runs. */
export function mayIdentify(guidance: Guidance, examining: boolean): boolean {
	return !examining && waiting.has(guidance);
}
