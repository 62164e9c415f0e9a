import { type Act, inAir, type ProbeState } from './probeState.ts';
import { mixSeeds, Random } from './random.ts';
import type { Episode, Scenario } from './scenario.ts';

/** An examination ends after this long without a landmark: between two patients lie five seconds of air. */
export const demoIdleEndMs = 3500;

const onGroin: Partial<ProbeState> = { contact: 1, pressure: 0.05, station: 0, slide: 0 };

function pressAndHold(random: Random, holdMs: number): Act[] {
	return [
		{ act: 'press', ms: random.whole(1000, 1300), to: { pressure: random.between(1.1, 1.25) } },
		{ act: 'hold', ms: holdMs },
		{ act: 'release', ms: random.whole(600, 800), to: { pressure: 0.05 } },
	];
}

function examination(random: Random, seed: number, thighCloses: boolean): Episode {
	const aside = random.between(4, 8) * (random.chance(0.5) ? 1 : -1);
	const acts: Act[] = [
		{ act: 'arrive', ms: 700, to: { ...onGroin, slide: aside } },
		{ act: 'search', ms: 1300, to: { slide: 0 } },
		{ act: 'rest', ms: 1300 },
		...pressAndHold(random, 1300),
		{ act: 'rest', ms: 500 },
		{ act: 'slide', ms: 2000, to: { station: 1, slide: random.between(-2, 2) } },
		{ act: 'rest', ms: 1300 },
		...pressAndHold(random, thighCloses ? 1300 : 1100),
		{ act: 'rest', ms: 700 },
	];
	if (!thighCloses) acts.push(...pressAndHold(random, 1000), { act: 'rest', ms: 500 });
	acts.push({ act: 'lift-off', ms: 500, to: { contact: 0, pressure: 0, station: 0 } }, { act: 'air', ms: 5600 });
	return {
		patientSeed: seed,
		content: 'femoral',
		side: random.chance(0.5) ? 'left' : 'right',
		thrombus: thighCloses
			? null
			: { station: 1, keepsOpen: random.between(0.32, 0.5), content: random.between(1.1, 1.8) },
		start: { ...inAir },
		acts,
	};
}

/**
 * Two examinations in turn, of new patients each time: one where both landmarks close under pressure, and one where the
 * vein in the thigh does not. Each takes 20 to 24 s, with 5 s in the air at its end.
 */
export function demoScenario(seed: number): Scenario {
	const random = new Random(seed, 51);
	return {
		name: 'demo',
		seed,
		episodes: [examination(random, mixSeeds(seed, 1), true), examination(random, mixSeeds(seed, 2), false)],
		repeat: true,
	};
}
