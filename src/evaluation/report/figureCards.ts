import type { Evaluation } from '../evaluation.ts';
import type { Interval } from '../interval.ts';
import { figureText, intervalText, percentText } from './html.ts';
import { rangeBar } from './rangeBar.ts';

/** The figures at a glance, each with its interval. */
export function figureCards(result: Evaluation): string {
	const { intervals, fullyCompresses: whole, wrongCaptures } = result;
	const wrong = wrongCaptures.whereNoneIsExpected;
	return `<div class="cards">${[
		card('Landmark macro-F1', 'by frame', result.landmarkMacroF1, intervals.landmarkMacroF1),
		card('Closed-vein F1', 'by frame', result.closedF1, intervals.closedF1),
		card('Fully compresses F1', 'by recording', whole.f1, intervals.fullyCompresses.f1),
		card('Precision', 'of captured, by recording', whole.precision, intervals.fullyCompresses.precision),
		card('Recall', 'of captured, by recording', whole.recall, intervals.fullyCompresses.recall),
		card(
			'Wrong captures',
			`${wrongCaptures.times} of ${wrongCaptures.of} recordings; ${wrong.times} of ${wrong.of} in which none is expected`,
			wrongCaptures.share,
			wrongCaptures.interval,
			percentText,
		),
		card("Said <i>don't know</i>", 'share of frames', result.dontKnowShare, intervals.dontKnowShare, percentText),
	].join('')}</div>`;
}

function card(
	name: string,
	of: string,
	value: number,
	interval: Interval | null,
	text: (value: number) => string = figureText,
): string {
	const range = intervalText(interval, text);
	return `<section class="panel card"><h3>${name}</h3><p class="quiet">${of}</p><p class="value">${text(value)}</p>${rangeBar(value, interval, `${text(value)}, 95% interval ${range}`)}<p class="quiet">${interval ? '95%: ' : ''}${range}</p></section>`;
}
