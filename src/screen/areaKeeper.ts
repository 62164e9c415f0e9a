import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { PixelKernel } from '../inference/pixelKernel.ts';
import { AreaSearch } from './areaSearch.ts';
import { areaFault, checkedArea } from './configuredArea.ts';
import { compareAreas, isOtherHalf, type LayoutWatch, overlap, stepLayout } from './layoutWatch.ts';
import type { ScreenOptions } from './screenOptions.ts';

/** Knows where the scan area is: as configured, or found on the screen and kept until the layout changes. */
export class AreaKeeper {
	/** The scan area; null where none is known. */
	roi: Roi | null = null;
	/** What the screen is while no area is known, and why. */
	scene: 'no-roi' | 'layout-changed' = 'no-roi';
	reason = '';
	readonly #options: ScreenOptions;
	readonly #search: AreaSearch;
	readonly #watch: LayoutWatch = { grown: 0, shrunk: 0 };
	/** The area was found early, and its search goes on. */
	#provisional = false;
	/** Size of the frames that the area is for; 0 before the first. */
	#width = 0;
	#height = 0;
	/** Size of the last frame. */
	#frameWidth = 0;
	#frameHeight = 0;

	/** @throws PhleboxError roi-invalid for a configured area that fits no frame */
	constructor(options: ScreenOptions, memory: FrameMemory, kernel: PixelKernel) {
		if (options.area !== null) checkedArea(options.area);
		this.#options = options;
		this.#search = new AreaSearch(options.search, memory, kernel);
	}

	/** Before a frame is judged: one turn of the search while no area is known. Returns whether the area is another one. */
	before(frame: Frame): boolean {
		if (frame.width !== this.#frameWidth || frame.height !== this.#frameHeight) return this.#resize(frame);
		if (this.roi !== null || this.#options.area !== null) return false;
		if (!this.#search.turn(frame)) return false;
		if (this.#search.found) this.roi = { ...this.#search.roi };
		else {
			this.scene = 'no-roi';
			this.reason = this.#search.reason;
		}
		if (this.#search.early) this.#provisional = true;
		else this.#begin();
		return this.roi !== null;
	}

	/**
	 * After a frame of a known area was judged: one turn of watching whether the area still fits the screen. A picture
	 * that stands tells nothing new, unless another one of its size runs beside it: the other half of a dual picture.
	 * @returns whether the layout has changed; the area is then given up
	 */
	after(frame: Frame, refused: boolean, standing: boolean): boolean {
		if (this.#options.area !== null) return false;
		const still = standing && !refused;
		if (still && this.#provisional) return false;
		if (!this.#search.turn(frame)) return false;
		if (this.#provisional) return !this.#confirm();
		const changed = this.#search.found && (still ? this.#runsBeside() : this.#differs(refused));
		if (changed) this.#giveUp('layout-changed', 'the scan area no longer fits the screen');
		else this.#begin();
		return changed;
	}

	/** Forgets what was seen of the screen, not the area. */
	reset(): void {
		this.#watch.grown = this.#watch.shrunk = 0;
		this.#begin();
	}

	/** Whether a running picture was found that is the other half of a dual picture. */
	#runsBeside(): boolean {
		const { roi, running } = this.#search;
		const reach = this.#options.layout.tolerance * Math.max(this.#width, this.#height);
		return running && isOtherHalf(this.roi!, roi, reach);
	}

	/** The whole search has its say of an area that was found early. */
	#confirm(): boolean {
		const { found, roi, reason } = this.#search;
		const same = found && overlap(this.roi!, roi) >= this.#options.search.earlyOverlap;
		if (same) this.reset();
		else this.#giveUp('no-roi', found ? 'a longer look at the screen found another scan area' : reason);
		return same;
	}

	/** A refused picture gives its area up at once for another one. */
	#differs(refused: boolean): boolean {
		const area = this.roi!;
		const { roi, running, shape } = this.#search;
		const { layout } = this.#options;
		if (refused) return overlap(area, roi) < layout.sameOverlap;
		const reach = layout.tolerance * Math.max(this.#width, this.#height);
		const seen = running ? compareAreas(area, roi, shape, reach) : 'same';
		return stepLayout(this.#watch, seen, layout);
	}

	/** The first frame, or frames of another size than before. */
	#resize(frame: Frame): boolean {
		const first = this.#width === 0;
		const { area } = this.#options;
		this.#frameWidth = frame.width;
		this.#frameHeight = frame.height;
		if (first || area === null) {
			this.#width = frame.width;
			this.#height = frame.height;
		}
		if (area === null) this.#giveUp(first ? 'no-roi' : 'layout-changed', first ? 'searching' : sizeChange(frame));
		else if (frame.width !== this.#width || frame.height !== this.#height)
			this.#giveUp(
				'layout-changed',
				`${sizeChange(frame)}, the scan area was given for ${this.#width}x${this.#height}`,
			);
		else {
			const fault = areaFault(area, frame);
			if (fault === '') this.roi = checkedArea(area, frame);
			else this.#giveUp('no-roi', fault);
		}
		return true;
	}

	#giveUp(scene: 'no-roi' | 'layout-changed', reason: string): void {
		this.roi = null;
		this.scene = scene;
		this.reason = reason;
		this.reset();
	}

	/** Begins a search: a quick one without an area, a slow one that watches the layout with one. */
	#begin(): void {
		const { samples, sampleEveryMs } = this.roi === null ? this.#options.search : this.#options.layout;
		this.#provisional = false;
		this.#search.start(samples, sampleEveryMs, this.roi === null);
	}
}

function sizeChange(frame: Frame): string {
	return `the frame is now ${frame.width}x${frame.height}`;
}
