import type { Random } from './random.ts';

/** The ultrasound probe and the picture it makes. Lengths in millimetres. */
export interface Probe {
	kind: 'linear' | 'curved';
	/** Curved: radius of the probe's face. Linear: 0. */
	radius: number;
	/** Linear: width of the picture. Curved: 0. */
	width: number;
	/** Curved: half the opening angle, radians. Linear: 0. */
	halfAngle: number;
	/** Depth of the picture along a beam. */
	depth: number;
}

export function chooseProbe(random: Random, kind: 'linear' | 'curved' | 'any'): Probe {
	const curved = kind === 'curved' || (kind === 'any' && random.chance(0.16));
	if (curved)
		return {
			kind: 'curved',
			radius: random.between(38, 60),
			width: 0,
			halfAngle: random.between(0.42, 0.58),
			depth: random.between(45, 68),
		};
	// The real stills are 1.2 to 2 times as wide as deep; deeper settings are common on small linear probes.
	const width = random.between(36, 50);
	return { kind: 'linear', radius: 0, width, halfAngle: 0, depth: width / random.between(1.05, 2) };
}

/** Width and height of the picture's bounding box in millimetres. */
export function pictureSize(probe: Probe): { width: number; height: number } {
	if (probe.kind === 'linear') return { width: probe.width, height: probe.depth };
	const outer = probe.radius + probe.depth;
	return {
		width: 2 * outer * Math.sin(probe.halfAngle),
		height: outer - probe.radius * Math.cos(probe.halfAngle),
	};
}

/**
 * Where the probe sees a point of the undeformed body.
 * @param x millimetres to the right of the probe's middle; @param depth millimetres below the skin
 * @returns millimetres below the top of the bounding box
 */
export function heightInPicture(probe: Probe, x: number, depth: number): number {
	if (probe.kind === 'linear') return depth;
	const radius = probe.radius + depth;
	return Math.sqrt(Math.max(0, radius * radius - x * x)) - probe.radius * Math.cos(probe.halfAngle);
}

/**
 * The grid of samples along beams that a picture is computed on. Beams run from `-pad` to `beams + pad`, so that the
 * lateral point spread has neighbours at the edges; sample (beam, s) is at (beam + pad) * samples + s.
 */
export interface BeamGrid {
	beams: number;
	samples: number;
	pad: number;
	/** Position of every sample in the picture, millimetres: x from the middle, z from the top of the bounding box. */
	x: Float32Array;
	z: Float32Array;
	/** Millimetres from sample to sample, and from beam to beam at the probe's face. */
	sampleMm: number;
	beamMm: number;
}

export function beamGrid(probe: Probe, beams: number, samples: number): BeamGrid {
	const pad = 4;
	const x = new Float32Array((beams + 2 * pad) * samples);
	const z = new Float32Array(x.length);
	const sampleMm = probe.depth / (samples - 1);
	for (let beam = 0; beam < beams + 2 * pad; beam++) {
		const across = ((beam - pad) / (beams - 1)) * 2 - 1;
		const angle = across * probe.halfAngle;
		for (let s = 0; s < samples; s++) {
			const depth = s * sampleMm;
			const i = beam * samples + s;
			x[i] = probe.kind === 'linear' ? (across * probe.width) / 2 : (probe.radius + depth) * Math.sin(angle);
			z[i] =
				probe.kind === 'linear'
					? depth
					: (probe.radius + depth) * Math.cos(angle) - probe.radius * Math.cos(probe.halfAngle);
		}
	}
	const face = probe.kind === 'linear' ? probe.width : 2 * probe.radius * probe.halfAngle;
	return { beams, samples, pad, x, z, sampleMm, beamMm: face / (beams - 1) };
}
