import type { Patient, Station } from './patient.ts';
import { type Probe, pictureSize } from './probe.ts';
import { mixSeeds } from './random.ts';
import { smoothNoise } from './smoothNoise.ts';

/**
 * How strongly each spot of the undeformed body echoes, without the vessels: the amplitude of its scatterers and of the
 * smooth surfaces (septa, fascia) that reflect as one. Interleaved [scatter, surface], column by column.
 */
export class TissueMap {
	readonly columns: number;
	readonly rows: number;
	readonly cellX = 0.2;
	readonly cellZ: number;
	/** x in the body of column 0, millimetres. */
	readonly left: number;
	readonly values: Float32Array;
	readonly #patient: Patient;
	readonly #station: Station;
	readonly #layer: number;
	#made = 0;

	constructor(patient: Patient, station: Station, probe: Probe) {
		const { width } = pictureSize(probe);
		// Room for a probe that slides off the vessels.
		const half = width / 2 + 34;
		this.#patient = patient;
		this.#station = station;
		this.#layer = mixSeeds(patient.seed, patient.stations.indexOf(station)) % 4096;
		this.columns = Math.ceil((2 * half) / this.cellX);
		this.left = station.centre - half;
		this.cellZ = (probe.depth * 1.3 + 2) / 480;
		this.rows = 480;
		this.values = new Float32Array(this.columns * this.rows * 2);
	}

	/** Works out some more columns. @returns whether all are done */
	make(columns = Number.POSITIVE_INFINITY): boolean {
		const end = Math.min(this.columns, this.#made + columns);
		for (; this.#made < end; this.#made++) this.#column(this.#made);
		return this.#made === this.columns;
	}

	#column(column: number): void {
		const station = this.#station;
		const layer = this.#layer;
		const { streaks, attenuation } = this.#patient;
		const { sartorius, lateralMuscle: lateral, deepMuscle } = station;
		const x = this.left + (column + 0.5) * this.cellX;
		const fascia = station.fascia + 2.2 * (smoothNoise(x / 14, 0.5, layer) - 0.5);
		const deep = deepMuscle.depth + deepMuscle.slope * x + 5 * (smoothNoise(x / 9, 3.5, layer) - 0.5);
		let at = column * this.rows * 2;
		for (let row = 0; row < this.rows; row++, at += 2) {
			const z = (row + 0.5) * this.cellZ;
			const warp = smoothNoise(x / 10, z / 8, layer + 1) - 0.5;
			const wavy = this.#drape(x, z) + 2.6 * warp;
			const cloud = smoothNoise(x / 3.5, wavy / 2.2, layer + 2);
			const wide = smoothNoise(x / 11, wavy / 5, layer + 3);
			const across = x + 6 * (smoothNoise(x / 9, z / 6, layer + 4) - 0.5);
			const below = soft((wavy - fascia) / 0.8);
			const lens =
				sartorius.b > 0.5 ? Math.hypot((across - sartorius.x) / sartorius.a, (z - sartorius.z) / sartorius.b) : 9;
			const oval = Math.hypot(
				Math.max(0, across - lateral.edge + 11) / 11,
				(wavy - fascia - lateral.thick - 0.5) / lateral.thick,
			);
			const muscle = Math.max(below * soft((1 - oval) * 3.5), below * soft((wavy - deep) / 2.4), soft((1 - lens) * 3));
			const echo = wavy > deep ? deepMuscle.echo : lateral.echo;
			let scatter = (0.28 + 0.75 * cloud * cloud) * (0.3 + 1.25 * wide);
			scatter *= 1 - muscle * (1 - echo);
			// Streaks: long and thin along the layers, dense in fat; in muscle fine fibres that run obliquely.
			const line = smoothNoise(x / 6.5, wavy / 0.5, layer + 5);
			const fine = smoothNoise(x / 3.4, wavy / 0.36, layer + 6);
			const fibre =
				muscle > 0.02 ? smoothNoise((x - wavy * 0.8) / 5, (wavy + x * deepMuscle.fibre) / 0.42, layer + 7) : 0;
			const patch = 0.15 + 1.5 * Math.max(0, smoothNoise(x / 7, wavy / 3, layer + 8) - 0.2);
			const fat = Math.max(0, line - 0.52) * 6 + Math.max(0, fine - 0.6) * 4;
			const broken = 0.35 + 1.2 * smoothNoise(x / 1.4, wavy / 0.9, layer + 10);
			let surface = streaks * patch * broken * (fat * (1 - muscle) + muscle * Math.max(0, fibre - 0.62) * 5);
			// The fascia lata is a continuous line; the sheets around muscles come and go.
			const sheet = Math.abs(wavy - fascia) / (0.3 + 0.3 * wide);
			if (sheet < 1) surface += (0.8 + 2.4 * wide) * (1 - sheet) * streaks;
			const seam = Math.abs(oval - 1) * lateral.thick * 2;
			if (seam < 1 && below > 0.5) surface += 2.4 * Math.max(0, cloud - 0.3) * (1 - seam);
			const bed = Math.abs(wavy - deep) / 0.5;
			if (bed < 1) surface += 2.6 * Math.max(0, wide - 0.35) * (1 - bed);
			if (z < station.skin) {
				scatter = 1.1;
				surface = 1.4 * (0.5 + smoothNoise(x / 8, z / 0.32, layer + 9));
			}
			const loss = 10 ** ((-attenuation * z) / 200);
			this.values[at] = (scatter + 1.05 * surface) * loss;
			this.values[at + 1] = 0.75 * surface * loss;
		}
	}

	/** The layers part around vessels like a stream around pillars: the depth at which the layer would run without them. */
	#drape(x: number, z: number): number {
		let depth = z;
		for (const vessel of this.#station.vessels) {
			const dx = (x - vessel.x) / (vessel.a + 0.3);
			const dz = (z - vessel.z) / (vessel.b + 0.3);
			const square = dx * dx + dz * dz;
			if (square > 30) continue;
			depth -= ((z - vessel.z) * 0.9) / Math.max(1, square);
		}
		return depth;
	}
}

/** How much of the tissue in the picture is that of the thigh, 0..1: near a station all of it is that station's. */
export function tissueShare(station: number): number {
	return Math.max(0, Math.min(1, (station - 0.15) / 0.7));
}

function soft(value: number): number {
	return value <= -1 ? 0 : value >= 1 ? 1 : 0.5 + value * (0.75 - 0.25 * value * value);
}
