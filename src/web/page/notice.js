// @ts-check
const saidMs = 4000;

/** One calm line: the answer to a button for a while, else what the box has to report. */
export class Notice {
	#line = /** @type {HTMLElement} */ (document.getElementById('notice'));
	#alert = '';
	#answer = '';
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	#timer;

	/** @param {{ text: string }[]} alerts */
	alerts(alerts) {
		const more = alerts.length > 1 ? ` (and ${alerts.length - 1} more)` : '';
		this.#alert = alerts[0] ? `Note: ${alerts[0].text}${more}` : '';
		this.#show();
	}

	/** @param {string} words */
	say(words) {
		this.#answer = words;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#answer = '';
			this.#show();
		}, saidMs);
		this.#show();
	}

	#show() {
		const words = this.#answer || this.#alert;
		if (this.#line.textContent !== words) this.#line.textContent = words;
	}
}
