import type { Content } from './patient.ts';
import { type Act, inAir, lengthOf, type ProbeState } from './probeState.ts';
import { mixSeeds, Random } from './random.ts';
import type { Episode, Scenario } from './scenario.ts';
import { pressureForArea, type Thrombus } from './vessel.ts';

/** What can happen in one pass over one landmark, or with none in view. */
export const scenarioKinds = [
	'full-press',
	'slow-press',
	'half-then-full',
	'half-press',
	'thrombus',
	'isoechoic-thrombus',
	'slide-off',
	'leave-plane',
	'lift-off',
	'resting-hand',
	'look-only',
	'along-the-leg',
	'freeze',
	'no-vessel',
	'artery-only',
	'saphenous-only',
	'lymph-node',
	'air',
] as const;
export type ScenarioKind = (typeof scenarioKinds)[number];

/** A clot as bright as the tissue around it is the hardest: where it is pressed flat, little tells it from a vein that has closed. */
function thrombusOf(kind: ScenarioKind, station: number, random: Random): Thrombus | null {
	if (kind === 'thrombus') return { station, keepsOpen: random.between(0.3, 0.92), content: 0.5 * 12 ** random.next() };
	if (kind === 'isoechoic-thrombus')
		return { station, keepsOpen: random.between(0.3, 0.6), content: random.between(0.8, 2) };
	return null;
}

/** The mix of a set: a cycle, so that a set of any size is balanced. About 4 in 10 close, 3 in 10 show no landmark. */
export const kindCycle: readonly ScenarioKind[] = [
	'full-press',
	'half-press',
	'slow-press',
	'no-vessel',
	'full-press',
	'thrombus',
	'half-then-full',
	'slide-off',
	'saphenous-only',
	'full-press',
	'leave-plane',
	'artery-only',
	'slow-press',
	'resting-hand',
	'full-press',
	'lymph-node',
	'lift-off',
	'thrombus',
	'half-then-full',
	'air',
	'full-press',
	'half-press',
	'along-the-leg',
	'look-only',
	'freeze',
];

/** A press is held clearly longer than the 200 ms that make a closure count, however much a pass is squeezed. */
const shortestHoldMs = 500;

const contentOf: Partial<Record<ScenarioKind, Content>> = {
	'no-vessel': 'no-vessel',
	'artery-only': 'artery-only',
	'saphenous-only': 'saphenous-only',
	'lymph-node': 'lymph-node',
};

/** One press until the vein is shut, and its release. */
function fullPress(random: Random, pressMs: number): Act[] {
	return [
		{ act: 'press', ms: pressMs, to: { pressure: random.between(1.02, 1.3) } },
		{ act: 'hold', ms: random.whole(600, 1500) },
		{ act: 'release', ms: random.whole(350, 900), to: { pressure: random.between(0, 0.15) } },
	];
}

/** A press that leaves 20 to 55% of the vein's area open. */
function halfPress(random: Random): Act[] {
	return [
		{ act: 'press', ms: random.whole(500, 1500), to: { pressure: pressureForArea(random.between(0.2, 0.55)) } },
		{ act: 'hold', ms: random.whole(300, 1500) },
		{ act: 'release', ms: random.whole(350, 900), to: { pressure: random.between(0, 0.15) } },
	];
}

