// @ts-check
import { isOn } from './blink.js';
import { drawSymbol } from './symbols.js';

/** @typedef {import('../../indicator/lightTable.ts').LightState} LightState */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The large field: colour, texture, symbol, word; blinks as the light of the box does. */
export class LightField {
	#field = byId('light');
	#word = byId('word');
	#symbol = /** @type {SVGElement} */ (/** @type {unknown} */ (byId('symbol')));
	/** @type {readonly number[]} */
	#steps = [0, 1000];
	#guidance = '';
	#sinceMs = 0;
	#on = false;

	/**
	 * @param {string} guidance
	 * @param {LightState} state
	 * @param {number} nowMs
	 */
	show(guidance, state, nowMs) {
		if (guidance === this.#guidance) return;
		this.#guidance = guidance;
		this.#steps = state.pattern.steps;
		this.#sinceMs = nowMs;
		document.body.dataset.guidance = guidance;
		this.#field.style.setProperty('--screen', state.screen);
		this.#word.style.setProperty('--letters', String(Math.max(state.text.length, 4)));
		this.#word.textContent = state.text;
		document.title = `Phlebox: ${state.text}`;
		drawSymbol(this.#symbol, state.symbol);
		this.turn(nowMs);
	}

	/** @param {number} nowMs */
	turn(nowMs) {
		const on = isOn(this.#steps, nowMs - this.#sinceMs);
		if (on === this.#on) return;
		this.#on = on;
		this.#field.dataset.on = String(on);
	}
}

/**
 * Lifts the covers that say *don't know* for so long and no longer. The browser ends it by itself: a script that hangs
 * cannot keep a result on the screen.
 */
export class Covers {
	#covers = [...document.querySelectorAll('.cover')];
	/** @type {Animation[]} */
	#lifted = [];

	/** @param {number} leftMs */
	lift(leftMs) {
		const before = this.#lifted;
		const clear = { opacity: 0 };
		const frames = [
			{ ...clear, offset: 0 },
			{ ...clear, offset: 0.1 },
			{ opacity: 1, offset: 0.1 },
			{ opacity: 1, offset: 1 },
		];
		this.#lifted = leftMs > 0 ? this.#covers.map((cover) => cover.animate(frames, { duration: leftMs * 10 })) : [];
		for (const animation of before) animation.cancel();
	}
}
