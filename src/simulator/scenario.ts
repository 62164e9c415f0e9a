import type { Content } from './patient.ts';
import { type Act, lengthOf, type ProbeState } from './probeState.ts';
import { mixSeeds } from './random.ts';
import type { Thrombus } from './vessel.ts';

/** One patient under the probe, from the first act to the last. */
export interface Episode {
	patientSeed: number;
	content: Content;
	side: 'left' | 'right';
	thrombus: Thrombus | null;
	start: ProbeState;
	acts: Act[];
}

/** What a simulation plays: plain data, so that it can be sent to a thread or kept in a file. */
export interface Scenario {
	/** Such as `demo` or `full-press`. */
	name: string;
	seed: number;
	episodes: Episode[];
	/** Starts over with new patients when it is through. */
	repeat: boolean;
}

/** Length of one round, milliseconds. */
export function roundLength(scenario: Scenario): number {
	return scenario.episodes.reduce((sum, episode) => sum + lengthOf(episode.acts), 0);
}

/**
 * An episode counted from the start, through all rounds.
 * @returns null after the last one
 */
export function episodeAt(scenario: Scenario, index: number): Episode | null {
	const count = scenario.episodes.length;
	const round = Math.floor(index / count);
	if (count === 0 || (round > 0 && !scenario.repeat)) return null;
	const episode = scenario.episodes[index % count]!;
	return round === 0 ? episode : { ...episode, patientSeed: mixSeeds(episode.patientSeed, round) };
}
