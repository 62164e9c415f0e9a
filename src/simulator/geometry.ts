import type { Patient, Station } from './patient.ts';
import { heightInPicture, type Probe, pictureSize } from './probe.ts';
import type { ProbeState } from './probeState.ts';
import { type Vessel, veinHeight, veinWidth } from './vessel.ts';

/** A vessel as the probe sees it now, with the resting size it had in this plane. */
export interface SeenVessel extends Vessel {
	restA: number;
	restB: number;
	/** Area now over area at rest in this plane. */
	areaRatio: number;
	/** Depth along the beam, millimetres. */
	depth: number;
	/** Whether its content moves on from image to image: blood does, a clot does not. */
	flows: boolean;
}

/** A vein is pressed shut from above: its middle sinks by this share of the height that its upper half loses. */
export const sinking = 0.35;

const none: Vessel = {
	role: 'small',
	x: 0,
	z: 0,
	a: 0,
	b: 0,
	slant: 0,
	presence: 0,
	wall: 0,
	enhancement: 0,
	outline: [0, 0],
	content: 1,
};

/**
 * The deformed body: where everything is while the probe presses, slides, and heart and breath move it. All methods write
 * into the same objects; nothing is allocated after construction.
 */
export class Geometry {
	readonly patient: Patient;
	readonly probe: Probe;
	/** Vessels in the picture, in the order of `#pairs`; `presence` 0 where one is not there. */
	readonly vessels: SeenVessel[];
	readonly #pairs: (readonly [Vessel, Vessel])[] = [];
	/** The femoral vein among them; null where the content has none. */
	readonly vein: SeenVessel | null;
	/** Width and height of the picture. */
	readonly size: { width: number; height: number };
	/** Whether the medial side lies to the right in the picture (1) or to the left (-1). */
	readonly direction: 1 | -1;
	/** Millimetres the tissue has given at the left and the right edge of the picture. */
	giveLeft = 0;
	giveRight = 0;
	/** x in the body of the middle of the picture. */
	middle = 0;
	/** Millimetres the body has moved up and down with the breath. */
	lift = 0;
	readonly #tilt: number;

