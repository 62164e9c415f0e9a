import type { Evaluation } from '../evaluation.ts';
import type { JudgedRecording } from '../judgedRecording.ts';
import { confusionHeat } from './confusionHeat.ts';
import { figureCards } from './figureCards.ts';
import { groupTable } from './groupTable.ts';
import { countText, escapeHtml, percentText } from './html.ts';
import { recordingTable } from './recordingTable.ts';
import { reliabilityDiagram } from './reliabilityDiagram.ts';
import { reportStyle } from './style.ts';
import { worstList } from './worstList.ts';

/**
 * The evaluation as one page that needs nothing else: no script, no font, no picture from elsewhere.
 * @param when date of the evaluation, as it is to stand on the page
 */
export function reportHtml(result: Evaluation, judged: readonly JudgedRecording[], when: string): string {
	const { model, set, intervals, unansweredShare } = result;
	const title = `Evaluation of ${escapeHtml(`${model.name} ${model.version}`)}`;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body><main>
<h1>${title}</h1>
<p class="quiet">on ${escapeHtml(set.name)} (${escapeHtml(set.source)}, ${escapeHtml(set.license)}): ${countText(result.recordings)} recordings, ${countText(result.frames)} frames, ${result.framesPerSecond.toFixed(0)} frames a second · ${escapeHtml(when)} · network ${escapeHtml(model.sha256.slice(0, 12))}<br>It guides and records; it names no disease. Not a medical device.</p>
${figureCards(result)}
<p class="quiet">The band is the 95% interval: bootstrap over ${intervals.how.units} ${intervals.how.by}s; for wrong captures and outcomes Wilson's. Where not one error occurred the bootstrap shows no width; the wrong captures' interval says how far that can be trusted. ${percentText(unansweredShare)} of the frames were not given to the network, because the screen was not a live scan; they count as <i>none</i>.</p>
<h2>What was taken for what</h2>
<div class="pair">${confusionHeat('Landmark', result.confusion.landmark)}${confusionHeat('Vein', result.confusion.vein)}</div>
<h2>Are the probabilities what they say?</h2>
<p>On the dashed line, what is said with 80% is right four times in five. Under the line the network is too sure of itself, above it too modest; red is the distance.</p>
<div class="pair">${reliabilityDiagram('Landmark', result.calibration.landmark)}${reliabilityDiagram('Vein', result.calibration.vein)}</div>
<h2>By kind</h2>
${groupTable('kind', result.byKind)}
${result.byLayout.length === 0 ? '' : `<h2>By the machine's layout</h2>${groupTable('layout', result.byLayout)}`}
<h2>The worst recordings</h2>
<p>Falsely captured first, then missed, then those with the fewest right frames.</p>
${worstList(result, judged)}
<h2>Every recording</h2>
${recordingTable(result)}
<h2>How to read this</h2>
<dl class="panel">${terms.map(([term, meaning]) => `<dt>${term}</dt><dd>${meaning}</dd>`).join('')}</dl>
</main></body>
</html>
`;
}

const terms = [
	['frame', 'as delivered by the screen; a repeated image has the answer of the one before it'],
	['landmark macro-F1', 'mean of the F1 of each landmark and of none, over those that occur'],
	['closed-vein F1', 'closed against not closed; frames truly <i>closing</i> count neither way'],
	['fully compresses', "by recording: the examination's own outcome, captured at the expected landmark, or not"],
	['falsely captured', 'captured at a landmark that was not to be captured'],
	['called closed wrongly', 'share of the frames neither closed nor closing that were called closed'],
	['95% interval', 'whole recordings (or all of a person) are drawn again and again, because frames of one are alike'],
] as const;
