// @ts-check
const intervalMs = 1000 / 12;
/** A picture that is not followed by another for so long is no live picture. */
const staleMs = 600;

/**
 * The scan area, live: grey pixels from the box, drawn only while the state says that there is a picture.
 */
export class Scan {
	#canvas = /** @type {HTMLCanvasElement} */ (document.getElementById('canvas'));
	#empty = /** @type {HTMLElement} */ (document.getElementById('no-picture'));
	#wanted = false;
	#sequence = '';
	#drawnMs = 0;
	#fetchedMs = Number.NEGATIVE_INFINITY;
	#busy = false;

	/** @param {boolean} wanted whether a live picture may be shown now */
	want(wanted) {
		this.#wanted = wanted;
		if (!wanted) this.#hide();
	}

	/** @param {number} nowMs */
	turn(nowMs) {
		if (!this.#canvas.hidden && nowMs - this.#drawnMs > staleMs) this.#hide();
		if (!this.#wanted || this.#busy || nowMs - this.#fetchedMs < intervalMs) return;
		this.#fetchedMs = nowMs;
		this.#busy = true;
		this.#fetch()
			.catch(() => this.#hide())
			.finally(() => {
				this.#busy = false;
			});
	}

	#hide() {
		this.#canvas.hidden = true;
		this.#empty.hidden = false;
	}

	async #fetch() {
		const response = await fetch('api/preview', { signal: AbortSignal.timeout(staleMs) });
		if (response.status !== 200) {
			this.#hide();
			return;
		}
		const [width, height, aspect] = ['x-width', 'x-height', 'x-aspect'].map((name) =>
			Number(response.headers.get(name)),
		);
		const luma = new Uint8Array(await response.arrayBuffer());
		const sequence = response.headers.get('x-sequence') ?? '';
		if (!this.#wanted || sequence === this.#sequence) return;
		if (!width || !height || !aspect || luma.length !== width * height) throw new Error('not a preview');
		this.#sequence = sequence;
		this.#draw(luma, width, height, aspect);
	}

	/**
	 * @param {Uint8Array} luma
	 * @param {number} width
	 * @param {number} height
	 * @param {number} aspect
	 */
	#draw(luma, width, height, aspect) {
		const canvas = this.#canvas;
		if (canvas.width !== width || canvas.height !== height) {
			canvas.width = width;
			canvas.height = height;
		}
		canvas.style.setProperty('--aspect', String(aspect));
		const image = new ImageData(width, height);
		const pixels = new Uint32Array(image.data.buffer);
		for (let i = 0; i < luma.length; i++) pixels[i] = 0xff000000 | ((luma[i] ?? 0) * 0x010101);
		canvas.getContext('2d')?.putImageData(image, 0, 0);
		canvas.hidden = false;
		this.#empty.hidden = true;
		this.#drawnMs = performance.now();
	}
}
