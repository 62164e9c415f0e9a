import { type Geometry, type SeenVessel, sinking } from './geometry.ts';
import type { BeamGrid } from './probe.ts';
import { smoothNoise } from './smoothNoise.ts';

/** Millimetres under the probe that nothing is drawn into. */
const skinMm = 1.8;

/**
 * For every sample of the beam grid: which spot of the undeformed body it shows, and what the vessels do to its echo.
 * The body is deformed here, before any blur, so that speckle changes as it does in a real scan.
 */
export class EchoField {
	readonly #grid: BeamGrid;
	/** The spot in the undeformed body, millimetres. */
	readonly bodyX: Float32Array;
	readonly bodyZ: Float32Array;
	/** Factor on the tissue's amplitude, and amplitude of scatterers on top (lumen content, walls). */
	readonly tissue: Float32Array;
	readonly extra: Float32Array;
	/** Undeformed depth at the left and right edge for every sample. */
	readonly #left: Float64Array;
	readonly #right: Float64Array;
	/** Millimetres from the middle of the vessel in work to each beam. */
	readonly #offsets: Float64Array;
	#firstBeam = 0;
	/** exp(-i / 16). */
	readonly #decay = Float32Array.from({ length: 96 }, (_, i) => (i < 95 ? Math.exp(-i / 16) : 0));

	constructor(grid: BeamGrid) {
		this.#grid = grid;
		const count = grid.x.length;
		this.bodyX = new Float32Array(count);
		this.bodyZ = new Float32Array(count);
		this.tissue = new Float32Array(count);
		this.extra = new Float32Array(count);
		this.#offsets = new Float64Array(grid.beams + 2 * grid.pad);
		this.#left = new Float64Array(grid.samples);
		this.#right = new Float64Array(grid.samples);
	}

	/**
	 * @param lumen amplitude of blood in the picture; @param stream millimetres that blood has moved on, which changes its
	 * speckle from image to image
	 */
	update(geometry: Geometry, lumen: number, stream: number): void {
		this.#deform(geometry);
		this.tissue.fill(1);
		this.extra.fill(0);
		for (const vessel of geometry.vessels) {
			if (vessel.presence < 0.02) continue;
			if (vessel.b < vessel.restB * 0.97) this.#collapse(vessel);
			this.#below(vessel);
			this.#wall(vessel, (geometry.patient.seed >>> 7) % 512);
		}
		for (const vessel of geometry.vessels) if (vessel.presence >= 0.02) this.#fill(vessel, lumen, stream);
	}

