import type { Evaluation } from '../evaluation.ts';
import { escapeHtml, percentText } from './html.ts';

/** Every recording with its outcome. */
export function recordingTable({ perRecording }: Evaluation): string {
	const rows = perRecording.map(
		({ id, kind, layout, expected, found, right, frames, frameAccuracy }) =>
			`<tr><th scope="row">${escapeHtml(id)}</th>${[kind ?? '–', layout ?? '–', expected, found]
				.map((text) => `<td class="text">${escapeHtml(text)}</td>`)
				.join(
					'',
				)}<td>${right ? 'right' : '<span class="bad">wrong</span>'}</td><td>${frames}</td><td>${percentText(frameAccuracy)}</td></tr>`,
	);
	const heads = ['recording', 'kind', 'layout', 'expected', 'found', 'outcome', 'frames', 'frames right'];
	const head = heads.map((name, place) => `<th scope="col"${place < 5 ? ' style="text-align:left"' : ''}>${name}</th>`);
	return `<details class="panel"><summary>All ${perRecording.length} recordings</summary><div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}
