import type { Group } from '../group.ts';
import { escapeHtml, figureText, intervalText, percentText } from './html.ts';
import { rangeBar } from './rangeBar.ts';

const heads = ['n', 'to capture', 'rightly', 'missed', 'falsely', "don't know", 'called closed wrongly'];
const bars = ['outcome right', 'landmark F1', 'closed F1'];

/** Figures by kind or by layout: counts, and bars with their intervals. */
export function groupTable(what: string, groups: readonly Group[]): string {
	const head = [what, ...heads].map((name) => `<th scope="col">${name}</th>`).join('');
	const barHead = bars.map((name) => `<th scope="col" style="text-align:left">${name}</th>`).join('');
	return `<div class="panel scroll"><table><thead><tr>${head}${barHead}</tr></thead><tbody>${groups.map(row).join('')}</tbody></table></div>`;
}

function row(group: Group): string {
	const { right } = group;
	const counts = [
		String(group.recordings),
		String(group.expectedCaptured),
		String(group.capturedRightly),
		wrong(group.missed),
		wrong(group.falselyCaptured),
		percentText(group.dontKnowShare),
		percentText(group.calledClosedWrongly),
	];
	return `<tr><th scope="row">${escapeHtml(group.name ?? 'not given')}</th>${counts.map((cell) => `<td>${cell}</td>`).join('')}${[
		bar(right.share, right.interval, percentText),
		bar(group.landmarkMacroF1, group.landmarkMacroF1Interval, figureText),
		group.closedF1 === null
			? '<td class="bar quiet">no closed frame</td>'
			: bar(group.closedF1, group.closedF1Interval, figureText),
	].join('')}</tr>`;
}

function wrong(count: number): string {
	return count === 0 ? '0' : `<span class="bad">${count}</span>`;
}

function bar(value: number, interval: Group['closedF1Interval'], text: (value: number) => string): string {
	const label = `${text(value)}, 95% interval: ${intervalText(interval, text)}`;
	return `<td class="bar" title="${label}">${text(value)}${rangeBar(value, interval, label, 140)}</td>`;
}
