import { Geometry } from '../../src/simulator/geometry.ts';
import { makePatient } from '../../src/simulator/patient.ts';
import { chooseProbe } from '../../src/simulator/probe.ts';
import { inAir, lengthOf, type ProbeState, probeAt } from '../../src/simulator/probeState.ts';
import { Random } from '../../src/simulator/random.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { judge, noTruth, type Truth } from '../../src/simulator/truth.ts';

export interface Moment {
	timeMs: number;
	truth: Truth;
	state: ProbeState;
}

/** The truth about a scenario's first round, image by image, without drawing a picture. */
export function momentsOf(scenario: Scenario, hz = 25, probeKind: 'linear' | 'any' = 'linear'): Moment[] {
	const probe = chooseProbe(new Random(scenario.seed, 81), probeKind);
	const moments: Moment[] = [];
	let start = 0;
	for (const episode of scenario.episodes) {
		const { patientSeed: seed, content, side, thrombus } = episode;
		const geometry = new Geometry(makePatient({ seed, content, probe, side, thrombus }), probe);
		const state = { ...inAir };
		for (let timeMs = 0; timeMs < lengthOf(episode.acts); timeMs += 1000 / hz) {
			probeAt(episode.start, episode.acts, timeMs, state);
			geometry.update(state, start + timeMs);
			const truth = noTruth();
			judge(geometry, state, moments.length, truth);
			moments.push({ timeMs: start + timeMs, truth, state: { ...state } });
		}
		start += lengthOf(episode.acts);
	}
	return moments;
}

/** The different answers in the order they come, such as `sfj open`. */
export function storyOf(moments: readonly Moment[]): string[] {
	const story: string[] = [];
	for (const { truth } of moments) {
		const said = `${truth.landmark} ${truth.vein}`;
		if (story.at(-1) !== said) story.push(said);
	}
	return story;
}