	#deform(geometry: Geometry): void {
		const { samples, sampleMm, beams, pad, x } = this.#grid;
		geometry.restDepths(geometry.giveLeft, sampleMm, this.#left);
		geometry.restDepths(geometry.giveRight, sampleMm, this.#right);
		const { middle, direction } = geometry;
		let i = 0;
		for (let beam = 0; beam < beams + 2 * pad; beam++) {
			const share = (beam - pad) / (beams - 1);
			for (let s = 0; s < samples; s++, i++) {
				this.bodyX[i] = middle + direction * x[i]!;
				this.bodyZ[i] = this.#left[s]! + (this.#right[s]! - this.#left[s]!) * share;
			}
		}
	}

	/** The tissue above and below a vein that gives way moves into its place. */
	#collapse(vessel: SeenVessel): void {
		const { samples, x, z } = this.#grid;
		// The tissue follows far above and below, and some way to the sides: nothing tears.
		const reach = 16 / (vessel.restB * 3.5);
		const wide = vessel.restA * 1.7;
		const close = 1.12 * (vessel.restB - vessel.b) * vessel.presence;
		const end = this.#span(vessel, wide);
		for (let beam = this.#firstBeam; beam < end; beam++) {
			const dx = this.#offsets[beam]!;
			const now = vessel.b * Math.sqrt(Math.max(0, 1 - (dx / vessel.a) ** 2));
			const ceiling = Math.max(skinMm + 0.5, vessel.depth - now);
			// The skin stays with the probe: nothing is pulled in from above it.
			const above = this.bodyZ[beam * samples + Math.min(samples - 1, this.#sample(ceiling))]! - skinMm - 0.4;
			const shift = Math.min(close * Math.cos(((dx / wide) * Math.PI) / 2) ** 2, Math.max(0, above) / (1 + sinking));
			const from = this.#sample(Math.max(skinMm, vessel.depth - vessel.b - vessel.restB * 9));
			const to = this.#sample(vessel.depth + vessel.b + vessel.restB * 9);
			for (let s = from; s < to; s++) {
				const i = beam * samples + s;
				const dz = z[i]! - vessel.z - vessel.slant * (x[i]! - vessel.x);
				const outside = Math.max(0, Math.abs(dz) - now);
				const ramp = (s * this.#grid.sampleMm - skinMm) / (ceiling - skinMm);
				const amount = shift * Math.min(ramp, this.#decay[Math.min(95, (outside * reach) | 0)]!);
				const inner = Math.max(-1, Math.min(1, dz / Math.max(0.08, now)));
				this.bodyZ[i]! += amount * (inner - sinking);
			}
		}
	}

	/** Behind a vessel: brighter in its middle (blood takes little of the beam), shadows behind its edges. */
	#below(vessel: SeenVessel): void {
		const { samples } = this.#grid;
		const open = Math.min(1, vessel.b / 1.5) * vessel.presence * Math.min(1, vessel.restA / 2);
		if (vessel.role === 'node' || open < 0.05) return;
		const end = this.#span(vessel, vessel.a * 1.3);
		for (let beam = this.#firstBeam; beam < end; beam++) {
			const dx = this.#offsets[beam]!;
			const share = Math.abs(dx) / vessel.a;
			const bright = open * Math.max(0, 1 - share * share * 1.3);
			const shadow = open * 0.5 * Math.max(0, 1 - Math.abs(share - 1) / 0.22);
			if (bright < 0.01 && shadow < 0.01) continue;
			const from = this.#sample(vessel.depth + vessel.b * Math.sqrt(Math.max(0, 1 - share * share)));
			const step = (16 * this.#grid.sampleMm) / 4.5;
			for (let s = from; s < samples; s++) {
				const decay = this.#decay[Math.min(95, ((s - from) * step) | 0)]!;
				this.tissue[beam * samples + s]! *=
					(1 + vessel.enhancement * bright * decay) * (1 - shadow * (0.45 + 0.55 * decay));
			}
		}
	}

	/** Walls echo where the beam meets them squarely, above and below, hardly at the sides; and not in every spot. */
	#wall(vessel: SeenVessel, layer: number): void {
		const { samples, x, z } = this.#grid;
		const a = vessel.a;
		const b = Math.max(0.18, vessel.b);
		const thick = vessel.role === 'artery' ? 0.4 : 0.28;
		const perX = 2.6 / vessel.restA;
		const end = this.#span(vessel, a + 0.8);
		for (let beam = this.#firstBeam; beam < end; beam++) {
			const from = this.#sample(vessel.depth - b - 1 - Math.abs(vessel.slant) * a);
			const to = this.#sample(vessel.depth + b + 1.4 + Math.abs(vessel.slant) * a);
			for (let s = from; s < to; s++) {
				const i = beam * samples + s;
				const dx = x[i]! - vessel.x;
				const dz = z[i]! - vessel.z - vessel.slant * dx;
				const u = dx / (a * a);
				const v = dz / (b * b);
				const slope = Math.sqrt(u * u + v * v) + 1e-6;
				const distance = (u * dx + v * dz - 1 + outline(vessel, dx / a, dz / b)) / (2 * slope);
				const near = 1 - Math.abs(distance - 0.2) / thick;
				if (near <= 0) continue;
				const square = (v * v) / (slope * slope);
				const patch = 2.3 * smoothNoise(dx * perX + 40, (dz > 0 ? 3 : 9) + distance, layer) - 0.45;
				if (patch <= 0) continue;
				// The far wall is the brighter one.
				this.extra[i]! +=
					vessel.presence *
					vessel.wall *
					near *
					Math.min(1.2, patch) *
					(0.04 + square * square * square * (dz > 0 ? 1.5 : 0.8));
			}
		}
	}

	#fill(vessel: SeenVessel, lumen: number, stream: number): void {
		const { samples, x, z } = this.#grid;
		const { a, b } = vessel;
		if (b < 0.12) return;
		const content = lumen * vessel.content;
		const blood = vessel.flows;
		const soften = 1 / Math.min(0.5, 0.15 + b * 0.12);
		const end = this.#span(vessel, a + 0.5);
		for (let beam = this.#firstBeam; beam < end; beam++) {
			const from = this.#sample(vessel.depth - b - 0.8 - Math.abs(vessel.slant) * a);
			const to = this.#sample(vessel.depth + b + 1.2 + Math.abs(vessel.slant) * a);
			for (let s = from; s < to; s++) {
				const i = beam * samples + s;
				const dx = x[i]! - vessel.x;
				const dz = z[i]! - vessel.z - vessel.slant * dx;
				const u = dx / (a * a);
				const v = dz / (b * b);
				const slope = Math.sqrt(u * u + v * v) + 1e-6;
				const square = u * dx + v * dz;
				// The sides, which the beam grazes, are less sharp than floor and ceiling.
				const sharp = soften * (0.55 + (0.45 * Math.abs(v)) / slope);
				const edge = (square - 1 + outline(vessel, dx / a, dz / b)) / (2 * slope);
				const inside = Math.min(1, 0.5 - edge * sharp) * vessel.presence;
				if (inside <= 0) continue;
				this.tissue[i]! *= 1 - inside;
				// Clutter hangs below the near wall; a node has a bright middle.
				let echo = content * (1 - (0.3 * dz) / b);
				if (vessel.role === 'node') echo += 3 * content * Math.max(0, 1 - square * 5);
				this.extra[i] = this.extra[i]! * (1 - inside) + echo * inside;
				if (blood) this.bodyX[i]! += stream;
			}
		}
	}

	/**
	 * Finds the beams that pass within `reach` of the vessel's middle, and how far from it each passes at its depth.
	 * @returns the beam after the last of them
	 */
	#span(vessel: SeenVessel, reach: number): number {
		const { samples, beams, pad, x } = this.#grid;
		const level = Math.min(samples - 1, this.#sample(vessel.depth));
		const end = beams + 2 * pad;
		let last = 0;
		this.#firstBeam = end;
		for (let beam = 0; beam < end; beam++) {
			const dx = x[beam * samples + level]! - vessel.x;
			this.#offsets[beam] = dx;
			if (dx <= -reach || dx >= reach) continue;
			this.#firstBeam = Math.min(this.#firstBeam, beam);
			last = beam + 1;
		}
		return last;
	}

	#sample(depth: number): number {
		return Math.max(0, Math.min(this.#grid.samples, Math.round(depth / this.#grid.sampleMm)));
	}
}

/** What the outline of a vessel adds to the ellipse's equation, which is 0 on its edge. @param p, q in half-axes */
function outline({ outline: [pear, lean] }: SeenVessel, p: number, q: number): number {
	const square = p * p + q * q;
	// Third harmonics of the angle; away from the edge they fade, so that nothing far off counts as inside.
	const fade = square > 1 ? 1 / (square * square) : 1;
	return 2 * fade * (pear * (q * q * q - 3 * q * p * p) + lean * (p * p * p - 3 * p * q * q));
}
