import type { Frame, Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { PixelKernel } from '../inference/pixelKernel.ts';
import { AreaFinder } from './areaFinder.ts';
import { overlap } from './layoutWatch.ts';
import { clearMaps, createMaps, longestSide } from './maps.ts';
import { refine } from './refine.ts';
import type { SearchOptions } from './screenOptions.ts';
import { StepScan } from './stepScan.ts';

/** Cells by which a side may be off after the search. */
const reachCells = 1.5;

/**
 * The search for the scan area, a bounded piece of work a turn: looks at the whole screen and reads it at full
 * resolution over many turns, then judges the maps in three more, and says where the area is in a fourth. A running
 * screen is judged early too, beside the looks that go on; such a verdict is `early`.
 */
export class AreaSearch {
	/** The verdict; valid when `turn` has returned true. */
	readonly roi: Roi = { x: 0, y: 0, width: 0, height: 0 };
	/** The verdict rests on the first looks alone: `turn` may be called on without `start`, and gives the whole one. */
	early = false;
	readonly #bytes: Uint8Array;
	readonly #grid: Float32Array;
	readonly #gridOffset: number;
	readonly #kernel: PixelKernel;
	readonly #options: SearchOptions;
	readonly #maps = createMaps();
	readonly #before = new Float32Array(longestSide * longestSide);
	/** Sums over the looks, of which the maps are the means. */
	readonly #level = new Float32Array(longestSide * longestSide);
	readonly #activity = new Float32Array(longestSide * longestSide);
	/** What the judgement before found, and the one at hand; cells. */
	readonly #earlier: Roi = { x: 0, y: 0, width: 0, height: 0 };
	readonly #latest: Roi = { x: 0, y: 0, width: 0, height: 0 };
	readonly #whole: Roi = { x: 0, y: 0, width: 0, height: 0 };
	readonly #scan = new StepScan();
	readonly #finder = new AreaFinder();
	#work: 'watch' | 'mark' | 'label' | 'fit' | 'refine' = 'watch';
	#scanned = false;
	#samples = 0;
	#wanted = 0;
	/** The maps are judged at so many looks; and rest on so many. */
	#judgeAt = 0;
	#judged = 0;
	#mayBeEarly = false;
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
	 * @param mayBeEarly an early verdict is welcome
	 */
	start(samples: number, everyMs: number, mayBeEarly: boolean): void {
		this.#wanted = samples;
		this.#mayBeEarly = mayBeEarly;
		this.#everyMs = everyMs;
		this.#startMs = Number.NaN;
		this.#watch();
	}

	/** One turn of work. Returns whether there is a verdict; after one that is not `early`, `start` again. */
	turn(frame: Frame): boolean {
		if (Number.isNaN(this.#startMs)) this.#open(frame);
		this.#look(frame);
		if (this.#work === 'watch') {
			if (this.#scanned && this.#samples >= this.#judgeAt) this.#work = 'mark';
		} else if (this.#work === 'mark') this.#mark();
		else if (this.#work === 'label') this.#label();
		else if (this.#work === 'fit') this.#fit(frame);
		else {
			this.#place(frame);
			this.#work = 'watch';
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
		this.#level.fill(0);
		this.#activity.fill(0);
		this.#scan.start(this.#maps, this.#whole.width || 1);
		this.#work = 'watch';
		this.#scanned = false;
		this.#samples = 0;
		this.#latest.width = 0;
		this.early = false;
		this.#judgeAt = this.#mayBeEarly ? Math.min(this.#options.earlySamples, this.#wanted) : this.#wanted;
		this.#sampleMs = Number.NEGATIVE_INFINITY;
	}

	#look(frame: Frame): void {
		if (this.#samples < this.#wanted && frame.timestampMs - this.#sampleMs >= this.#everyMs) this.#sample(frame);
		if (!this.#scanned) this.#scanned = this.#scan.turn(this.#bytes, frame, this.#maps, this.#options.pixelsPerTurn);
	}

	/** Adds the screen as it is now to the sums of level and change. */
	#sample(frame: Frame): void {
		const { width, height } = this.#maps;
		this.#kernel.areaAverage(frame, this.#whole, this.#gridOffset, width, height);
		const first = this.#samples === 0;
		for (let at = 0; at < width * height; at++) {
			const grey = this.#grid[at]! * 255;
			this.#level[at]! += grey;
			if (!first) this.#activity[at]! += Math.abs(grey - this.#before[at]!);
			this.#before[at] = grey;
		}
		this.#samples++;
		this.#sampleMs = frame.timestampMs;
	}

	#mark(): void {
		const { width, height, level, activity } = this.#maps;
		for (let at = 0; at < width * height; at++) {
			level[at] = this.#level[at]! / this.#samples;
			activity[at] = this.#activity[at]! / Math.max(1, this.#samples - 1);
		}
		this.#judged = this.#samples;
		this.#finder.mark(this.#maps, this.#options);
		this.#work = 'label';
	}

	#label(): void {
		this.#finder.label(this.#maps);
		this.#work = 'fit';
	}

	#fit(frame: Frame): void {
		this.#finder.conclude(this.#maps, this.#options);
		if (this.#judged < this.#wanted) {
			this.#work = this.#agrees() ? 'refine' : 'watch';
			this.early = this.#work === 'refine';
			const further = this.early ? this.#wanted : this.#judged + this.#options.earlyEvery;
			this.#judgeAt = Math.min(this.#wanted, further);
			return;
		}
		this.early = false;
		// A scan that begins to run in a moment is found better running than still.
		const soon = !this.running && frame.timestampMs - this.#startMs < this.#options.stillAfterMs;
		if (soon) this.#watch();
		else this.#work = 'refine';
	}

	/** Whether the screen runs and the judgement before found the same. */
	#agrees(): boolean {
		const { found, running, left, top, right, bottom } = this.#finder.area;
		this.#earlier.x = this.#latest.x;
		this.#earlier.y = this.#latest.y;
		this.#earlier.width = this.#latest.width;
		this.#earlier.height = this.#latest.height;
		this.#latest.x = left;
		this.#latest.y = top;
		this.#latest.width = found && running ? right - left : 0;
		this.#latest.height = bottom - top;
		if (this.#latest.width <= 0 || this.#earlier.width <= 0) return false;
		return overlap(this.#earlier, this.#latest) >= this.#options.earlyOverlap;
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
