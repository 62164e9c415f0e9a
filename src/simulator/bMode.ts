import { EchoField } from './echoField.ts';
import type { Geometry } from './geometry.ts';
import { GreyMap } from './greyMap.ts';
import { PointSpread } from './pointSpread.ts';
import { type BeamGrid, beamGrid, type Probe } from './probe.ts';
import type { ProbeState } from './probeState.ts';
import { mixSeeds, Random } from './random.ts';
import type { Scanner } from './scanner.ts';
import { scatterers, scattererTile } from './scatterers.ts';
import { smoothNoise } from './smoothNoise.ts';
import { type TissueMap, tissueShare } from './tissueMap.ts';
import { contactAt } from './truth.ts';

/** Beams and samples a beam: more is finer and slower. */
export interface BeamQuality {
	beams: number;
	samples: number;
}

/** Millimetres along the leg after which the scatterers are new ones, and length of the leg between the stations. */
const correlationMm = 1.6;
const stationMm = 60;
const awayMm = 16;

/**
 * The scan itself: from the deformed body to the grey level of every sample of the beam grid. Works in arrays made once.
 */
export class BMode {
	readonly grid: BeamGrid;
	/** Power of every sample of the beams in the picture, summed over the looks. */
	readonly power: Float32Array;
	/** Grey 0..255 of the same samples. */
	readonly grey: Uint8Array;
	readonly greyMap: GreyMap;
	readonly field: EchoField;
	readonly #scanner: Scanner;
	readonly #seed: number;
	readonly #spread: PointSpread;
	readonly #lasting: Float32Array;
	readonly #amplitude: Float32Array;
	readonly #surface: Float32Array;
	readonly #cell: Int32Array;
	readonly #gain: Float32Array;
	readonly #near: Float32Array;
	readonly #airLines: Float32Array;
	readonly #airNoise: Float32Array;
	readonly #beamGain: Float32Array;
	readonly #contact: Float32Array;
	readonly #flicker: Float32Array;
	readonly #tile = scattererTile();
	#fresh = true;