function actsOf(kind: ScenarioKind, random: Random): Act[] {
	const rest: Act = { act: 'rest', ms: random.whole(900, 2000), to: { slide: random.between(-3, 3) } };
	const end: Act = { act: 'rest', ms: random.whole(300, 1200) };
	switch (kind) {
		case 'full-press':
		case 'thrombus':
		case 'isoechoic-thrombus':
			return [rest, ...fullPress(random, random.whole(450, 1400)), end];
		case 'slow-press':
			return [rest, ...fullPress(random, random.whole(1800, 3200)), end];
		case 'half-then-full':
			return [rest, ...halfPress(random), end, ...fullPress(random, random.whole(500, 1200))];
		case 'half-press':
			return random.chance(0.5)
				? [rest, ...halfPress(random), end]
				: [rest, ...halfPress(random), end, ...halfPress(random)];
		case 'slide-off': {
			const slide = random.between(28, 36) * (random.chance(0.5) ? 1 : -1);
			const pressure = random.chance(0.4) ? random.between(0.2, 0.45) : 0.05;
			return [
				rest,
				{ act: 'slide-off', ms: random.whole(500, 1800), to: { slide, pressure } },
				{ act: 'rest', ms: random.whole(600, 1800) },
				...(random.chance(0.5) ? [{ act: 'search' as const, ms: random.whole(600, 1500), to: { slide: 0 } }, end] : []),
			];
		}
		case 'leave-plane': {
			const pressure = random.chance(0.4) ? random.between(0.2, 0.45) : 0.05;
			return [
				rest,
				{ act: 'leave-plane', ms: random.whole(500, 1800), to: { away: 1, pressure } },
				{ act: 'rest', ms: random.whole(600, 1800) },
				...(random.chance(0.5) ? [{ act: 'search' as const, ms: random.whole(600, 1500), to: { away: 0 } }, end] : []),
			];
		}
		case 'lift-off':
			return [
				rest,
				...(random.chance(0.5) ? halfPress(random) : []),
				{ act: 'lift-off', ms: random.whole(200, 700), to: { contact: 0, pressure: 0 } },
				{ act: 'air', ms: random.whole(1200, 3000) },
			];
		case 'resting-hand': {
			const hold: Act = { act: 'hold', ms: random.whole(1500, 3500) };
			return random.chance(0.5)
				? [hold]
				: [hold, { act: 'release', ms: random.whole(500, 1200), to: { pressure: 0.05 } }, end];
		}
		case 'along-the-leg':
			return [rest, { act: 'slide', ms: random.whole(1500, 3500), to: { station: 1 } }, end];
		case 'freeze':
			return [
				rest,
				{ act: 'freeze', ms: random.whole(1000, 2500), to: { frozen: 1 } },
				{ act: 'unfreeze', ms: 100, to: { frozen: 0 } },
				end,
			];
		case 'air':
			return [
				{ act: 'air', ms: random.whole(1500, 3000) },
				{ act: 'arrive', ms: 500, to: { contact: random.between(0.05, 0.3) } },
				{ act: 'lift-off', ms: 500, to: { contact: 0 } },
			];
		case 'look-only':
			return [
				rest,
				{
					act: 'search',
					ms: random.whole(900, 1800),
					to: { slide: random.between(-5, 5), pressure: random.between(0, 0.3) },
				},
				end,
			];
		default: {
			const slide = random.between(-8, 8);
			const press = random.chance(0.5) ? fullPress(random, random.whole(500, 1800)) : halfPress(random);
			return [
				rest,
				{ act: 'search', ms: random.whole(800, 2000), to: { slide } },
				...(random.chance(0.7) ? press : []),
				end,
			];
		}
	}
}

/**
 * A recording of one pass.
 * @param lengthMs the acts are stretched or squeezed to this length
 */
export function trainingScenario(kind: ScenarioKind, seed: number, lengthMs: number): Scenario {
	const random = new Random(seed, 61);
	const thigh = kind !== 'along-the-leg' && random.chance(0.5);
	const station = thigh ? 1 - random.between(0, 0.1) : random.between(0, 0.1);
	const acts = actsOf(kind, random);
	const start: ProbeState = {
		...inAir,
		contact: 1,
		pressure: random.between(0, 0.15),
		station,
		slide: random.between(-3, 3),
	};
	if (kind === 'air') start.contact = 0;
	else if (kind === 'resting-hand') start.pressure = random.between(1.02, 1.25);
	else if (random.chance(0.3)) {
		start.contact = 0;
		acts.unshift({ act: 'arrive', ms: random.whole(300, 900), to: { contact: 1 } });
	}
	const stretch = lengthMs / lengthOf(acts);
	const thrombus = thrombusOf(kind, thigh ? 1 : 0, random);
	const episode: Episode = {
		patientSeed: mixSeeds(seed, 7),
		content: contentOf[kind] ?? 'femoral',
		side: random.chance(0.5) ? 'left' : 'right',
		thrombus,
		start,
		acts: acts.map((act) => ({
			...act,
			ms: Math.max(act.act === 'hold' ? shortestHoldMs : 0, Math.round(act.ms * stretch)),
		})),
	};
	return { name: kind, seed, episodes: [episode], repeat: false };
}
