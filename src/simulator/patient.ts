import { draw, realVessels } from './percentiles.ts';
import { type Probe, pictureSize } from './probe.ts';
import { Random } from './random.ts';
import type { Thrombus, Vessel, VesselRole } from './vessel.ts';

/** What lies under the probe. `femoral` is the leg from the saphenofemoral junction to the upper thigh. */
export const contents = ['femoral', 'no-vessel', 'artery-only', 'saphenous-only', 'lymph-node'] as const;
export type Content = (typeof contents)[number];

/** One cross-section of the leg. Lengths in millimetres at rest; x counts to the medial side. */
export interface Station {
	vessels: Vessel[];
	/** The x that an operator brings to the middle of the picture, more or less. */
	centre: number;
	/** Thickness of skin and how bright it is, and depth of the fascia lata under the fat. */
	skin: number;
	skinEcho: number;
	fascia: number;
	/** The muscle lateral of the vessels (iliopsoas): where it ends, how steeply, its top, how bright it is (1 = fat). */
	lateralMuscle: { edge: number; flank: number; top: number; echo: number };
	/** The muscle medial of the vessels (pectineus, adductors). */
	medialMuscle: { edge: number; flank: number; top: number };
	/** Muscle below the vessels; `fibre` is the slope of its fibres, `dashes` how many of them shine, 0..1. */
	deepMuscle: { depth: number; slope: number; echo: number; fibre: number; dashes: number };
	/** Head of the femur or pubic bone: the top of its round face. */
	bone: { x: number; z: number; radius: number; rough: number } | null;
	/** Half the width of the seam between fat and muscle. */
	muscleBlur: number;
	/** Sartorius, a flat lens above the vessels in the thigh; thickness 0 at the groin. */
	sartorius: { x: number; z: number; a: number; b: number };
}

export interface Patient {
	seed: number;
	content: Content;
	side: 'left' | 'right';
	/** At the saphenofemoral junction and in the upper thigh. Equal for content that has no landmark. */
	stations: readonly [Station, Station];
	thrombus: Thrombus | null;
	/** Beats and breaths a second, and their strength (share of a radius). */
	pulse: { hz: number; strength: number };
	breath: { hz: number; strength: number; phase: number };
	/** How far the tissue gives under a pressure of 1, millimetres, and how deep that reaches. */
	give: number;
	giveDepth: number;
	/** Streaks in the fat 0..1, loss with depth in dB/cm after the scanner's own correction. */
	streaks: number;
	attenuation: number;
}

export interface PatientOptions {
	seed: number;
	content: Content;
	probe: Probe;
	side?: 'left' | 'right';
	thrombus?: Thrombus | null;
}

function vessel(role: VesselRole, x: number, z: number, a: number, b: number, random: Random): Vessel {
	const artery = role === 'artery' || role === 'deep-artery';
	const slant = artery ? random.between(-0.08, 0.08) : random.between(-0.25, 0.25);
	const wall = artery ? random.between(0.7, 3) : random.between(0.3, 1.6);
	const bent = artery ? 0.04 : 0.08;
	return {
		...{ role, x, z, a, b, slant, wall },
		presence: 1,
		enhancement: random.between(0.4, 3.2),
		outline: [random.between(-bent, bent), random.between(-bent, bent)],
		content: artery ? 1 : random.between(0.75, 1.25),
	};
}

/** The groin: the vein medial to the round artery, the great saphenous vein joining it from above and medial. */
function junction(random: Random, depth: number, scale: number): Vessel[] {
	const artery = vessel('artery', 0, depth, random.between(3.1, 5) * scale, 0, random);
	artery.b = artery.a * (random.chance(0.12) ? random.between(1.05, 1.25) : random.between(0.64, 0.96));
	const a = random.between(3.6, 7.4) * scale;
	const vein = vessel('vein', 0, depth + random.between(-0.5, 3.5), a, a * random.between(0.39, 0.76), random);
	const gap = random.between(0.2, 1.8);
	vein.x = artery.a + gap + vein.a * random.between(0.92, 1.05);
	artery.x = 0;
	const size = random.between(1.6, 3) * scale;
	const saphenous = vessel('saphenous', 0, 0, size, size * random.between(0.7, 0.95), random);
	saphenous.x = vein.x + vein.a * random.between(0.25, 0.85);
	saphenous.z = vein.z - vein.b * random.between(0.75, 1.05) - saphenous.b * random.between(0.35, 0.75);
	const node = vessel('node', 0, 0, random.between(2, 4.5) * scale, 0, random);
	node.b = node.a * random.between(0.42, 0.8);
	node.content = random.between(1.5, 4);
	node.wall *= 0.4;
	return underTheSkin(withNeighbour([artery, vein, saphenous], node, random.chance(0.16), random));
}

