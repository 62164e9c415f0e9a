import { frameBytes, lumaLayout, type PixelFormat, type Roi } from '../capture/frame.ts';
import { type BeamQuality, BMode } from './bMode.ts';
import { Canvas } from './canvas.ts';
import type { SeenVessel } from './geometry.ts';
import { inventText, type ScreenText } from './invented.ts';
import { type Layout, layouts, placePicture } from './layout.ts';
import { chooseProbe, type Probe } from './probe.ts';
import { inAir, lengthOf, type ProbeState, probeAt } from './probeState.ts';
import { Random } from './random.ts';
import { RunningClock } from './runningClock.ts';
import { RunningTrace } from './runningTrace.ts';
import { ScanConverter } from './scanConverter.ts';
import { chooseScanner, type Scanner } from './scanner.ts';
import { type Episode, episodeAt, type Scenario } from './scenario.ts';
import { type Mark, marksInside, paintScreen } from './screenPainter.ts';
import { Subject } from './subject.ts';
import { judge, noTruth, type Truth } from './truth.ts';

export interface SimulationOptions {
	/** Chooses the machine: probe, settings, layout, texts. */
	seed: number;
	scenario: Scenario;
	/** Name of a layout, or `any`. */
	layout: string;
	/** `any`, `linear` or `curved`, as far as the layout allows. */
	probe: 'any' | 'linear' | 'curved';
	/** Pixels of the screen; the width is even. */
	width: number;
	height: number;
	/** Images a second; 0 lets the seed choose 13..54. */
	scannerHz: number;
	quality: BeamQuality;
}

export const simulationDefaults = {
	layout: 'any',
	probe: 'any',
	width: 1280,
	height: 720,
	scannerHz: 0,
	quality: { beams: 160, samples: 416 },
} as const satisfies Partial<SimulationOptions>;

/**
 * An ultrasound scanner with a patient under its probe, as a function of time: draws its screen into frame memory and
 * knows the truth about it. Time must not run backwards. Allocates only when a new patient comes.
 */
export class Simulation {
	readonly width: number;
	readonly height: number;
	readonly layout: Layout;
	readonly probe: Probe;
	readonly scanner: Scanner;
	/** Where the scan is on the screen. */
	readonly roi: Roi;
	/** About the image on the screen. */
	readonly truth: Truth = noTruth();
	/** How the probe is held in the image on the screen. */
	readonly state: ProbeState = { ...inAir };
	readonly #options: SimulationOptions;
	readonly #mode: BMode;
	readonly #converter: ScanConverter;
	readonly #canvas: Canvas;
	readonly #clock: RunningClock;
	readonly #trace: RunningTrace;
	readonly #marks: Mark[];
	#text: ScreenText;
	#episode: Episode | null = null;
	#episodeIndex = -1;
	#episodeStart = 0;
	#episodeEnd = 0;
	/** A new episode has begun and its first frame is still to be drawn. */
	#entered = false;
	#subject: Subject | null = null;
	#next: Subject | null = null;
	/** Number of the scanner's image clock last drawn; -1 before the first. */
	#tick = -1;
	/** Where the frame before lies. */
	#buffer: ArrayBufferLike | null = null;
	#place = -1;

	/** @throws RangeError for an unknown layout */
	constructor(options: SimulationOptions) {
		const random = new Random(options.seed, 81);
		const { width, height } = options;
		const fitting = layouts.filter(
			(each) => options.probe === 'any' || each.probe === 'any' || each.probe === options.probe,
		);
		const layout =
			options.layout === 'any' ? random.pick(fitting) : layouts.find((each) => each.name === options.layout);
		if (!layout)
			throw new RangeError(
				`layout ${options.layout} is unknown; known are any, ${layouts.map((each) => each.name).join(', ')}`,
			);
		this.#options = options;
		this.width = width;
		this.height = height;
		this.layout = layout;
		this.probe = chooseProbe(random, layout.probe === 'any' ? options.probe : layout.probe);
		const scanner = chooseScanner(options.seed, this.probe);
		this.scanner = options.scannerHz > 0 ? { ...scanner, hz: options.scannerHz } : scanner;
		this.roi = placePicture(layout, this.probe, width, height);
		this.#mode = new BMode(this.scanner, this.probe, options.seed, options.quality);
		this.#converter = new ScanConverter(this.#mode.grid, this.probe, this.roi.width, this.roi.height);
		this.#canvas = new Canvas(width, height);
		this.#clock = new RunningClock(this.#canvas, layout);
		this.#trace = new RunningTrace(this.#canvas, layout);
		this.#marks = marksInside(layout, this.probe, this.roi, height);
		this.#text = this.#invent(0);
	}

	/** Where the vessels are in the image on the screen, millimetres from the middle of the picture's upper edge. */
	get vessels(): readonly SeenVessel[] {
		return this.#subject?.geometry.vessels ?? [];
	}

