/** Frames and those that came late, counted by the vision thread since it started. */
export interface FrameCounts {
	frames: number;
	misses: number;
}

/** Below this many frames their share says nothing. */
const fewestFrames = 100;

/**
 * What is wrong with a model on probation; null for nothing. Pure.
 * @param before frames under the model before it, @param now under it
 * @param allowed by how much the share of late frames may have grown
 */
export function judgeProbation(before: FrameCounts, now: FrameCounts, allowed: number): string | null {
	if (now.frames < fewestFrames || before.frames < fewestFrames) return null;
	const share = ({ frames, misses }: FrameCounts) => misses / frames;
	if (share(now) <= share(before) + allowed) return null;
	const percent = (counts: FrameCounts) => `${Math.round(100 * share(counts))} %`;
	return `${percent(now)} of the frames came late with it, ${percent(before)} before`;
}
