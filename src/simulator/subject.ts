import { type BeamQuality, BMode } from './bMode.ts';
import { tiltFor } from './evenness.ts';
import { Geometry } from './geometry.ts';
import { type GreyTarget, meetTarget, regionsOf } from './greyTarget.ts';
import { makePatient, type PatientOptions } from './patient.ts';
import { realVessels, valueAt } from './percentiles.ts';
import type { ProbeState } from './probeState.ts';
import { Random } from './random.ts';
import type { Scanner } from './scanner.ts';
import { TissueMap, tissueShare } from './tissueMap.ts';

/** Columns of a tissue map that one step works out: about half a millisecond. */
const columnsAStep = 8;

/**
 * A patient made ready to be scanned: geometry, tissue, and the gain and the blood's echo that give the picture the grey
 * levels of real ones. Made in small steps, so that a running simulation can prepare the next patient without a pause.
 */
export class Subject {
	readonly geometry: Geometry;
	readonly maps: readonly [TissueMap, TissueMap];
	readonly target: GreyTarget;
	/** dB on every power. */
	gain = 0;
	/** dB from the top to the bottom that the gain is tilted by. */
	tilt = 0;
	/** Amplitude of blood. */
	lumen = 0.12;
	readonly #mode: BMode;
	readonly #start: ProbeState;
	readonly #needed: readonly TissueMap[];
	#rounds = 0;

	/**
	 * @param start how the probe will be held; its station is the one whose grey levels are set
	 * @param moves whether the probe will leave that station: only then is the other one's tissue made
	 */
	constructor(
		options: PatientOptions,
		scanner: Scanner,
		quality: BeamQuality,
		start: Readonly<ProbeState>,
		moves: boolean,
	) {
		const { probe } = options;
		const patient = makePatient(options);
		const random = new Random(options.seed, 41);
		const [groin, thigh] = patient.stations;
		this.geometry = new Geometry(patient, probe);
		const first = new TissueMap(patient, groin, probe);
		this.maps = [first, groin === thigh ? first : new TissueMap(patient, thigh, probe)];
		const share = tissueShare(start.station);
		this.#needed = this.maps.filter((_, i) => moves || (i === 0 ? share < 1 : share > 0));
		// Much gain lifts dark parts more than bright ones, so that bright pictures tend to have the higher ratio.
		const brightness = random.next();
		const ratio = random.next();
		this.target = {
			tissue: valueAt(realVessels.tissueGrey, brightness),
			ratio: valueAt(realVessels.greyRatio, random.chance(0.1) ? brightness : ratio) * 0.97,
		};
		this.#start = { contact: 1, pressure: 0, station: start.station, away: 0, slide: 0, frozen: 0 };
		this.#mode = new BMode(scanner, probe, options.seed, quality);
	}

	/** Works a little. @returns whether the subject is ready */
	step(): boolean {
		if (this.#rounds >= 2) return true;
		for (const map of this.#needed) if (!map.make(columnsAStep)) return false;
		this.geometry.update(this.#start, 0);
		this.#mode.render(this.geometry, this.maps, this.#start, this.lumen, 0);
		const regions = regionsOf(this.geometry, this.#mode.grid);
		const met = meetTarget(this.#mode, this.#mode.greyMap, regions, this.target);
		this.gain = met.gain;
		this.lumen = Math.max(0.002, Math.min(0.8, this.lumen * met.lumen));
		if (this.#rounds === 0) this.#tilt();
		this.#rounds++;
		return this.#rounds >= 2;
	}

	/** Sets a scan to this patient. */
	adjust(mode: BMode): void {
		mode.greyMap.setGain(this.gain);
		mode.setTilt(this.tilt);
	}

	#tilt(): void {
		const { power, grid, greyMap } = this.#mode;
		this.tilt = tiltFor(power, grid.beams, grid.samples, greyMap, this.gain);
		this.#mode.setTilt(this.tilt);
	}

	/** Works until it is ready. */
	finish(): this {
		while (!this.step());
		return this;
	}
}
