import type { Interval } from '../interval.ts';

/** Text of a set or a model inside the page, in content and in attributes. */
export function escapeHtml(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function percentText(share: number): string {
	const percent = 100 * share;
	return `${percent > 0 && percent < 10 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}

export function figureText(value: number | null): string {
	return value === null ? '–' : value.toFixed(3);
}

export function intervalText(interval: Interval | null, text: (value: number) => string = figureText): string {
	return interval ? `${text(interval[0])} to ${text(interval[1])}` : 'too few recordings for an interval';
}

/** With a thin space every three digits. */
export function countText(count: number): string {
	return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}
