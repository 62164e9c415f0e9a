import type { ConfusionTable } from '../confusion.ts';
import { countText, escapeHtml, percentText } from './html.ts';

/** Above this share of its row a cell is so strongly coloured that its text is turned around. */
const strong = 0.55;

/** A confusion table with each cell coloured by its share of the true class, and with its numbers. */
export function confusionHeat(title: string, { labels, counts }: ConfusionTable): string {
	const rows = labels.map((truth, place) => {
		const row = counts[place]!;
		const all = row.reduce((sum, times) => sum + times, 0);
		const cells = row.map((times) => cell(times, all)).join('');
		return `<tr><th scope="row">${escapeHtml(truth)}<br><span class="quiet">${countText(all)} frames</span></th>${cells}</tr>`;
	});
	const heads = labels.map((label) => `<th scope="col">${escapeHtml(label)}</th>`).join('');
	return `<figure class="panel scroll"><table class="heat"><caption>${title}: a row for what is true, a column for what was said; shares of the row, and frames</caption><thead><tr><td></td>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></figure>`;
}

function cell(times: number, all: number): string {
	if (all === 0) return '<td class="quiet">–</td>';
	const share = times / all;
	const ink = share > strong ? 'color:var(--on-mark);' : '';
	const ground = `background:color-mix(in srgb, var(--mark) ${Math.round(100 * share)}%, var(--panel))`;
	return `<td style="${ink}${ground}"><b>${percentText(share)}</b><span>${countText(times)}</span></td>`;
}
