import type { Interval } from '../interval.ts';
import { escapeHtml } from './html.ts';

/** A value on a line from 0 to 1 with its interval: a band and a dot. The numbers stand beside it as text. */
export function rangeBar(value: number, interval: Interval | null, label: string, width = 240): string {
	const x = (share: number) => (6 + Math.max(0, Math.min(1, share)) * (width - 12)).toFixed(1);
	const band = interval
		? `<rect class="band" x="${x(interval[0])}" y="5" width="${Math.max(2, Number(x(interval[1])) - Number(x(interval[0]))).toFixed(1)}" height="8" rx="2"/>`
		: '';
	const ticks = [0, 0.25, 0.5, 0.75, 1]
		.map(
			(tick) =>
				`<path class="axis" d="M${x(tick)} ${tick === 0 || tick === 1 ? 3 : 7}v${tick === 0 || tick === 1 ? 12 : 4}"/>`,
		)
		.join('');
	return `<svg viewBox="0 0 ${width} 18" role="img" aria-label="${escapeHtml(label)}"><path class="axis" d="M${x(0)} 9H${x(1)}"/>${ticks}${band}<circle class="dot" cx="${x(value)}" cy="9" r="4.5"/></svg>`;
}
