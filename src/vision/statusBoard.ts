import { type SignalState, signalStates } from '../capture/signal.ts';
import { type Guidance, guidances } from '../exam/guidance.ts';
import { type VeinState, veinStates } from '../exam/observation.ts';
import { type Side, type SiteOutcome, sides, siteOutcomes } from '../exam/record.ts';
import type { Phase } from '../exam/state.ts';
import { type Scene, scenes } from '../screen/scene.ts';
import { longestRunCounted } from './frameDeadline.ts';
import { readClock } from './turnClock.ts';
import { stages } from './turnTimes.ts';

/** Sites a board has room for. */
export const boardSites = 8;
const saidSites = boardSites + 1;
/** Preview of the scan area, pixels. */
export const previewWidth = 320;
export const previewHeight = 240;

/** Slots of the 64-bit floats. */
const number = {
	heartbeatMs: 0,
	frameMs: 1,
	expiresMs: 2,
	frames: 3,
	images: 4,
	repeats: 5,
	dropped: 6,
	lastLatencyMs: 7,
	landmarkConfidence: 8,
	veinConfidence: 9,
	examination: 10,
	roiX: 11,
	roiY: 12,
	roiWidth: 13,
	roiHeight: 14,
	frameWidth: 15,
	frameHeight: 16,
	misses: 17,
	/** Misses in a row up to now. */
	missRun: 22,
	previewSequence: 18,
	previewMs: 21,
	lights: 19,
	lightsFailed: 20,
} as const;
/** Slots of the 32-bit integers: codes are positions in the lists of words, -1 for none. */
const code = {
	/** Guidance and site in one word, so that nobody reads the one of this turn with the other of the turn before. */
	said: 0,
	signal: 1,
	scene: 2,
	landmark: 3,
	vein: 4,
	side: 6,
	phase: 7,
	siteOutcome: 8,
	bell: 31,
} as const;
const phases: readonly Phase[] = ['ready', 'running', 'over'];

/** Upper bounds of the latency histogram in milliseconds; the last bucket has none. */
export const latencyBounds = Float64Array.from({ length: 63 }, (_, i) => 0.05 * 1.16 ** i);

const numberSlots = 32;
const codeSlots = 32;
const histogramSlots = 64;
/** A histogram for the whole way, one a stage, and the runs of misses by their length. */
const timingSlots = (1 + stages.length + 1) * histogramSlots;
const previewBytes = previewWidth * previewHeight;
const boardBytes = numberSlots * 8 + timingSlots * 4 + codeSlots * 4 + 2 * previewBytes;

/** What the counts of timing are, of a board or of a copy of them. */
export function timingParts(timing: Int32Array): {
	whole: Int32Array;
	stages: readonly Int32Array[];
	missRuns: Int32Array;
} {
	const part = (place: number, slots: number) =>
		timing.subarray(place * histogramSlots, place * histogramSlots + slots);
	return {
		whole: part(0, histogramSlots),
		stages: stages.map((_, place) => part(1 + place, histogramSlots)),
		missRuns: part(1 + stages.length, longestRunCounted + 1),
	};
}

/**
 * What the vision thread lets the others see, in shared memory: written at every turn without allocation, read by the
 * main thread whenever it likes. Words travel as positions in their lists. Fields are written one by one: a reader may
 * see a turn half written, never a torn word; what has to be exact goes by message (VisionEvent).
 */
export class StatusBoard {
	readonly buffer: SharedArrayBuffer;
	readonly numbers: Float64Array;
	/** All counts of timing in one piece: `histogram`, `stageHistograms`, `missRuns`. */
	readonly timing: Int32Array;
	/** Counts of frame-to-light times, one a bound of `latencyBounds` and one above. */
	readonly histogram: Int32Array;
	/** The same of each stage, in the order of `stages`. */
	readonly stageHistograms: readonly Int32Array[];
	/** Runs of frames that missed their deadline and that have ended, by length. */
	readonly missRuns: Int32Array;
	readonly codes: Int32Array;
	readonly #previews: readonly [Uint8Array, Uint8Array];
	/** Sites of the protocol, in its order. */
	readonly sites: readonly string[];