	/** Whether the scenario is over at a moment, milliseconds from its start. */
	isOver(timeMs: number): boolean {
		this.#enter(timeMs);
		return this.#episode === null;
	}

	/**
	 * Draws the screen at a moment. What has not changed since the frame before is drawn only where that frame does not lie.
	 * @param offset byte of the frame; @param stride bytes a row; @param timeMs from the start, never less than before
	 * @returns whether the scan is a fresh image
	 */
	draw(bytes: Uint8Array, offset: number, stride: number, format: PixelFormat, timeMs: number): boolean {
		this.#enter(timeMs);
		const first = this.#tick < 0;
		const place = bytes.byteOffset + offset;
		const elsewhere = bytes.buffer !== this.#buffer || place !== this.#place;
		this.#buffer = bytes.buffer;
		this.#place = place;
		if (this.#entered) paintScreen(this.#canvas, this.layout, this.probe, this.roi, this.#text);
		const all = elsewhere || this.#entered;
		const seconds = timeMs / 1000;
		const ticked = this.#clock.show(this.#text.startsAt + seconds, this.#entered);
		const swept = this.layout.trace && this.#trace.show(seconds);
		if (all) this.#copyAll(bytes, offset, stride, format);
		else {
			if (ticked) this.#canvas.copy(this.#clock.place, bytes, offset, stride, format);
			if (swept) this.#canvas.copy(this.#trace.place, bytes, offset, stride, format);
		}
		const tick = Math.floor((timeMs * this.scanner.hz) / 1000 + 1e-6);
		const due = tick !== this.#tick || this.#entered;
		this.#tick = tick;
		this.#entered = false;
		const fresh = due && this.#image(tick, first);
		if (fresh || all) this.#show(bytes, offset, stride, format);
		return fresh;
	}

	/** Works out the image of a tick of the scanner, unless the operator has frozen it. */
	#image(tick: number, first: boolean): boolean {
		const episode = this.#episode;
		const subject = this.#subject;
		if (!episode || !subject) return false;
		const timeMs = (tick * 1000) / this.scanner.hz;
		probeAt(episode.start, episode.acts, timeMs - this.#episodeStart, this.state);
		this.#next?.step();
		if (this.state.frozen > 0 && !first) {
			this.truth.frozen = true;
			return false;
		}
		subject.geometry.update(this.state, timeMs);
		this.#mode.render(subject.geometry, subject.maps, this.state, subject.lumen, tick);
		judge(subject.geometry, this.state, this.truth.image + 1, this.truth);
		return true;
	}

	#show(bytes: Uint8Array, offset: number, stride: number, format: PixelFormat): void {
		const { first, step } = lumaLayout(format);
		const { roi } = this;
		const start = offset + first + roi.y * stride + roi.x * step;
		this.#converter.write(this.#mode.grey, bytes, start, stride, step);
		for (const mark of this.#marks)
			for (let row = mark.y; row < mark.y + mark.height; row++)
				for (let column = mark.x; column < mark.x + mark.width; column++)
					bytes[start + row * stride + column * step] = mark.colour[0];
	}

	#copyAll(bytes: Uint8Array, offset: number, stride: number, format: PixelFormat): void {
		bytes.fill(128, offset, offset + frameBytes(format, stride, this.height));
		this.#canvas.copy({ x: 0, y: 0, width: this.width, height: this.height }, bytes, offset, stride, format);
	}

	/** Goes on to the episode of a moment. */
	#enter(timeMs: number): void {
		let changed = false;
		while (this.#episodeIndex < 0 || (this.#episode !== null && timeMs >= this.#episodeEnd)) {
			this.#episodeIndex++;
			this.#episode = episodeAt(this.#options.scenario, this.#episodeIndex);
			this.#episodeStart = this.#episodeEnd;
			if (this.#episode) this.#episodeEnd += lengthOf(this.#episode.acts);
			changed = true;
		}
		if (!changed || !this.#episode) return;
		this.#entered = true;
		this.#subject = (this.#next ?? this.#prepare(this.#episode)).finish();
		const following = episodeAt(this.#options.scenario, this.#episodeIndex + 1);
		this.#next = following ? this.#prepare(following) : null;
		this.#subject.adjust(this.#mode);
		this.#mode.restart();
		this.#text = this.#invent(this.#episode.patientSeed);
	}

	#prepare(episode: Episode): Subject {
		return new Subject(
			{
				seed: episode.patientSeed,
				content: episode.content,
				probe: this.probe,
				side: episode.side,
				thrombus: episode.thrombus,
			},
			this.scanner,
			this.#options.quality,
			episode.start,
			episode.acts.some((act) => act.to?.station !== undefined),
		);
	}

	#invent(patientSeed: number): ScreenText {
		return inventText(this.#options.seed, patientSeed, this.scanner.hz, this.probe.depth, this.probe.kind === 'linear');
	}
}