/** The upper thigh: two arteries, the vein deeper and medial, no saphenous vein beside them. */
function thigh(random: Random, depth: number, scale: number): Vessel[] {
	const artery = vessel('artery', 0, depth, random.between(2.5, 3.6) * scale, 0, random);
	artery.b = artery.a * random.between(0.68, 0.98);
	const deep = vessel('deep-artery', 0, 0, random.between(1.8, 2.8) * scale, 0, random);
	deep.b = deep.a * random.between(0.8, 1);
	const a = random.between(3, 5.6) * scale;
	const vein = vessel('vein', 0, 0, a, a * random.between(0.4, 0.8), random);
	const angle = random.between(0.35, 1.1);
	const reach = artery.a + vein.b + random.between(0.6, 2);
	vein.x = Math.cos(angle) * (reach + vein.a - vein.b);
	vein.z = depth + Math.sin(angle) * reach;
	const lower = random.between(1.75, 2.35);
	const far = artery.a + deep.a + random.between(1, 5);
	deep.x = Math.cos(lower) * far;
	deep.z = depth + Math.sin(lower) * far;
	// The deep artery must not run through the vein: it moves to the lateral side until it is free.
	while (Math.hypot(deep.x - vein.x, deep.z - vein.z) < deep.a + Math.max(vein.a, vein.b) + 0.4) deep.x -= 0.3;
	const share = random.between(0.45, 0.9);
	const twin = vessel('twin', 0, 0, a * share, vein.b * share, random);
	return underTheSkin(withNeighbour([artery, vein, deep], twin, random.chance(0.16), random));
}

/** Adds a vessel close to the others where it has room. @param wanted false leaves it out */
function withNeighbour(vessels: Vessel[], added: Vessel, wanted: boolean, random: Random): Vessel[] {
	for (let round = 0; wanted && round < 16; round++) {
		const beside = random.pick(vessels);
		const angle = random.between(-Math.PI, Math.PI);
		const gap = random.between(0.5, 2);
		added.x = beside.x + Math.cos(angle) * (beside.a + added.a + gap);
		added.z = beside.z + Math.sin(angle) * (beside.b + added.b + gap);
		const free = vessels.every(
			(each) => Math.hypot((each.x - added.x) / (each.a + added.a), (each.z - added.z) / (each.b + added.b)) > 1.04,
		);
		if (free && added.z - added.b > 2.6) return [...vessels, added];
	}
	return vessels;
}

/** Moves vessels down together until none lies in the skin. */
function underTheSkin(vessels: Vessel[]): Vessel[] {
	const missing = Math.max(0, ...vessels.map((each) => 2.6 - (each.z - each.b)));
	for (const each of vessels) each.z += missing;
	return vessels;
}

function withoutLandmark(content: Content, random: Random, depth: number, scale: number, width: number): Vessel[] {
	const x = random.between(-0.25, 0.25) * width;
	const size = random.between(1.4, 3.2) * scale;
	if (content === 'artery-only') {
		const artery = vessel('artery', x, depth, size * 1.35, size * 1.35 * random.between(0.82, 1), random);
		return [artery];
	}
	if (content === 'saphenous-only')
		return [vessel('saphenous', x, depth * 0.55, size, size * random.between(0.6, 0.9), random)];
	if (content === 'lymph-node') {
		const node = vessel('node', x, depth * 0.7, size * 2, size * random.between(0.8, 1.3), random);
		return [{ ...node, content: random.between(2, 4), wall: 0.8 }];
	}
	return [];
}