	constructor(patient: Patient, probe: Probe) {
		this.patient = patient;
		this.probe = probe;
		this.direction = patient.side === 'left' ? 1 : -1;
		this.#tilt = (((patient.seed >>> 3) % 200) / 100 - 1) * 0.18;
		const [groin, thigh] = patient.stations;
		const rest = [...thigh.vessels];
		for (const vessel of groin.vessels) {
			const at = vessel.role === 'small' ? -1 : rest.findIndex((other) => other.role === vessel.role);
			const partner = at < 0 ? undefined : rest.splice(at, 1)[0];
			this.#pairs.push([vessel, partner ?? goneFrom(vessel, 1)]);
		}
		const artery = groin.vessels.find((each) => each.role === 'artery') ?? none;
		if (groin !== thigh)
			// The deep artery leaves the common one; anything else comes from outside the plane.
			for (const vessel of rest)
				this.#pairs.push([
					vessel.role === 'deep-artery' ? { ...artery, role: vessel.role, presence: 0 } : goneFrom(vessel, 0.6),
					vessel,
				]);
		this.vessels = this.#pairs.map(([{ role }]) => ({
			...none,
			role,
			restA: 0,
			restB: 0,
			areaRatio: 1,
			depth: 0,
			flows: true,
		}));
		this.vein = this.vessels.find((each) => each.role === 'vein') ?? null;
		this.size = pictureSize(probe);
	}

	/** Moves everything to a moment. @param timeMs drives heart, breath and the hand's tremor */
	update(state: Readonly<ProbeState>, timeMs: number): void {
		const { patient, probe } = this;
		const seconds = timeMs / 1000;
		const breath = Math.sin(2 * Math.PI * (patient.breath.hz * seconds + patient.breath.phase));
		const beat = (seconds * patient.pulse.hz) % 1;
		const wave = beat < 0.15 ? beat / 0.15 : Math.exp(-(beat - 0.15) * 4.5);
		const tremor =
			0.18 * Math.sin(seconds * 7.1 + 1) + 0.25 * Math.sin(seconds * 2.3) + 0.35 * Math.sin(seconds * 0.9 + 2);
		const give = patient.give * state.pressure;
		this.giveLeft = give * (1 - this.#tilt);
		this.giveRight = give * (1 + this.#tilt);
		this.lift = 0.25 * breath * patient.breath.strength * 10 + 0.05 * wave;
		const groin = patient.stations[0];
		const thigh = patient.stations[1];
		const s = state.station;
		this.middle = mix(groin.centre, thigh.centre, s) - this.direction * (state.slide + tremor);
		for (let i = 0; i < this.vessels.length; i++) {
			const seen = this.vessels[i]!;
			const one = this.#pairs[i]![0];
			const other = this.#pairs[i]![1];
			seen.wall = mix(one.wall, other.wall, s);
			seen.enhancement = mix(one.enhancement, other.enhancement, s);
			seen.outline = s < 0.5 ? one.outline : other.outline;
			seen.content = mix(one.content, other.content, s);
			seen.flows = seen.role !== 'node';
			seen.presence = mix(one.presence, other.presence, s) * (isFemoral(one) ? 1 - fade(state.away) : 1);
			const shrink = isFemoral(one) ? 1 - 0.35 * state.away : 1;
			seen.restA = mix(one.a, other.a, s) * shrink;
			seen.restB = mix(one.b, other.b, s) * shrink;
			seen.slant = mix(one.slant, other.slant, s) * this.direction;
			const x = (mix(one.x, other.x, s) - this.middle) * this.direction;
			const share = Math.max(-1, Math.min(1, (2 * x) / this.size.width));
			const depth = this.#deformedDepth(mix(one.z, other.z, s) - this.lift, this.#giveAt(share));
			seen.x = x;
			seen.depth = depth;
			seen.z = heightInPicture(probe, x, depth);
			this.#deform(seen, state, wave, breath);
			const sunk = seen.b < seen.restB * 0.97 ? sinking * (seen.restB - seen.b) * seen.presence : 0;
			seen.depth += sunk;
			seen.z += sunk;
		}
	}

	#deform(seen: SeenVessel, state: Readonly<ProbeState>, wave: number, breath: number): void {
		const { patient } = this;
		let height = 1;
		let width = 1;
		if (seen.role === 'vein' || seen.role === 'twin') {
			// The twin has no clot of its own; without one in either, both close alike.
			const clot = seen.role === 'vein' ? patient.thrombus : null;
			height = veinHeight(state.pressure, clot ? clot.keepsOpen * nearness(clot.station, state.station) : 0);
			width = veinWidth(height);
			if (clot && nearness(clot.station, state.station) > 0.5) {
				seen.content = clot.content;
				seen.flows = false;
			}
		} else if (seen.role === 'saphenous' || seen.role === 'small') {
			height = veinHeight(state.pressure * 1.5, 0);
			width = veinWidth(height);
		} else {
			// The artery stays round until the pressure is firm; then it gives a little.
			height = 1 - 0.16 * Math.max(0, Math.min(1, (state.pressure - 0.5) / 0.8));
			width = 1 / Math.sqrt(height);
		}
		seen.areaRatio = height * width;
		const vein = seen.role === 'vein' || seen.role === 'twin' || seen.role === 'saphenous';
		const swell = vein
			? 1 + patient.breath.strength * breath
			: seen.role === 'node'
				? 1
				: 1 + patient.pulse.strength * (wave - 0.4);
		seen.a = seen.restA * width * (vein ? 1 : swell);
		seen.b = seen.restB * height * swell;
	}

	/**
	 * Undeformed depths of points that the probe sees every `stepMm` along a beam.
	 * @param give millimetres that the tissue has given there; @param out takes the depths
	 */
	restDepths(give: number, stepMm: number, out: Float64Array): void {
		const { giveDepth } = this.patient;
		for (let i = 0; i < out.length; i++) {
			const depth = i * stepMm;
			let rest = depth + give * (1 - Math.exp(-depth / giveDepth));
			for (let round = 0; round < 3; round++) {
				const decay = Math.exp(-rest / giveDepth);
				rest -= (rest - give * (1 - decay) - depth) / (1 - (give / giveDepth) * decay);
			}
			out[i] = rest + this.lift;
		}
	}

	#giveAt(share: number): number {
		return this.giveLeft + ((this.giveRight - this.giveLeft) * (share + 1)) / 2;
	}

	#deformedDepth(rest: number, give: number): number {
		return rest - give * (1 - Math.exp(-rest / this.patient.giveDepth));
	}
}

/** Where the stations lie: which landmark's anatomy is in the plane, or neither between the two. */
export function stationOf(station: number): 'sfj' | 'fv' | null {
	if (station <= 0.25) return 'sfj';
	return station >= 0.75 ? 'fv' : null;
}

/** The station that the picture looks most like. */
export function nearestStation(patient: Patient, station: number): Station {
	return patient.stations[station < 0.5 ? 0 : 1];
}

function goneFrom(vessel: Vessel, shrink: number): Vessel {
	return { ...vessel, a: vessel.a * shrink, b: vessel.b * shrink, x: vessel.x + 5, z: vessel.z * 0.7, presence: 0 };
}

function isFemoral(vessel: Vessel): boolean {
	return vessel.role === 'vein' || vessel.role === 'twin' || vessel.role === 'saphenous';
}

function fade(away: number): number {
	const t = Math.max(0, Math.min(1, (away - 0.2) / 0.7));
	return t * t * (3 - 2 * t);
}

function nearness(station: number, other: number): number {
	return Math.max(0, 1 - Math.abs(station - other) * 2);
}

function mix(one: number, other: number, share: number): number {
	return one + (other - one) * share;
}
