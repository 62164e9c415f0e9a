import { whatToShow } from '../expiry.ts';
import type { Indication, Light, Moment } from '../light.ts';
import { lightTable } from '../lightTable.ts';
import { isOn } from '../pattern.ts';
import type { Shown } from '../shown.ts';
import { createPicture, drawState, type Picture } from './picture.ts';

/** Port: a display with pixels. */
export interface Panel {
	readonly name: string;
	/**
	 * Ends blank.
	 * @returns its size in pixels
	 * @throws PhleboxError light-failed
	 */
	open(): { width: number; height: number };
	/**
	 * Shows a picture. What was shown before is gone before the first of the new appears, so that no mixture is read.
	 * @param colour of the state, `#rrggbb`, for a display that has colours
	 * @param lit the ground is in that colour, or inverted where there are no colours; else it is dark
	 * @throws PhleboxError light-failed
	 */
	draw(picture: Picture, colour: string, lit: boolean): void;
	/**
	 * Shows the same again without a flicker, for a display that may have lost its power meanwhile and has no way to say so.
	 * @throws PhleboxError light-failed, where it has gone
	 */
	refresh?(lit: boolean): void;
	/** Changes the ground of what is shown. @throws PhleboxError light-failed */
	light(lit: boolean): void;
	/** @param percent of the configured brightness */
	dim(percent: number): void;
	/** Blank, and given back. */
	close(): void;
}

/** A display that was without power shows the state again after this at the latest. Milliseconds. */
const refreshMs = 2000;

/**
 * A display that says the state in words: the ground blinks as an LED would, the words stand still. It knows no expiry by
 * itself and keeps its picture for as long as it has power, so it belongs into the keeper (src/indicator/keeper).
 */
export class DisplayLight implements Light {
	readonly #panel: Panel;
	#picture: Picture = createPicture(0, 0);
	#guidance: Shown | null = null;
	#site: string | null = null;
	#lit = false;
	#sinceMs = Number.NaN;
	#freshMs = 0;

	constructor(panel: Panel) {
		this.#panel = panel;
	}

	get name(): string {
		return this.#panel.name;
	}

	open(): void {
		const { width, height } = this.#panel.open();
		this.#picture = createPicture(width, height);
		this.#guidance = null;
	}

	show(indication: Indication, moment: Moment): void {
		const guidance = whatToShow(indication, moment);
		const site = guidance === indication.guidance ? indication.site : null;
		if (guidance !== this.#guidance) this.#sinceMs = moment.nowMs;
		const { colour, screen, pattern } = lightTable[guidance];
		const lit = colour !== 'dark' && isOn(pattern, moment.nowMs - this.#sinceMs);
		if (guidance !== this.#guidance || site !== this.#site) {
			// Said after it is drawn: what failed is drawn again.
			this.#guidance = null;
			drawState(this.#picture, guidance, site);
			this.#panel.draw(this.#picture, screen, lit);
			this.#guidance = guidance;
			this.#site = site;
			this.#freshMs = moment.nowMs;
		} else if (this.#panel.refresh && moment.nowMs - this.#freshMs >= refreshMs) {
			this.#panel.refresh(lit);
			this.#freshMs = moment.nowMs;
		} else if (lit !== this.#lit) this.#panel.light(lit);
		this.#lit = lit;
	}

	dim(percent: number): void {
		this.#panel.dim(percent);
		// Drawn again as bright as it has to be.
		this.#site = null;
		this.#guidance = null;
	}

	close(): void {
		this.#guidance = null;
		this.#panel.close();
	}
}
