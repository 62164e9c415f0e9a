import type { Patient, Station } from './patient.ts';
import { type Probe, pictureSize } from './probe.ts';
import { mixSeeds } from './random.ts';
import { smoothNoise } from './smoothNoise.ts';
import { type Echo, muscle, subcutis, vesselBed } from './tissue.ts';

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
	/** What is left of an amplitude at each row's depth. */
	readonly #losses: Float64Array;
	readonly #one: Echo = { scatter: 0, surface: 0 };
	readonly #other: Echo = { scatter: 0, surface: 0 };
	/** Square distance to the nearest vessel in its half-axes, as `#drape` found it; 9 far away. */
	#nearest = 9;
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
		this.#losses = Float64Array.from(
			{ length: this.rows },
			(_, row) => 10 ** ((-patient.attenuation * ((row + 0.5) * this.cellZ)) / 200),
		);
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
		const { streaks } = this.#patient;
		const { sartorius, lateralMuscle: lateral, deepMuscle, medialMuscle: medial, bone } = station;
		const x = this.left + (column + 0.5) * this.cellX;
		const wave = smoothNoise(x / 12, 0.5, layer) - 0.5;
		const fascia = station.fascia + 2.4 * wave + 0.5 * (smoothNoise(x / 3, 1.5, layer) - 0.5);
		// The vessels lie in the valley between the muscle lateral of them and the one medial.
		const valley = deepMuscle.depth + deepMuscle.slope * x;
		const lateralShare = soft((lateral.edge - x) / lateral.flank);
		const medialShare = soft((x - medial.edge) / medial.flank);
		const muscleTop =
			valley -
			Math.max(0, valley - lateral.top) * lateralShare -
			Math.max(0, valley - medial.top) * medialShare +
			3.5 * (smoothNoise(x / 8, 3.5, layer) - 0.5) +
			1.4 * (smoothNoise(x / 2.5, 4.5, layer) - 0.5);
		const echo = deepMuscle.echo + (lateral.echo - deepMuscle.echo) * lateralShare;
		const skin = station.skin + 0.4 * (smoothNoise(x / 9, 8.5, layer) - 0.5);
		const across = x + 6 * wave;
		const boneTop =
			bone === null
				? Number.POSITIVE_INFINITY
				: boneDepth(bone, x + 5 * wave) + 2 * bone.rough * (smoothNoise(x / 4, 5.5, layer) - 0.5);
		const boneEcho = 2.6 * Math.max(0.1, 1.7 * smoothNoise(x / 3, 6.5, layer) - 0.35);
		const boneFacing = bone === null ? 0 : Math.sqrt(Math.max(0, 1 - ((x - bone.x) / bone.radius) ** 2));
		const one = this.#one;
		const other = this.#other;
		let at = column * this.rows * 2;
		for (let row = 0; row < this.rows; row++, at += 2) {
			const z = (row + 0.5) * this.cellZ;
			const warp = smoothNoise(x / 10, z / 7, layer + 1) - 0.5;
			const ripple = smoothNoise(x / 2.8, z / 2.2, layer + 15) - 0.5;
			const wavy = this.#drape(x, z) + 2.4 * warp + 0.75 * ripple;
			const wide = smoothNoise((x + 0.8 * z) / 11, (wavy - 0.15 * x) / 5, layer + 3);
			const below = soft((wavy - fascia) / 0.8);
			const lens =
				sartorius.b > 0.5 ? length((across - sartorius.x) / sartorius.a, (z - sartorius.z) / sartorius.b) : 9;
			const inMuscle = Math.max(
				soft((z + 1.2 * warp + 1.2 * ripple - muscleTop) / station.muscleBlur),
				soft((1 - lens) * 3),
			);
			let scatter = 0;
			let surface = 0;
			if (inMuscle < 1) {
				if (below < 1) {
					subcutis(x, wavy, Math.max(0, Math.min(1, wavy / fascia)), streaks, layer, one);
					scatter += one.scatter * (1 - below);
					surface += one.surface * (1 - below);
				}
				if (below > 0) {
					vesselBed(x, wavy, layer, other);
					// Brightest close to the vessels.
					const bright = below * (0.5 + 0.6 / (1 + this.#nearest * this.#nearest * 0.04));
					scatter += other.scatter * bright;
					surface += other.surface * bright;
				}
				const brightness = 0.45 + 1.1 * wide;
				scatter *= brightness * (1 - inMuscle);
				surface *= brightness * (1 - inMuscle);
			}
			if (inMuscle > 0) {
				muscle(x, z + 1.5 * warp, deepMuscle.fibre, echo, deepMuscle.dashes, layer, one);
				scatter += one.scatter * inMuscle;
				surface += one.surface * inMuscle;
			}
			// The fascia lata is a line; the sheet over the muscles comes and goes.
			const sheet = Math.abs(wavy - fascia) / (0.22 + 0.2 * wide);
			if (sheet < 1) surface += 2.8 * Math.max(0, wide + 0.5 * ripple - 0.25) * (1 - sheet) * streaks;
			const cover = Math.abs(z + 1.2 * warp + 1.2 * ripple - muscleTop) / 0.4;
			if (cover < 1) surface += 3 * Math.max(0, wide + 0.8 * ripple - 0.45) * (1 - cover);
			if (z < skin) {
				const line = smoothNoise(x / 12, z / 0.3, layer + 16);
				scatter = station.skinEcho * (0.25 + 0.5 * line);
				surface = station.skinEcho * Math.max(0, line - 0.45) * 2;
			} else if (z < skin + 0.35) surface += 0.9 * station.skinEcho * (0.4 + wide);
			// Bone throws the beam back: a bright line, and next to nothing from behind it.
			const behind = z - boneTop;
			if (behind > -0.5) {
				const line = Math.max(0, 1 - Math.abs(behind) / 0.5) * boneFacing;
				const rest = behind < 0 ? 1 : 0.05 + 0.55 * Math.exp(-behind / 0.9) + 0.14 * Math.exp(-behind / 5);
				scatter = scatter * rest + 0.9 * line;
				surface = surface * rest + boneEcho * line;
			}
			const loss = this.#losses[row]!;
			this.values[at] = (scatter + 0.8 * surface) * loss;
			this.values[at + 1] = 0.6 * surface * loss;
		}
	}

	/** The layers part around vessels: the depth at which the layer would run without them. */
	#drape(x: number, z: number): number {
		let depth = z;
		this.#nearest = 9;
		for (const vessel of this.#station.vessels) {
			const dx = (x - vessel.x) / (vessel.a + 0.3);
			const dz = (z - vessel.z) / (vessel.b + 0.3);
			const square = dx * dx + dz * dz;
			if (square > 9) continue;
			this.#nearest = Math.min(this.#nearest, square);
			depth -= ((z - vessel.z) * 0.55) / Math.max(1, square * square);
		}
		return depth;
	}
}

/** Depth of a rounded bone's upper face; infinite beside it. */
function boneDepth(bone: { x: number; z: number; radius: number }, x: number): number {
	const share = (x - bone.x) / bone.radius;
	if (Math.abs(share) >= 1) return Number.POSITIVE_INFINITY;
	return bone.z + bone.radius * (1 - Math.sqrt(1 - share * share));
}

/** Math.hypot, which is slow, where it matters: a muscle's section has an end. */
function length(x: number, y: number): number {
	return x * x + y * y > 2 ? 9 : Math.hypot(x, y);
}

/** How much of the tissue in the picture is that of the thigh, 0..1: near a station all of it is that station's. */
export function tissueShare(station: number): number {
	return Math.max(0, Math.min(1, (station - 0.15) / 0.7));
}

function soft(value: number): number {
	return value <= -1 ? 0 : value >= 1 ? 1 : 0.5 + value * (0.75 - 0.25 * value * value);
}
