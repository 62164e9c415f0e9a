import test from 'ava';
import fc from 'fast-check';
import { endExamination, startExamination } from '../../src/exam/command.ts';
import type { Guidance } from '../../src/exam/guidance.ts';
import type { Observation } from '../../src/exam/observation.ts';
import { onePiece, provesClosure, sureClosed, wasOpen } from './oracle.ts';
import { Play } from './play.ts';
import { away, closed, closing, observation, protocols, stream, streams } from './stream.ts';

const fv = { landmark: 'fv' } as const;
type Parts = Parameters<typeof stream>;
const compression: Parts = [[12], [5, closing], [11, closed]];

function after(...parts: Parts): string {
	const { guidance, site } = new Play().see(stream(...parts));
	return site === null ? guidance : `${guidance} ${site}`;
}

const table: [string, Parts, string][] = [
	['no landmark', [[5, away]], 'searching sfj'],
	['a landmark that is not of the protocol', [[5, { landmark: 'pop' }]], 'searching sfj'],
	['a landmark below its threshold', [[5, { landmarkConfidence: 0.69 }]], 'searching sfj'],
	['landmark, vein open', [[5]], 'press sfj'],
	['the other landmark, vein open', [[5, fv]], 'press fv'],
	['closing after it was open', [[8], [5, closing]], 'press sfj'],
	['closing, not seen open before', [[5, closing]], 'release sfj'],
	['closed after it was open', [[8], [5, closed]], 'hold sfj'],
	['closed from the start', [[60, closed]], 'release sfj'],
	['the press let go too early', [[8], [8, closed], [1]], 'release sfj'],
	['the press let go too early, closing again', [[8], [8, closed], [1], [1, closing]], 'press sfj'],
	['the press let go too early, 0.8 s later', [[8], [8, closed], [41]], 'press sfj'],
	['pressing for more than 5 s without closure', [[8], [252, closing]], 'release sfj'],
	['pressing for 5 s without closure', [[8], [251, closing]], 'press sfj'],
	['a touch too short for a press', [[8], [5, closing], [1]], 'press sfj'],
	['landmark, vein not to be seen', [[5, { vein: 'none' }]], 'dont-know'],
	['landmark, vein not sure', [[5, { veinConfidence: 0.5 }]], 'dont-know'],
	['the closure becomes unsure', [[8], [5, closed], [1, { ...closed, veinConfidence: 0.5 }]], 'dont-know'],
	['press flickers for 150 ms', [[5], [15, { veinConfidence: 0.5 }, 10]], 'press sfj'],
	['press flickers for longer', [[5], [16, { veinConfidence: 0.5 }, 10]], 'dont-know'],
	[
		'release flickers',
		[
			[5, closing],
			[5, { veinConfidence: 0.5 }],
		],
		'release sfj',
	],
	['press, the landmark flickers for 150 ms', [[5], [7, away]], 'press sfj'],
	['press, the landmark is gone for longer', [[5], [8, away]], 'searching sfj'],
	['press, then the other landmark unsure', [[5], [1, { ...fv, veinConfidence: 0.5 }]], 'dont-know'],
	['hold, the landmark gone', [[8], [5, closed], [1, away]], 'searching sfj'],
	['captured', [...compression], 'captured sfj'],
	['captured, still closed', [...compression, [50, closed]], 'captured sfj'],
	['captured, open again', [...compression, [50]], 'captured sfj'],
	['captured, vein unsure', [...compression, [5, { veinConfidence: 0.4 }]], 'captured sfj'],
	['captured, after 2 s', [...compression, [100]], 'searching fv'],
	['captured, just before 2 s', [...compression, [99]], 'captured sfj'],
	['captured, the landmark gone', [...compression, [1, away]], 'searching fv'],
	['captured, the landmark below its threshold', [...compression, [1, { landmarkConfidence: 0.6 }]], 'searching fv'],
	['captured, the landmark gone and back', [...compression, [1, away], [1]], 'searching fv'],
	['captured, the vein gone', [...compression, [1, { vein: 'none' }]], 'searching fv'],
	['captured, frozen', [...compression, [1, { scene: 'frozen' }]], 'dont-know'],
	['captured, frozen and live again', [...compression, [1, { scene: 'frozen' }], [1]], 'searching fv'],
	['captured, the cable gone', [...compression, [1, { signal: 'no-cable' }]], 'no-signal'],
	['captured, repeated', [...compression, [12, { repeated: true }]], 'captured sfj'],
	['captured, repeated for 250 ms', [...compression, [13, { repeated: true }]], 'dont-know'],
	['captured, repeated for 220 ms, then live', [...compression, [11, { repeated: true }], [1]], 'captured sfj'],
	['captured, repeated too long, then live', [...compression, [13, { repeated: true }], [1]], 'searching fv'],
	['captured, a gap', [...compression, [1, {}, 251]], 'searching fv'],
	['captured, the clock jumps back', [...compression, [1, {}, -100]], 'searching fv'],
	['captured, a repeat from before', [...compression, [1, { repeated: true }, -1]], 'dont-know'],
	['the last site captured', [...compression, [10, away], [12, fv], [11, { ...fv, ...closed }]], 'captured fv'],
	['nothing but repeats', [[5, { repeated: true }]], 'dont-know'],
	['repeats after the signal came back', [[5], [1, { signal: 'no-lock' }], [1, { repeated: true }]], 'dont-know'],
];
for (const [name, parts, expected] of table)
	test(`${name}: ${expected}`, (t) => {
		t.is(after(...parts), expected);
	});

