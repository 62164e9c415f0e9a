import { lightTable } from './lightTable.ts';
import { shownWords } from './shown.ts';

/** The table of light states as Markdown, for the docs. */
export function lightTableMarkdown(): string {
	const rows = shownWords.map((guidance) => {
		const { text, symbol, colour, pattern, detail } = lightTable[guidance];
		const times = pattern.steps.map((ms, i) => `${i % 2 === 0 ? 'on' : 'off'} ${ms}`).join(', ');
		const blinks = pattern.steps.length > 1 && pattern.steps[0] > 0;
		const shape = blinks ? `${pattern.words} (${times} ms)` : pattern.words;
		return `| \`${guidance}\` | ${text} | \`${symbol}\` | ${colour} | ${shape} | ${detail} |`;
	});
	return [
		'| guidance | word | sign | colour | pattern | what it says |',
		'| --- | --- | --- | --- | --- | --- |',
		...rows,
		'',
		'- Green is *captured* and nothing else: the vein was seen open, then closed, on the live picture, here, now.',
		'  No other state has green in its colour.',
		'- Dark is *don’t know*: the box claims nothing. An expired result, a stopped box and a box without power are dark.',
		'- Only *captured* is steady. Each state has a pattern and a word of its own, so no state needs its colour to be told',
		'  from another; a LED of one colour shows the patterns alone.',
		'- A light that flashes does so at most three times a second.',
		'- *Identify* is asked for over MQTT, to find a box among others. It is shown only while no examination runs and the box waits.',
		'',
	].join('\n');
}
