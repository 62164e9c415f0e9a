// @ts-check
/** @typedef {import('./validity.js').Heard} Heard */
/** @typedef {import('./notice.js').Notice} Notice */

const answerMs = 3000;

/** The operator's words to the exam. */
export class Buttons {
	#buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll('button[data-command]')]);
	#side = /** @type {HTMLElement} */ (document.getElementById('side'));
	#notice;
	#open = false;
	#running = false;

	/** @param {Notice} notice */
	constructor(notice) {
		this.#notice = notice;
		for (const button of this.#buttons) button.addEventListener('click', () => void this.#press(button));
		this.#paint();
	}

	/** @param {Heard} heard */
	show({ side, phase }) {
		this.#running = phase === 'running';
		const words = side === 'unknown' ? 'not said' : side;
		if (this.#side.textContent !== words) this.#side.textContent = words;
		for (const button of this.#buttons)
			if (button.dataset.side) button.setAttribute('aria-pressed', String(button.dataset.side === side));
		this.#paint();
	}

	/** @param {boolean} open whether the box hears */
	enable(open) {
		if (open === this.#open) return;
		this.#open = open;
		this.#paint();
	}

	/** @param {HTMLButtonElement} button */
	#may(button) {
		return this.#open && (button.dataset.command !== 'end' || this.#running);
	}

	/** A button that cannot act keeps the keyboard's focus, so it is not disabled for the browser. */
	#paint() {
		for (const button of this.#buttons) {
			const off = String(!this.#may(button));
			if (button.getAttribute('aria-disabled') !== off) button.setAttribute('aria-disabled', off);
		}
	}

	/** @param {HTMLButtonElement} button */
	async #press(button) {
		if (!this.#open) return this.#notice.say('No connection to the box: nothing was sent.');
		if (!this.#may(button)) return this.#notice.say('No examination is running.');
		const { command, side } = button.dataset;
		try {
			const response = await fetch(`api/exam/${command}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(side ? { side } : {}),
				signal: AbortSignal.timeout(answerMs),
			});
			this.#notice.say(response.ok ? `Sent: ${button.textContent}.` : `Not done: ${(await response.json()).error}.`);
		} catch {
			this.#notice.say('The box did not answer. Look at the page before you press again.');
		}
	}
}
