import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { PixelKernel } from '../inference/pixelKernel.ts';
import { AreaFinder } from './areaFinder.ts';
import { clearMaps, createMaps, longestSide } from './maps.ts';
import { refine } from './refine.ts';
import type { SearchOptions } from './screenOptions.ts';
import { StepScan } from './stepScan.ts';

/** Cells by which a side may be off after the search. */
const reachCells = 1.5;

/**
 * The search for the scan area, a bounded piece of work a turn: looks at the whole screen and reads it at full
 * resolution over many turns, then judges the maps in four more.
 */
export class AreaSearch {
	/** The verdict; valid when `turn` has returned true. */
	readonly roi: Roi = { x: 0, y: 0, width: 0, height: 0 };
	readonly #bytes: Uint8Array;
	readonly #grid: Float32Array;
	readonly #gridOffset: number;
	readonly #kernel: PixelKernel;
	readonly #options: SearchOptions;
	readonly #maps = createMaps();
	readonly #before = new Float32Array(longestSide * longestSide);
	readonly #whole: Roi = { x: 0, y: 0, width: 0, height: 0 };
	readonly #scan = new StepScan();
	readonly #finder = new AreaFinder();
	#work: 'watch' | 'mark' | 'label' | 'fit' | 'refine' = 'watch';
	#scanned = false;
	#samples = 0;
	#wanted = 0;
	#everyMs = 0;
	#startMs = Number.NaN;
	#sampleMs = 0;

	constructor(options: SearchOptions, memory: FrameMemory, kernel: PixelKernel) {
		this.#options = options;
		this.#kernel = kernel;
		this.#bytes = memory.bytes;
		this.#gridOffset = memory.reserve(longestSide * longestSide * 4);
		this.#grid = new Float32Array(memory.memory.buffer, this.#gridOffset, longestSide * longestSide);
	}

	get found(): boolean {
		return this.#finder.area.found;
	}

	/** Why nothing was found; empty when something was. */
	get reason(): string {
		return this.#finder.area.reason;
	}

	/** The screen was running: the area was found by what moves on it. */
	get running(): boolean {
		return this.#finder.area.running;
	}

	get shape(): 'rectangle' | 'sector' {
		return this.#finder.area.shape;
	}

	/**
	 * Begins anew.
	 * @param samples looks at the whole screen; @param everyMs shortest time between them
	 */
	start(samples: number, everyMs: number): void {
		this.#wanted = samples;
		this.#everyMs = everyMs;
		this.#startMs = Number.NaN;
		this.#watch();
	}

	/** One turn of work. Returns whether there is a verdict; after it, `start` again. */
	turn(frame: Frame): boolean {
		if (Number.isNaN(this.#startMs)) this.#open(frame);
		if (this.#work === 'watch') this.#look(frame);
		else if (this.#work === 'mark') this.#mark();
		else if (this.#work === 'label') this.#label();
		else if (this.#work === 'fit') this.#fit(frame);
		else {
			this.#place(frame);
			return true;
		}
		return false;
	}

	#open(frame: Frame): void {
		this.#startMs = frame.timestampMs;
		this.#whole.width = frame.width;
		this.#whole.height = frame.height;
		this.#watch();
	}

	#watch(): void {
		clearMaps(this.#maps, this.#whole.width || 1, this.#whole.height || 1);
		this.#scan.start(this.#maps, this.#whole.width || 1);
		this.#work = 'watch';
		this.#scanned = false;
		this.#samples = 0;
		this.#sampleMs = Number.NEGATIVE_INFINITY;
	}

	#look(frame: Frame): void {
		if (this.#samples < this.#wanted && frame.timestampMs - this.#sampleMs >= this.#everyMs) this.#sample(frame);
		if (!this.#scanned) this.#scanned = this.#scan.turn(this.#bytes, frame, this.#maps, this.#options.pixelsPerTurn);
		if (this.#scanned && this.#samples >= this.#wanted) this.#work = 'mark';
	}

	/** Adds the screen as it is now to the sums of level and change. */
	#sample(frame: Frame): void {
		const { width, height, level, activity } = this.#maps;
		this.#kernel.areaAverage(frame, this.#whole, this.#gridOffset, width, height);
		const first = this.#samples === 0;
		for (let at = 0; at < width * height; at++) {
			const grey = this.#grid[at]! * 255;
			level[at]! += grey;
			if (!first) activity[at]! += Math.abs(grey - this.#before[at]!);
			this.#before[at] = grey;
		}
		this.#samples++;
		this.#sampleMs = frame.timestampMs;
	}

	#mark(): void {
		const { width, height, level, activity } = this.#maps;
		for (let at = 0; at < width * height; at++) {
			level[at]! /= this.#samples;
			activity[at]! /= Math.max(1, this.#samples - 1);
		}
		this.#finder.mark(this.#maps, this.#options);
		this.#work = 'label';
	}

	#label(): void {
		this.#finder.label(this.#maps);
		this.#work = 'fit';
	}

	#fit(frame: Frame): void {
		this.#finder.conclude(this.#maps, this.#options);
		// A scan that begins to run in a moment is found better running than still.
		const soon = !this.running && frame.timestampMs - this.#startMs < this.#options.stillAfterMs;
		if (soon) this.#watch();
		else this.#work = 'refine';
	}

	#place(frame: Frame): void {
		const { area } = this.#finder;
		if (!area.found) return;
		const { roi } = this;
		const across = frame.width / this.#maps.width;
		const down = frame.height / this.#maps.height;
		roi.x = Math.round(area.left * across);
		roi.y = Math.round(area.top * down);
		roi.width = Math.min(frame.width, Math.round(area.right * across)) - roi.x;
		roi.height = Math.min(frame.height, Math.round(area.bottom * down)) - roi.y;
		if (area.shape === 'rectangle') refine(this.#bytes, frame, roi, Math.ceil(reachCells * Math.max(across, down)));
	}
}