test('a whole examination speaks in its order', (t) => {
	const play = new Play();
	const site = (parts: Partial<Observation>): Parts => [
		[10, away],
		[12, parts],
		[5, { ...parts, ...closing }],
		[15, { ...parts, ...closed }],
		[12, parts],
	];
	play.see(stream(...site({}), ...site(fv), [100, fv], [550, away]));
	const first: Guidance[] = ['searching', 'press', 'hold', 'captured', 'searching'];
	t.deepEqual(play.guidances, [...first, 'press', 'hold', 'captured', 'exam-done', 'searching']);
});

test('a frozen scan, a stuck device and a lost signal are told apart', (t) => {
	const frozen = (count: number): Parts => [...compression, [count, { scene: 'frozen' }]];
	t.is(after(...frozen(15)), 'dont-know', 'a scan that has only not begun to run yet looks like this too');
	t.is(after(...frozen(16)), 'frozen');
	t.is(after(...frozen(16), [1]), 'searching fv');
	t.is(after(...frozen(16), [1, { scene: 'colour' }], [1, { scene: 'frozen' }]), 'dont-know', 'it began anew');
	t.is(after(...compression, [1, { signal: 'stuck' }]), 'stuck');
	t.is(after(...compression, [1, { signal: 'no-signal' }]), 'no-signal');
});

test('exam-done stays while the probe is not lifted, and ten seconds in all when it is', (t) => {
	const done: Parts = [...compression, [10, away], [12, fv], [11, { ...fv, ...closed }]];
	t.is(after(...done, [99, fv]), 'captured fv');
	t.is(after(...done, [100, fv]), 'exam-done');
	t.is(after(...done, [1000, fv]), 'exam-done');
	t.is(after(...done, [499, away]), 'exam-done');
	t.is(after(...done, [500, away]), 'searching sfj');
	t.is(after(...done, [60, away], [5]), 'press sfj', 'the next examination may begin');
	t.is(after(...done, [60, away], [15], [20, away]), 'searching sfj', 'the next examination has begun');
	t.is(after(...done, [1, { scene: 'frozen' }]), 'dont-know', 'a picture that is not live is named first');
	t.is(after(...done, [1, { signal: 'stuck' }]), 'stuck');
});

test('an operator who ends or starts puts the green out', (t) => {
	for (const command of [startExamination, endExamination]) {
		const play = new Play();
		const now = play.see(stream(...compression)).timeMs;
		t.is(play.turn(now, (state, next) => command(state, now, next)).guidance, 'dont-know');
		t.not(play.see([observation({ timeMs: now + 20 })]).guidance, 'captured');
	}
});

test('a flickering press keeps the expiry of the image that bore it out', (t) => {
	const play = new Play();
	const sure = play.see(stream([5]));
	const unsure = play.see(stream([3, away]).map((o) => ({ ...o, timeMs: o.timeMs - 1000 + sure.timeMs })));
	t.is(unsure.guidance, 'press');
	t.is(unsure.expiresMs, sure.timeMs + 250);
});

