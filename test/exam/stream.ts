import fc from 'fast-check';
import type { Observation } from '../../src/exam/observation.ts';
import { type Protocol, protocolDefaults } from '../../src/exam/protocol.ts';

/** A fresh live image with an open vein at `sfj`, changed as `parts` say. */
export function observation(parts: Partial<Observation> = {}): Observation {
	return {
		timeMs: 0,
		signal: 'ok',
		scene: 'live',
		repeated: false,
		landmark: 'sfj',
		landmarkConfidence: 0.95,
		vein: 'open',
		veinConfidence: 0.95,
		...parts,
	};
}

/** `images` images `stepMs` apart; the first one is `stepMs` after `fromMs`. */
export function images(fromMs: number, count: number, parts: Partial<Observation> = {}, stepMs = 20): Observation[] {
	return Array.from({ length: count }, (_, i) => observation({ timeMs: fromMs + (i + 1) * stepMs, ...parts }));
}

/** Streams of images one after the other: each entry goes on where the one before ended. */
export function stream(...parts: [count: number, parts?: Partial<Observation>, stepMs?: number][]): Observation[] {
	const all: Observation[] = [];
	for (const [count, changes, stepMs] of parts) {
		const last = all.findLast((o) => Number.isFinite(o.timeMs));
		all.push(...images(last?.timeMs ?? 1000, count, changes, stepMs));
	}
	return all;
}

export const closed = { vein: 'closed' } as const;
export const closing = { vein: 'closing' } as const;
export const away = { landmark: 'none', vein: 'none', landmarkConfidence: 0.95, veinConfidence: 0.95 } as const;

/** Everything an examination can be shown, in stretches of some images, so that captures and near misses are common. */
export function streams(maxStretches = 12): fc.Arbitrary<Observation[]> {
	const { thresholds } = protocolDefaults;
	const edge = (threshold: number) =>
		fc.constantFrom(threshold, threshold, 0.99, 0.95, threshold - 1e-9, 0, Number.NaN);
	const sure = fc.constantFrom(0.99, 0.9);
	const vein = fc.oneof(
		{ weight: 4, arbitrary: fc.record({ vein: fc.constant('open' as const), veinConfidence: sure }) },
		{ weight: 5, arbitrary: fc.record({ vein: fc.constant('closed' as const), veinConfidence: sure }) },
		{ weight: 2, arbitrary: fc.record({ vein: fc.constant('closing' as const), veinConfidence: sure }) },
		{ weight: 1, arbitrary: fc.record({ vein: fc.constant('open' as const), veinConfidence: edge(thresholds.open) }) },
		{
			weight: 1,
			arbitrary: fc.record({ vein: fc.constant('closed' as const), veinConfidence: edge(thresholds.closed) }),
		},
		{ weight: 1, arbitrary: fc.record({ vein: fc.constant('none' as const), veinConfidence: sure }) },
	);
	const landmark = fc.oneof(
		{
			weight: 12,
			arbitrary: fc.record({ landmark: fc.constantFrom('sfj', 'sfj', 'sfj', 'fv'), landmarkConfidence: sure }),
		},
		{
			weight: 1,
			arbitrary: fc.record({
				landmark: fc.constantFrom('sfj', 'fv', 'none', 'somewhere-else'),
				landmarkConfidence: edge(thresholds.landmark),
			}),
		},
	);
	const what = fc.oneof(
		{ weight: 14, arbitrary: fc.record({ repeated: fc.constant(false) }) },
		{ weight: 2, arbitrary: fc.record({ repeated: fc.constant(true) }) },
		{
			weight: 1,
			arbitrary: fc.record({
				scene: fc.constantFrom(
					...(['frozen', 'colour', 'dual', 'not-ultrasound', 'layout-changed', 'no-roi'] as const),
				),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ signal: fc.constantFrom('no-cable', 'no-signal', 'stuck', 'error') }) },
	);
	const stretch = fc.record({
		count: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 3, max: 14 }) }, fc.integer({ min: 1, max: 2 })),
		stepMs: fc.oneof(
			{ weight: 6, arbitrary: fc.constantFrom(20, 33, 40) },
			{ weight: 1, arbitrary: fc.constantFrom(0, 1, 77, 250) },
		),
		// Before the stretch: nothing, a pause around the longest gap, a jump of the clock, or no time at all.
		pauseMs: fc.oneof(
			{ weight: 12, arbitrary: fc.constant(0) },
			{ weight: 2, arbitrary: fc.constantFrom(210, 230, 250, 251, -1, -40, -5000, 3_600_000, Number.NaN) },
		),
		vein,
		landmark,
		what,
	});
	const press = fc
		.record({
			site: fc.constantFrom('sfj', 'fv'),
			stepMs: fc.constantFrom(20, 40),
			veins: fc.array(fc.constantFrom('open' as const, 'closing' as const, 'closed' as const), { maxLength: 1 }),
			counts: fc.array(fc.integer({ min: 3, max: 14 }), { minLength: 4, maxLength: 4 }),
		})
		.map(({ site, stepMs, veins, counts }) =>
			(['open', ...veins, 'closed', 'open'] as const).map((vein, i) => ({
				count: counts[i]!,
				stepMs,
				pauseMs: 0,
				vein: { vein, veinConfidence: 0.9 },
				landmark: { landmark: site, landmarkConfidence: 0.9 },
				what: { repeated: false },
			})),
		);
	const pieces = fc.oneof({ weight: 3, arbitrary: stretch.map((one) => [one]) }, { weight: 1, arbitrary: press });
	return fc.array(pieces, { minLength: 1, maxLength: maxStretches }).map((stretches) => {
		let timeMs = 10_000;
		const all: Observation[] = [];
		for (const { count, stepMs, pauseMs, vein, landmark, what } of stretches.flat()) {
			if (Number.isNaN(pauseMs)) all.push(observation({ timeMs: pauseMs, ...landmark, ...vein, ...what }));
			else timeMs += pauseMs;
			for (let i = 0; i < count; i++) {
				timeMs += stepMs;
				all.push(observation({ timeMs, ...landmark, ...vein, ...what }));
			}
		}
		return all;
	});
}

/** Rules around the defaults, edges included. */
export const protocols: fc.Arbitrary<Partial<Protocol>> = fc.record({
	openMs: fc.constantFrom(0, 60, 100, 120),
	closedMs: fc.constantFrom(40, 100, 200, 231),
	closedImages: fc.constantFrom(1, 3, 6),
	maxGapMs: fc.constantFrom(60, 250),
	sightMs: fc.constantFrom(0, 200, 2000),
	capturedShowMs: fc.constantFrom(0, 100, 2000),
	steadyMs: fc.constantFrom(0, 150, 400),
	minPressMs: fc.constantFrom(0, 100, 500),
});
