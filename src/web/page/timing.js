// @ts-check
/** @typedef {import('../../telemetry/timing.ts').Timing} Times */
/** @typedef {import('../../telemetry/latency.ts').LatencyFigures} Figures */

/** @type {[keyof Times['stages'], string][]} */
const stages = [
	['delivery', 'delivery of the frame'],
	['screen', 'judging the screen'],
	['network', 'network'],
	['light', 'examination and light'],
];

/** @param {number} value milliseconds */
const ms = (value) => value.toFixed(value < 10 ? 1 : 0);

/** @param {Figures} figures */
const most = ({ maxMs, beyond }) => (beyond > 0 ? `over ${ms(maxMs)}` : ms(maxMs));

/** The box's own timing of its frames, from capture to light, since its vision thread started. */
export class Timing {
	#summary = /** @type {HTMLElement} */ (document.getElementById('timing-summary'));
	#rows = /** @type {HTMLElement} */ (document.getElementById('timing-rows'));
	#late = /** @type {HTMLElement} */ (document.getElementById('timing-late'));

	/** @param {Times} times */
	show({ latency, stages: parts, misses, longestMissRun }) {
		if (latency === null) {
			this.#summary.textContent = 'Timing: not measured yet';
			this.#rows.replaceChildren();
			this.#late.textContent = '';
			return;
		}
		this.#summary.textContent = `Frame to light: ${ms(latency.p50Ms)} ms, 99 of 100 within ${ms(latency.p99Ms)} ms`;
		this.#rows.replaceChildren(...stages.map(([name, words]) => row(words, parts[name])), row('whole way', latency));
		const run = longestMissRun > 1 ? `, at most ${longestMissRun} in a row` : '';
		this.#late.textContent = `${misses} of ${latency.frames} frames later than a frame time${run}`;
	}
}

/**
 * @param {string} words
 * @param {Figures | null} figures
 */
function row(words, figures) {
	const line = document.createElement('tr');
	const head = document.createElement('th');
	head.scope = 'row';
	head.textContent = words;
	const values = figures ? [ms(figures.p50Ms), ms(figures.p99Ms), most(figures)] : ['-', '-', '-'];
	line.append(
		head,
		...values.map((value) => {
			const cell = document.createElement('td');
			cell.textContent = value;
			return cell;
		}),
	);
	return line;
}