test('a time that is no number expires at once', (t) => {
	const play = new Play();
	play.see(stream(...compression));
	for (const timeMs of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
		t.like(play.see([observation({ timeMs })]), { guidance: 'dont-know', expiresMs: Number.NaN, records: [] });
});

test('what the light says is borne out by the images: any stream, any rules', (t) => {
	const seen = new Map<Guidance, number>();
	const property = fc.property(streams(), protocols, (history, rules) => {
		const play = new Play(rules);
		for (const [i, o] of history.entries()) {
			const { guidance } = play.see([o]);
			seen.set(guidance, (seen.get(guidance) ?? 0) + 1);
			const fault = faultOf(play, history, i);
			if (fault !== null) throw new Error(`turn ${i}, ${guidance}: ${fault}`);
		}
	});
	fc.assert(property, { numRuns: 800 });
	t.log(Object.fromEntries(seen));
	for (const guidance of ['captured', 'hold', 'press', 'release', 'exam-done'] as const)
		t.true((seen.get(guidance) ?? 0) > 20, `the streams do reach ${guidance}`);
});

/** When the unbroken row of frozen pictures began that ends with history[at]. */
function frozenSince(history: Observation[], at: number): number {
	let from = at;
	for (; from > 0; from--) {
		const { signal, scene, timeMs } = history[from - 1]!;
		if (signal !== 'ok' || scene !== 'frozen' || !(timeMs <= history[from]!.timeMs)) break;
	}
	return history[from]!.timeMs;
}

function faultOf(play: Play, history: Observation[], at: number): string | null {
	const o = history[at]!;
	const { guidance, site, expiresMs } = play.turns[at]!;
	const { resultMs, capturedShowMs, thresholds } = play.protocol;
	if (o.signal !== 'ok')
		return guidance === (o.signal === 'stuck' ? 'stuck' : 'no-signal') ? null : 'a fault of the signal is not named';
	if (o.scene === 'frozen' && Number.isFinite(o.timeMs)) {
		const wanted = o.timeMs - frozenSince(history, at) >= play.protocol.frozenSayMs ? 'frozen' : 'dont-know';
		return guidance === wanted ? null : `frozen, it should be ${wanted}`;
	}
	if (o.scene !== 'live' || !Number.isFinite(o.timeMs))
		return guidance === 'dont-know' ? null : 'the scene is not live';
	if (guidance === 'no-signal' || guidance === 'starting' || guidance === 'fault') return 'nothing of the kind';
	if (guidance === 'dont-know') return null;
	if (expiresMs - o.timeMs > resultMs) return 'holds for too long';
	if (!(o.timeMs < expiresMs)) return 'is expired already';

	// The last fresh image, with nothing but repeats since.
	const fresh = history.findLastIndex((other, i) => i <= at && !other.repeated);
	if (fresh < 0) return 'no image yet';
	for (let i = fresh + 1; i <= at; i++)
		if (history[i]!.scene !== 'live' || history[i]!.signal !== 'ok') return 'rests on an image before a fault';
	const image = history[fresh]!;
	const sure = image.landmark === site && image.landmarkConfidence >= thresholds.landmark;
	if (guidance === 'hold')
		return sure && sureClosed(image, play.protocol) && wasOpen(history, fresh, play.protocol)
			? null
			: 'not closed, or not seen open';
	if (guidance === 'captured') {
		if (!sure) return 'the landmark is not in view';
		for (let i = fresh; i >= 0 && onePiece(history, i, fresh, site, play.protocol); i--)
			if (image.timeMs - history[i]!.timeMs < capturedShowMs && provesClosure(history, i, play.protocol)) return null;
		return image.timeMs - play.turns[at]!.timeMs === 0 && provesClosure(history, fresh, play.protocol)
			? null
			: 'nothing proves it here and now';
	}
	if (guidance === 'press' || guidance === 'release') {
		for (let i = fresh; i >= 0; i--) {
			const other = history[i]!;
			if (other.scene !== 'live' || other.signal !== 'ok') return 'rests on an image before a fault';
			const bears =
				!other.repeated &&
				other.landmark === site &&
				other.landmarkConfidence >= thresholds.landmark &&
				other.vein !== 'none';
			if (bears && other.timeMs <= o.timeMs && o.timeMs - other.timeMs < resultMs) return null;
		}
		return 'no image bears it out';
	}
	return null;
}
