// @ts-check
import { drawSymbol, symbolElement } from './symbols.js';

/** @typedef {import('./validity.js').Heard} Heard */

/** @type {Record<string, { word: string, mark: string }>} */
const outcomes = {
	captured: { word: 'captured', mark: 'done' },
	'not-captured': { word: 'not captured', mark: 'missed' },
	'not-seen': { word: 'not seen', mark: 'unseen' },
	open: { word: 'to do', mark: 'todo' },
};

/** The sites with what became of each. */
export class Checklist {
	#list = /** @type {HTMLElement} */ (document.getElementById('sites'));
	#title = /** @type {HTMLElement} */ (document.getElementById('checklist-title'));
	#shown = '';

	/**
	 * @param {Heard} heard
	 * @param {(site: string) => string} nameOf
	 */
	show({ sites, phase, examination }, nameOf) {
		const shown = JSON.stringify([sites.map(({ site, outcome }) => [nameOf(site), outcome]), phase, examination]);
		if (shown === this.#shown) return;
		this.#shown = shown;
		this.#title.textContent = phase === 'running' || examination === 0 ? 'Sites' : 'Sites, last examination';
		this.#list.replaceChildren(...sites.map(({ site, outcome }) => item(site, nameOf(site), outcome ?? 'open')));
	}

	/**
	 * @param {string | null} site the one the light speaks of
	 * @param {'now' | 'next'} word
	 */
	mark(site, word) {
		for (const entry of this.#list.children) {
			const { dataset } = /** @type {HTMLElement} */ (entry);
			const mark = dataset.site === site ? word : '';
			if (dataset.mark === mark) continue;
			dataset.mark = mark;
			const tag = entry.querySelector('.tag');
			if (tag) tag.textContent = mark;
		}
	}
}

/**
 * @param {string} site
 * @param {string} name
 * @param {string} outcome
 */
function item(site, name, outcome) {
	const { word, mark } = outcomes[outcome] ?? { word: outcome, mark: 'todo' };
	const entry = document.createElement('li');
	entry.dataset.site = site;
	entry.dataset.outcome = outcome;
	const svg = symbolElement(mark);
	drawSymbol(svg, mark);
	const [place = name, vessel = ''] = name.split(', ', 2);
	entry.append(svg, line(text('span', 'name', place), text('span', 'outcome', word)));
	entry.append(line(text('small', 'vessel', vessel), text('span', 'tag', '')));
	return entry;
}

/** @param {HTMLElement[]} parts */
function line(...parts) {
	const element = document.createElement('div');
	element.className = 'line';
	element.append(...parts);
	return element;
}

/**
 * @param {string} tag
 * @param {string} name of the class
 * @param {string} words
 */
function text(tag, name, words) {
	const element = document.createElement(tag);
	element.className = name;
	element.textContent = words;
	return element;
}