	constructor(sites: readonly string[], buffer = new SharedArrayBuffer(boardBytes)) {
		this.sites = sites;
		this.buffer = buffer;
		this.numbers = new Float64Array(buffer, 0, numberSlots);
		this.timing = new Int32Array(buffer, numberSlots * 8, timingSlots);
		const parts = timingParts(this.timing);
		this.histogram = parts.whole;
		this.stageHistograms = parts.stages;
		this.missRuns = parts.missRuns;
		this.codes = new Int32Array(buffer, numberSlots * 8 + timingSlots * 4, codeSlots);
		const start = boardBytes - 2 * previewBytes;
		this.#previews = [
			new Uint8Array(buffer, start, previewBytes),
			new Uint8Array(buffer, start + previewBytes, previewBytes),
		];
	}

	get(name: keyof typeof number): number {
		return this.numbers[number[name]]!;
	}

	set(name: keyof typeof number, value: number): void {
		this.numbers[number[name]] = value;
	}

	/** The time now, on the clock of the box. */
	setToNow(name: keyof typeof number): void {
		readClock(this.numbers, number[name]);
	}

	/**
	 * What the light says, of which site, and until when. The time is written last and read first: whoever reads in between has
	 * a new word that expires too early, never an old one that holds too long.
	 */
	say(guidance: Guidance, site: string | null, expiresMs: number): void {
		const place = site === null ? -1 : this.sites.indexOf(site);
		Atomics.store(this.codes, code.said, guidances.indexOf(guidance) * saidSites + place + 1);
		this.set('expiresMs', expiresMs);
	}

	/** Guidance and site of one turn, for `guidanceOf` and `siteOf`. Read `expiresMs` before it. */
	get said(): number {
		return Atomics.load(this.codes, code.said);
	}

	guidanceOf(said: number): Guidance {
		return guidances[Math.floor(said / saidSites)]!;
	}

	/** The site the guidance speaks of, or null. */
	siteOf(said: number): string | null {
		return this.sites[(said % saidSites) - 1] ?? null;
	}

	/** One of the two alone; whoever needs both takes them from one `said`. */
	get guidance(): Guidance {
		return this.guidanceOf(this.said);
	}

	get site(): string | null {
		return this.siteOf(this.said);
	}

	/** What is said now, or `dont-know` once it has expired. @param nowMs on the clock of the box */
	validGuidance(nowMs: number): Guidance {
		const expiresMs = this.get('expiresMs');
		const { said } = this;
		return nowMs < expiresMs ? this.guidanceOf(said) : 'dont-know';
	}

	get signal(): SignalState {
		return signalStates[this.codes[code.signal]!]!;
	}

	set signal(word: SignalState) {
		this.codes[code.signal] = signalStates.indexOf(word);
	}

	get scene(): Scene {
		return scenes[this.codes[code.scene]!]!;
	}

	set scene(word: Scene) {
		this.codes[code.scene] = scenes.indexOf(word);
	}

	get vein(): VeinState {
		return veinStates[this.codes[code.vein]!]!;
	}

	set vein(word: VeinState) {
		this.codes[code.vein] = veinStates.indexOf(word);
	}

	get side(): Side {
		return sides[this.codes[code.side]!]!;
	}

	set side(word: Side) {
		this.codes[code.side] = sides.indexOf(word);
	}

	get phase(): Phase {
		return phases[this.codes[code.phase]!]!;
	}

	set phase(word: Phase) {
		this.codes[code.phase] = phases.indexOf(word);
	}

	/** The site whose landmark is in view, or null. */
	get landmark(): string | null {
		return this.sites[this.codes[code.landmark]!] ?? null;
	}

	set landmark(word: string | null) {
		this.codes[code.landmark] = word === null ? -1 : this.sites.indexOf(word);
	}

	/** Outcome so far of a site of the running examination, by its place in `sites`; null while still open. */
	siteOutcome(place: number): SiteOutcome | null {
		return siteOutcomes[this.codes[code.siteOutcome + place]! - 1] ?? null;
	}

	setSiteOutcome(place: number, outcome: SiteOutcome | null): void {
		this.codes[code.siteOutcome + place] = outcome === null ? 0 : siteOutcomes.indexOf(outcome) + 1;
	}

	/** Tells the vision thread that a message lies ready for it. */
	ring(): void {
		Atomics.add(this.codes, code.bell, 1);
	}

	/** How often the bell was rung: the thread looks for messages only when this has changed. */
	get rings(): number {
		return Atomics.load(this.codes, code.bell);
	}

	/** The preview that is complete: luma [previewHeight, previewWidth], bytes. */
	get preview(): Uint8Array {
		return this.#previews[this.get('previewSequence') % 2]!;
	}

	/** The preview to write next; `set('previewSequence', + 1)` makes it the complete one. */
	get nextPreview(): Uint8Array {
		return this.#previews[(this.get('previewSequence') + 1) % 2]!;
	}
}