	constructor(scanner: Scanner, probe: Probe, seed: number, quality: BeamQuality) {
		const grid = beamGrid(probe, quality.beams, quality.samples);
		const count = grid.x.length;
		const random = new Random(seed, 31);
		this.grid = grid;
		this.#scanner = scanner;
		this.#seed = seed;
		this.#spread = new PointSpread(grid, scanner.pulse);
		this.field = new EchoField(grid);
		this.greyMap = new GreyMap(scanner.dynamicRange, scanner.gamma, scanner.bend);
		this.greyMap.setGain(-20);
		this.power = new Float32Array(grid.beams * grid.samples);
		this.grey = new Uint8Array(this.power.length);
		this.#lasting = new Float32Array(this.power.length);
		this.#amplitude = new Float32Array(count);
		this.#surface = new Float32Array(count);
		this.#cell = new Int32Array(count);
		this.#gain = gainTable(scanner, grid.samples);
		this.#contact = new Float32Array(grid.beams + 2 * grid.pad);
		const shape = random.whole(0, 4000);
		this.#beamGain = Float32Array.from(this.#contact, (_, beam) => {
			const share = beam / (grid.beams + 2 * grid.pad);
			return 10 ** (((smoothNoise(share * 4, 0.5, shape) - 0.5) * 2 * scanner.uneven) / 20);
		});
		const { strength: clutter, reachMm } = scanner.nearField;
		this.#near = Float32Array.from(
			{ length: grid.samples },
			(_, s) => clutter * Math.exp((-s * grid.sampleMm) / reachMm),
		);
		const period = random.between(1.1, 2.6);
		const strength = random.between(2.5, 6);
		this.#airLines = Float32Array.from({ length: grid.samples }, (_, s) => {
			const depth = s * grid.sampleMm;
			const line = Math.max(0, 1 - Math.abs(((depth / period) % 1) - 0.5) / 0.2);
			return strength * Math.exp(-depth / random.between(2.6, 2.9)) * (0.25 + line);
		});
		const haze = random.between(0, 0.12);
		this.#airNoise = Float32Array.from({ length: grid.samples }, (_, s) => haze * (s / grid.samples) ** 2);
		this.#flicker = Float32Array.from({ length: 8192 }, () => random.gaussian());
	}

	/** Tilts the gain about the middle of the depth. @param tilt dB from the top to the bottom */
	setTilt(tilt: number): void {
		const last = this.#gain.length - 1;
		gainTable(this.#scanner, this.#gain.length).forEach((gain, s) => {
			this.#gain[s] = tilt === 0 ? gain : gain * 10 ** ((tilt * (s / last - 0.5)) / 20);
		});
	}

	/** Forgets the images before, so that persistence starts anew. */
	restart(): void {
		this.#fresh = true;
	}

	/**
	 * One image.
	 * @param geometry updated to the moment; @param maps tissue at the two stations; @param lumen amplitude of blood
	 * @param image number of the image: noise and blood differ from one to the next
	 */
	render(
		geometry: Geometry,
		maps: readonly [TissueMap, TissueMap],
		state: Readonly<ProbeState>,
		lumen: number,
		image: number,
	): void {
		const stream = this.#scanner.streaming ? (mixSeeds(this.#seed, image) % 230) * scatterers.cellX : 0;
		this.field.update(geometry, lumen, stream);
		this.#look(maps, state);
		const along = (state.station * stationMm + state.away * awayMm) / correlationMm;
		for (let look = 0; look < this.#scanner.looks; look++) {
			this.#scatter(look, along);
			this.#spread.power(this.power, look > 0);
		}
		this.#compress(image);
	}

	/** Amplitude, surface echo and scatterer cell of every sample. */
	#look(maps: readonly [TissueMap, TissueMap], state: Readonly<ProbeState>): void {
		const { samples, beams, pad } = this.grid;
		const { bodyX, bodyZ, tissue, extra } = this.field;
		const { cellX, cellZ, rowBits, rows, columns } = scatterers;
		const [first, second] = maps;
		const share = first === second ? 0 : tissueShare(state.station);
		const one = share === 1 ? second : first;
		const mixing = share > 0 && share < 1;
		const perX = 1 / cellX;
		const perZ = 1 / cellZ;
		const mapX = 1 / one.cellX;
		const mapZ = 1 / one.cellZ;
		const lastRow = one.rows - 1;
		const last = one.columns - 1;
		const other = mixing ? second : one;
		const otherShift = (one.left - other.left) * mapX;
		const otherLast = other.columns - 1;
		let i = 0;
		for (let beam = 0; beam < beams + 2 * pad; beam++) {
			const contact = contactAt(state.contact, (beam - pad) / (beams - 1));
			const level = contact * this.#beamGain[beam]!;
			const air = 1 - contact;
			for (let s = 0; s < samples; s++, i++) {
				const x = bodyX[i]!;
				const z = bodyZ[i]!;
				const across = (x - one.left) * mapX;
				const column = across < 0 ? 0 : across > last ? last : across | 0;
				const down = (z * mapZ) | 0;
				const row = down < 0 ? 0 : down > lastRow ? lastRow : down;
				const at = (column * one.rows + row) << 1;
				let scatter = one.values[at]!;
				let surface = one.values[at + 1]!;
				if (mixing) {
					const shifted = across + otherShift;
					const otherColumn = shifted < 0 ? 0 : shifted > otherLast ? otherLast : shifted | 0;
					const there = (otherColumn * other.rows + row) << 1;
					scatter += (other.values[there]! - scatter) * share;
					surface += (other.values[there + 1]! - surface) * share;
				}
				const gain = level * this.#gain[s]!;
				this.#amplitude[i] = (scatter * tissue[i]! + extra[i]! + this.#near[s]!) * gain + air * this.#airNoise[s]!;
				this.#surface[i] = (surface * tissue[i]! + 0.25 * extra[i]!) * gain + air * this.#airLines[s]!;
				this.#cell[i] =
					((((x * perX + 65536) | 0) & (columns - 1)) << rowBits) | (((z * perZ + 65536) | 0) & (rows - 1));
			}
		}
	}

	/** Scatterers times amplitude for one look, blurred along the beams. */
	#scatter(look: number, along: number): void {
		const { samples, beams, pad } = this.grid;
		const { mask } = scatterers;
		const spread = this.#spread;
		const { lineRe, lineIm } = spread;
		const tile = this.#tile;
		const step = Math.floor(along);
		const angle = ((along - step) * Math.PI) / 2;
		const near = mixSeeds(this.#seed, look, step) & mask;
		const far = mixSeeds(this.#seed, look, step + 1) & mask;
		const nearShare = Math.cos(angle);
		const farShare = Math.sin(angle);
		const moving = farShare > 0.01;
		let i = 0;
		for (let beam = 0; beam < beams + 2 * pad; beam++) {
			for (let s = 4; s < samples + 4; s++, i++) {
				const at = ((this.#cell[i]! + near) & mask) << 1;
				let real = tile[at]!;
				let imaginary = tile[at + 1]!;
				if (moving) {
					const there = ((this.#cell[i]! + far) & mask) << 1;
					real = real * nearShare + tile[there]! * farShare;
					imaginary = imaginary * nearShare + tile[there + 1]! * farShare;
				}
				lineRe[s] = real * this.#amplitude[i]! + this.#surface[i]!;
				lineIm[s] = imaginary * this.#amplitude[i]!;
			}
			spread.putBeam(beam);
		}
	}

	/** Power to grey, with noise and persistence. */
	#compress(image: number): void {
		const { samples, beams } = this.grid;
		const { table } = this.greyMap;
		const bits = this.#bits;
		const keep = this.#fresh ? 0 : this.#scanner.persistence;
		const fresh = 1 - keep;
		const [topNoise, bottomNoise] = this.#scanner.noise;
		this.#fresh = false;
		let i = 0;
		for (let beam = 0; beam < beams; beam++) {
			const start = mixSeeds(this.#seed, image, beam) & 8191;
			for (let s = 0; s < samples; s++, i++) {
				const noise = this.#flicker[(start + s) & 8191]! * (topNoise + ((bottomNoise - topNoise) * s) / samples);
				const grey = this.#lasting[i]! * keep + (table[bits[i]! >>> 16]! + noise) * fresh;
				this.#lasting[i] = grey;
				this.grey[i] = grey < 0 ? 0 : grey > 255 ? 255 : grey + 0.5;
			}
		}
	}

	get #bits(): Uint32Array {
		this.#powerBits ??= new Uint32Array(this.power.buffer);
		return this.#powerBits;
	}
	#powerBits: Uint32Array | null = null;
}

function gainTable(scanner: Scanner, samples: number): Float32Array {
	const curve = scanner.gainCurve;
	return Float32Array.from({ length: samples }, (_, s) => {
		const at = (s / (samples - 1)) * (curve.length - 1);
		const i = Math.min(curve.length - 2, Math.floor(at));
		return 10 ** ((curve[i]! + (curve[i + 1]! - curve[i]!) * (at - i)) / 20);
	});
}
