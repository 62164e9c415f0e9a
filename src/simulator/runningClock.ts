import type { Roi } from '../capture/frame.ts';
import { advance, type Canvas } from './canvas.ts';
import { glyphHeight } from './font.ts';
import type { Layout } from './layout.ts';
import { textSize } from './screenPainter.ts';

/** The clock on the screen. It runs on while the scan is frozen, as on real machines. Allocates nothing while it runs. */
export class RunningClock {
	/** Where it stands, pixels. */
	readonly place: Roi;
	readonly #canvas: Canvas;
	readonly #layout: Layout;
	readonly #size: number;
	readonly #ground: Layout['band'];
	#shown = -1;

	constructor(canvas: Canvas, layout: Layout) {
		const [x, y] = layout.clock;
		this.#canvas = canvas;
		this.#layout = layout;
		this.#size = textSize(canvas.height);
		const top = Math.round(y * canvas.height);
		const inHeader = y < layout.header;
		this.#ground = inHeader || y > 1 - layout.footer ? layout.band : layout.ground;
		this.place = {
			x: Math.round(x * canvas.width) & ~1,
			y: top,
			width: (advance(this.#size) * (layout.tenths ? 10 : 8) + 1) & ~1,
			height: glyphHeight * this.#size,
		};
	}

	/**
	 * Draws the time if it has changed.
	 * @param seconds after midnight; @param anew draws it even so; @returns whether `place` was drawn anew
	 */
	show(seconds: number, anew: boolean): boolean {
		const ticks = Math.floor(this.#layout.tenths ? seconds * 10 : seconds);
		if (ticks === this.#shown && !anew) return false;
		this.#shown = ticks;
		const { place } = this;
		this.#canvas.fill(place.x, place.y, place.width, place.height, this.#ground);
		const whole = Math.floor(seconds);
		this.#pair(0, Math.floor(whole / 3600) % 24);
		this.#character(2, 58);
		this.#pair(3, Math.floor(whole / 60) % 60);
		this.#character(5, 58);
		this.#pair(6, whole % 60);
		if (this.#layout.tenths) {
			this.#character(8, 46);
			this.#character(9, 48 + (ticks % 10));
		}
		return true;
	}

	#pair(at: number, value: number): void {
		this.#character(at, 48 + Math.floor(value / 10));
		this.#character(at + 1, 48 + (value % 10));
	}

	#character(at: number, code: number): void {
		this.#canvas.glyph(code, this.place.x + at * advance(this.#size), this.place.y, this.#size, this.#layout.text);
	}
}