function station(
	random: Random,
	vessels: Vessel[],
	depth: number,
	groin: boolean,
	picture: { width: number; height: number; face: number },
): Station {
	const top = Math.min(depth, ...vessels.map((each) => each.z - each.b));
	const bottom = Math.max(depth + 3, ...vessels.map((each) => each.z + each.b));
	const fascia = Math.max(2.5, top - random.between(0.3, 4.5));
	const [first, second] = vessels.filter((each) => each.role === 'artery' || each.role === 'vein');
	const middle = ((first?.x ?? vessels[0]?.x ?? 0) + (second?.x ?? first?.x ?? vessels[0]?.x ?? 0)) / 2;
	// An operator keeps the whole vein in the picture, with room for an unsteady hand.
	const vein = vessels.find((each) => each.role === 'vein');
	const room = vein ? Math.max(0, picture.face / 2 - vein.a / 3 - 4.4) : picture.face;
	const wanted = middle + random.between(-0.16, 0.16) * picture.width;
	const centre = vein ? Math.max(vein.x - room, Math.min(vein.x + room, wanted)) : wanted;
	const thick = groin ? 0 : Math.max(0, Math.min(top - 3, random.between(3, 7)));
	const lateralEnd = Math.min(centre + 4, ...vessels.map((each) => each.x - each.a));
	const medialEnd = Math.max(centre - 4, ...vessels.map((each) => each.x + each.a));
	const flat = groin ? fascia : Math.max(2.5, fascia - thick);
	const lateralFlank = random.between(3, 9);
	const medialFlank = random.between(4, 10);
	const below = Math.min(bottom + random.between(0.3, 5), picture.height * 1.1);
	return {
		vessels,
		centre,
		skin: random.between(0.9, 2),
		skinEcho: random.between(0.15, 0.75),
		fascia: flat,
		lateralMuscle: {
			edge: lateralEnd - lateralFlank * 0.6 - random.between(-1, 5),
			flank: lateralFlank,
			top: flat + random.between(0.5, 5),
			echo: random.between(0.2, 0.6),
		},
		medialMuscle: {
			edge: medialEnd + medialFlank * 0.6 + random.between(-2, 5),
			flank: medialFlank,
			top: flat + random.between(1, 9),
		},
		deepMuscle: {
			depth: below,
			slope: random.between(-0.2, 0.2),
			echo: random.between(0.25, 0.7),
			fibre: random.between(-0.45, 0.45),
			dashes: random.next(),
		},
		bone:
			groin && random.chance(0.35)
				? {
						x: centre + random.between(-0.4, 0.35) * picture.width,
						z: Math.max(below + 1, picture.height * random.between(0.62, 0.95)),
						radius: random.between(11, 26),
						rough: random.between(0, 1.2),
					}
				: null,
		muscleBlur: random.between(0.5, 2.2),
		sartorius: { x: random.between(-8, 4), z: top - thick / 2 - 0.6, a: random.between(9, 16), b: thick / 2 },
	};
}

/** A person's groin for a seed. The depth of the vessels follows the probe's depth, as an operator sets it. */
export function makePatient(options: PatientOptions): Patient {
	const random = new Random(options.seed, 11);
	const { height, width } = pictureSize(options.probe);
	const { probe } = options;
	const face = probe.kind === 'linear' ? width : 2 * probe.radius * Math.sin(probe.halfAngle);
	const scale = random.between(0.8, 1.28) * (options.probe.kind === 'curved' ? 1.12 : 1);
	// The measured depths are those of artery and vein together; the vein lies a little deeper.
	const arteryDepth = draw(realVessels.centreDepth, random) * height - 2;
	const femoral = options.content === 'femoral';
	const groinDepth = Math.max(6.5, Math.min(arteryDepth, height * 0.68, height - 9));
	const thighDepth = Math.max(6, Math.min(groinDepth * random.between(0.8, 1.08), height * 0.62));
	const groin = femoral
		? junction(random, groinDepth, scale)
		: withoutLandmark(options.content, random, groinDepth, scale, width);
	const first = station(random, groin, groinDepth, true, { width, height, face });
	const second = femoral
		? station(random, thigh(random, thighDepth, scale), thighDepth, false, { width, height, face })
		: first;
	const small = random.whole(0, 2);
	for (const each of femoral ? [first, second] : [first])
		for (let i = 0; i < small; i++) {
			const size = random.between(0.5, 1.1);
			each.vessels.push(
				vessel(
					'small',
					random.between(-0.45, 0.45) * width,
					random.between(2.5, each.fascia + 1),
					size,
					size * 0.8,
					random,
				),
			);
		}
	return {
		seed: options.seed,
		content: options.content,
		side: options.side ?? (random.chance(0.5) ? 'left' : 'right'),
		stations: [first, second],
		thrombus: options.thrombus ?? null,
		pulse: { hz: random.between(0.9, 1.6), strength: random.between(0.02, 0.09) },
		breath: { hz: random.between(0.18, 0.32), strength: random.between(0.02, 0.16), phase: random.next() },
		give: random.between(0.16, 0.34) * groinDepth,
		giveDepth: random.between(0.7, 1.4) * groinDepth,
		streaks: random.between(0.6, 1.5),
		// What the scanner's own correction leaves over the depth of a picture is much the same for every probe.
		attenuation: random.between(0, 11) / (height / 10),
	};
}
