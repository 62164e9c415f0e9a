import test from 'ava';
import fc from 'fast-check';
import { CaptureRule } from '../../src/simulator/captureRule.ts';
import { demoScenario } from '../../src/simulator/demoScenario.ts';
import { lengthOf } from '../../src/simulator/probeState.ts';
import { episodeAt, roundLength } from '../../src/simulator/scenario.ts';
import { kindCycle, type ScenarioKind, scenarioKinds, trainingScenario } from '../../src/simulator/trainingScenario.ts';
import { type Moment, momentsOf, storyOf } from './pass.ts';

const seeds = fc.integer({ min: 0, max: 0xffffffff });

function everySeed(kind: ScenarioKind, holds: (moments: Moment[], landmark: 'sfj' | 'fv') => boolean, runs = 40) {
	fc.assert(
		fc.property(seeds, (seed) => {
			const scenario = trainingScenario(kind, seed, 6000);
			const landmark = scenario.episodes[0]!.start.station < 0.5 ? 'sfj' : 'fv';
			return holds(momentsOf(scenario), landmark);
		}),
		{ numRuns: runs },
	);
}

function captured(moments: readonly Moment[], landmark: string): boolean {
	const rule = new CaptureRule();
	for (const { truth, timeMs } of moments) rule.see(truth, timeMs);
	return rule.outcome(landmark) === 'captured';
}

for (const kind of ['full-press', 'slow-press'] as const)
	test(`a ${kind} takes the vein from open through closing to closed and back`, (t) => {
		everySeed(kind, (moments, landmark) => {
			const story = storyOf(moments).filter((said) => said !== 'none none');
			return (
				story.join() === ['open', 'closing', 'closed', 'closing', 'open'].map((vein) => `${landmark} ${vein}`).join()
			);
		});
		t.pass();
	});

test('while a full press goes on the lumen only gets smaller', (t) => {
	everySeed('full-press', (moments) => {
		const peak = moments.findIndex(({ state }) => state.pressure > 1);
		let last = Number.POSITIVE_INFINITY;
		for (const { truth, state } of moments.slice(0, peak)) {
			if (truth.landmark === 'none' || state.pressure < 0.3) continue;
			if (truth.areaRatio > last) return false;
			last = truth.areaRatio;
		}
		return last < 0.1;
	});
	t.pass();
});

test('a full press is captured, a half press and a clot never are', (t) => {
	everySeed('full-press', captured);
	everySeed('half-then-full', captured);
	everySeed('half-press', (moments, landmark) => !captured(moments, landmark) && neverClosed(moments));
	everySeed('thrombus', (moments, landmark) => !captured(moments, landmark) && neverClosed(moments));
	t.pass();
});

function neverClosed(moments: readonly Moment[]): boolean {
	return moments.every(({ truth }) => truth.vein !== 'closed');
}

test('however short a recording is squeezed, its press is held long enough', (t) => {
	fc.assert(
		fc.property(seeds, (seed) => {
			const scenario = trainingScenario('half-then-full', seed, 2500);
			return captured(momentsOf(scenario), scenario.episodes[0]!.start.station < 0.5 ? 'sfj' : 'fv');
		}),
		{ numRuns: 30 },
	);
	t.pass();
});

test('a half press lets the vein close partly', (t) => {
	everySeed('half-press', (moments) => moments.some(({ truth }) => truth.vein === 'closing'));
	t.pass();
});

test('a vein that slides off or leaves the plane is gone, not closed', (t) => {
	everySeed('leave-plane', (moments) => neverClosed(moments) && moments.some(({ truth }) => truth.landmark === 'none'));
	let gone = 0;
	everySeed('slide-off', (moments) => {
		if (moments.some(({ truth, state }) => truth.landmark === 'none' && state.contact === 1)) gone++;
		return neverClosed(moments);
	});
	t.true(gone > 28, `the vein left the picture in ${gone} of 40`);
});

test('a resting hand shows a closed vein from the start, which is no capture', (t) => {
	everySeed('resting-hand', (moments, landmark) => moments[0]!.truth.vein === 'closed' && !captured(moments, landmark));
	t.pass();
});

test('where there is no landmark the truth never names one', (t) => {
	for (const kind of ['no-vessel', 'artery-only', 'saphenous-only', 'lymph-node', 'air'] as const)
		everySeed(kind, (moments) => moments.every(({ truth }) => truth.landmark === 'none' && truth.vein === 'none'), 15);
	t.pass();
});

test('a probe in the air shows no landmark', (t) => {
	everySeed('lift-off', (moments) =>
		moments.every(({ truth, state }) => state.contact > 0 || truth.landmark === 'none'),
	);
	t.pass();
});

test('a slide along the leg goes from one landmark to the other with none between', (t) => {
	everySeed('along-the-leg', (moments) => {
		const story = storyOf(moments).filter((_, i, all) => i > 0 || all[0] !== 'none none');
		return story.join() === 'sfj open,none none,fv open';
	});
	t.pass();
});

test('the cycle of a set holds every kind', (t) => {
	const alone = scenarioKinds.filter((kind) => kind !== 'isoechoic-thrombus');
	t.deepEqual([...new Set(kindCycle)].sort(), alone.sort());
});

test('the demo captures both landmarks within 22 s, and the second examination only the first landmark', (t) => {
	fc.assert(
		fc.property(seeds, (seed) => {
			const scenario = demoScenario(seed);
			const [first, second] = scenario.episodes;
			const lengths = scenario.episodes.map(({ acts }) => lengthOf(acts));
			if (lengths.some((length) => length < 19_000 || length > 25_000)) return false;
			const moments = momentsOf(scenario);
			const one = moments.filter(({ timeMs }) => timeMs < Math.min(22_000, lengths[0]!));
			const two = moments.filter(({ timeMs }) => timeMs >= lengths[0]!);
			const air = moments.findLast(({ truth }) => truth.landmark !== 'none')!.timeMs;
			return (
				first!.thrombus === null &&
				second!.thrombus !== null &&
				captured(one, 'sfj') &&
				captured(one, 'fv') &&
				captured(two, 'sfj') &&
				!captured(two, 'fv') &&
				two.some(({ truth }) => truth.landmark === 'fv' && truth.vein === 'closing') &&
				roundLength(scenario) - air > 5000
			);
		}),
		{ numRuns: 40 },
	);
	t.pass();
});

test('a repeated scenario brings new patients each round, one that ends brings none', (t) => {
	const demo = demoScenario(4);
	const seen = [0, 1, 2, 3, 4, 5].map((index) => episodeAt(demo, index)!.patientSeed);
	t.is(new Set(seen).size, 6);
	t.deepEqual(episodeAt(demo, 2)!.acts, demo.episodes[0]!.acts);
	const once = trainingScenario('full-press', 4, 6000);
	t.is(episodeAt(once, 0), once.episodes[0]!);
	t.is(episodeAt(once, 1), null);
});

test('scenarios are plain data', (t) => {
	const scenario = demoScenario(9);
	t.deepEqual(JSON.parse(JSON.stringify(scenario)), scenario);
	t.deepEqual(structuredClone(scenario), scenario);
});
