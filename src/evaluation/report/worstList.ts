import type { Evaluation } from '../evaluation.ts';
import type { JudgedRecording } from '../judgedRecording.ts';
import type { Worst } from '../worst.ts';
import { escapeHtml, percentText } from './html.ts';
import { spanColours, timelineStrip } from './timelineStrip.ts';

/** The worst recordings, each with why and with its time from left to right. */
export function worstList({ worst }: Evaluation, judged: readonly JudgedRecording[]): string {
	if (worst.length === 0) return '<p class="good">Every frame of every recording is right.</p>';
	const spans = new Map(judged.map((each) => [each.recording.id, each.spans]));
	const items = worst.map((each) => `<li class="panel">${head(each)}${timelineStrip(spans.get(each.id) ?? [])}</li>`);
	return `${legend()}<ol class="worst">${items.join('')}</ol>`;
}

function head({ id, kind, layout, fault, expected, found, frameAccuracy, why }: Worst): string {
	const tag = fault === 'frames' ? '' : ` <span class="tag bad">${fault}</span>`;
	const facts = [
		kind,
		layout === null ? null : `layout ${layout}`,
		`expected ${expected}, found ${found}`,
		`${percentText(frameAccuracy)} of frames right`,
	].filter((fact) => fact !== null);
	return `<h3>${escapeHtml(id)}${tag}</h3><p><span class="quiet">${escapeHtml(facts.join(' · '))}</span><br>${escapeHtml(why)}</p>`;
}

function legend(): string {
	const entry = (name: string, colour: string) => `<li><i style="background:${colour}"></i>${name}</li>`;
	const known = [
		...['sfj', 'fv', 'none', 'open', 'closing', 'closed'],
		...['searching', 'press', 'hold', 'captured', 'release', 'dont-know'],
	];
	return `<ul class="legend">${known.map((name) => entry(name, spanColours[name]!)).join('')}${entry('what was said is wrong', '#e3200f')}</ul>`;
}
