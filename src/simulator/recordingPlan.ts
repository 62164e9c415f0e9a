import { PhleboxError } from '../errors.ts';
import { type Layout, layouts } from './layout.ts';
import { mixSeeds, Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import { kindCycle, type ScenarioKind, scenarioKinds, trainingScenario } from './trainingScenario.ts';

export interface RecordingPlanOptions {
	/** Chooses everything; recording k of a seed is the same whoever writes it. */
	seed: number;
	/** Length of a recording, seconds; presses are never squeezed under half a second, so some are a little longer. */
	seconds: number;
	/** Screens to choose from, pixels. */
	sizes: readonly (readonly [width: number, height: number])[];
	/** Frames a second on the HDMI line, to choose from. */
	hdmiHz: readonly number[];
	/** What happens, in turn. */
	kinds: readonly ScenarioKind[];
}

export const recordingPlanDefaults = {
	seed: 1,
	seconds: 6,
	sizes: [
		[640, 480],
		[800, 600],
	],
	hdmiHz: [30],
	kinds: kindCycle,
} as const satisfies RecordingPlanOptions;

/** One recording of a set, before it is made. */
export interface RecordingPlan {
	/** Such as `r00012-full-press`. */
	id: string;
	seed: number;
	kind: ScenarioKind;
	scenario: Scenario;
	layout: Layout['name'];
	width: number;
	height: number;
	hdmiHz: number;
	scannerHz: number;
	side: 'left' | 'right';
	/** The simulated person. */
	subject: string;
	/** The landmark that the recording is about. */
	landmark: 'sfj' | 'fv' | 'none';
}

/** Image rates of scanners, images a second (13 to 54 were seen on real screens). */
const scannerRates = [13, 15, 18, 20, 22, 25, 28, 32, 38, 45, 54];

/** @throws PhleboxError bad-usage for options that no set can have */
export function checkPlanOptions(options: RecordingPlanOptions & { recordings: number; first: number }): void {
	const wrong = (what: string): never => {
		throw new PhleboxError('bad-usage', `simulate: ${what}`);
	};
	const { recordings, first, seconds, sizes, hdmiHz, kinds } = options;
	if (!Number.isInteger(recordings) || recordings < 1)
		wrong(`${recordings} is no number of recordings; give 1 or more`);
	if (!Number.isInteger(first) || first < 0) wrong(`${first} is no number of a first recording; give 0 or more`);
	if (!(seconds >= 1 && seconds <= 600)) wrong(`a recording of ${seconds} s cannot be made; give 1 to 600`);
	if (sizes.length === 0 || hdmiHz.length === 0)
		wrong('no screen size or no frame rate to choose from; give at least one');
	if (kinds.length === 0) wrong('nothing to happen; give at least one kind');
	for (const kind of kinds)
		if (!scenarioKinds.includes(kind)) wrong(`kind ${kind} is unknown; known are ${scenarioKinds.join(', ')}`);
	for (const rate of hdmiHz)
		if (!(rate >= 1 && rate <= 240)) wrong(`${rate} frames a second is no rate; give 25 to 60`);
}

/** @param index number of the recording in its set, from 0 */
export function planRecording(options: RecordingPlanOptions, index: number): RecordingPlan {
	const seed = mixSeeds(options.seed, index);
	const random = new Random(seed, 91);
	const kind = options.kinds[index % options.kinds.length]!;
	const scenario = trainingScenario(kind, seed, options.seconds * 1000);
	const episode = scenario.episodes[0]!;
	const [width, height] = random.pick(options.sizes);
	const hdmiHz = random.pick(options.hdmiHz);
	// A scanner is slower than the line, so that frames repeat.
	const rates = scannerRates.filter((rate) => rate < hdmiHz);
	const femoral = episode.content === 'femoral' && kind !== 'air';
	return {
		id: `r${String(index).padStart(5, '0')}-${kind}`,
		seed,
		kind,
		scenario,
		layout: random.pick(layouts).name,
		width,
		height,
		hdmiHz,
		scannerHz: rates.length > 0 ? random.pick(rates) : hdmiHz / 2,
		side: episode.side,
		subject: `simulated-${episode.patientSeed.toString(16).padStart(8, '0')}`,
		landmark: femoral ? (episode.start.station < 0.5 ? 'sfj' : 'fv') : 'none',
	};
}
