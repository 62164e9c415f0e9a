import test from 'ava';
import type { Observation } from '../../src/exam/observation.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import { type CaptureFault, faultPlan } from './faultPlan.ts';
import { soakFigure } from './figure.ts';
import { GreenProof } from './greenProof.ts';
import { Ledger } from './ledger.ts';
import { trendOf } from './trend.ts';
import { type Sample, verdictOf } from './verdict.ts';

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
/** Neither rises nor falls over a few dozen. */
const wobble = (at: number) => Math.sin(at * 1.7);

test('a trend has its slope within its interval; what only wobbles has none', (t) => {
	const xs = range(400);
	const rising = trendOf(
		xs,
		xs.map((x) => 3 * x + 100 * wobble(x)),
	)!;
	t.true(rising.low > 2.9 && rising.low < 3 && rising.high > 3 && rising.high < 3.1);
	const flat = trendOf(xs, xs.map(wobble))!;
	t.true(flat.low < 0 && flat.high > 0);
	t.is(trendOf(range(39), range(39)), null);
});

const sample = (at: number, more: Partial<Sample> = {}): Sample => ({
	...{
		frames: 1000 * at,
		faults: 0,
		greens: 0,
		unproven: 0,
		reasons: [],
		p50Ms: 1,
		p99Ms: 2,
		heap: 1e7,
		external: 1e7,
	},
	...{
		mainHeap: 1e7,
		mainExternal: 1e7,
		native: 1e7,
		seconds: at,
		rss: 2e8 + 1e6 * wobble(at),
		descriptors: 40,
		threads: 14,
	},
	...{ swaps: 0, outages: 0, ...more },
});

test('the verdict names memory, descriptors and threads that grow, and greens that nothing proves; nothing else', (t) => {
	const judge = (more: (at: number) => Partial<Sample>) =>
		verdictOf(range(200).map((at) => sample(at, more(at)))).faults;
	t.deepEqual(
		judge(() => ({})),
		[],
	);
	t.regex(judge((at) => ({ rss: 2e8 + 4e5 * at }))[0]!, /memory grows by 5\d\.\d MiB/);
	const sawtooth = (at: number) => 2e8 + 1.4e5 * (at % 130);
	t.deepEqual(
		judge((at) => ({ rss: sawtooth(at) })),
		[],
		'within one turn of the heap',
	);
	const long = (rise: number) => verdictOf(range(1000).map((at) => sample(at, { rss: 2e8 + rise * at }))).faults;
	t.regex(long(3e4)[0]!, /memory grows by 21\.\d MiB/);
	t.deepEqual(long(1e4), []);
	const kept = (rise: number, samples = 1000) =>
		verdictOf(range(samples).map((at) => sample(at, { mainExternal: 3e6 + rise * at + 1e5 * wobble(at) }))).faults;
	t.deepEqual(kept(450), ['external memory grows by 0.32 MiB over the judged frames']);
	t.deepEqual(kept(50), []);
	t.deepEqual(kept(2000, 400), [], 'too short to say');
	t.deepEqual(
		judge((at) => ({ rss: at < 40 ? 1e8 : 2e8 + 1e6 * wobble(at) })),
		[],
		'what grows at the start alone is no leak',
	);
	t.deepEqual(
		judge((at) => ({ descriptors: 40 + Math.floor(at / 20) })),
		['open descriptors grow from 42 to 48'],
	);
	t.deepEqual(
		judge((at) => ({ descriptors: at % 7 === 0 ? 55 : 40, threads: at % 9 === 0 ? 20 : 14 })),
		[],
		'a swap comes and goes',
	);
	t.deepEqual(
		judge((at) => ({ threads: 10 + Math.floor(at / 40) })),
		['threads grow from 11 to 14'],
	);
	t.deepEqual(
		judge(() => ({ unproven: 2, reasons: ['frame 7: green'] })),
		['2 green turns without evidence: frame 7: green'],
	);
	const short = range(30).map((at) => sample(at, { descriptors: 30 + at, threads: 10 + at }));
	t.deepEqual(verdictOf(short).faults, [], 'too short to say');
	t.regex(
		soakFigure(
			range(50).map((at) => sample(at)),
			verdictOf(range(50).map((at) => sample(at))),
			'x',
		),
		/<polyline/,
	);
});

const evidence = {
	...{
		openAt: '2026-03-02T09:00:00.000Z',
		closedAt: '2026-03-02T09:00:01.000Z',
		capturedAt: '2026-03-02T09:00:01.200Z',
	},
	...{ closedForMs: 200, closedImages: 5, outcome: 'captured' },
};

test('the ledger finds what is lost, what came twice, and a captured site without its evidence', (t) => {
	const hear = (...messages: [string, Record<string, unknown>][]) => {
		const ledger = new Ledger();
		for (const [topic, payload] of messages) ledger.hear(topic, payload);
		return ledger;
	};
	const site = { id: 'b', seq: 2, examination: { id: 'X' }, ...evidence };
	const whole = { id: 'c', seq: 3, examination: { id: 'X' }, outcome: 'captured' };
	const good = hear(
		['event', { id: 'a', seq: 1 }],
		['result/site', site],
		['result/site', site],
		['result/examination', whole],
	);
	t.deepEqual([good.faults, good.missing(0), good.again, good.examinations], [[], [], 1, 1]);
	t.deepEqual(good.missing(2), ['2 messages are still in the store']);
	t.deepEqual(hear(['event', { id: 'a', seq: 1 }], ['job/j/status', { id: 'd', seq: 4 }]).missing(0), [
		'2 of 4 numbers are missing',
	]);
	t.deepEqual(hear(['health', { id: 'h', seq: 9 }]).missing(0), []);
	t.regex(hear(['event', { id: 'a', seq: 1 }], ['event', { id: 'b', seq: 1 }]).faults[0]!, /number 1 is two messages/);
	t.regex(hear(['event', { id: 'a', seq: 1 }], ['event', { id: 'a', seq: 2 }]).faults[0]!, /came as number 1 and 2/);
	t.regex(
		hear(['result/examination', whole], ['result/examination', { ...whole, id: 'z', seq: 4 }]).faults[0]!,
		/ended twice/,
	);
	t.deepEqual(hear(['result/site', { ...site, seq: 1 }]).missing(0), [
		'1 examinations with a captured site never ended',
	]);
	for (const broken of [
		{ openAt: null },
		{ closedForMs: 199 },
		{ closedImages: 0 },
		{ closedAt: '2026-03-02T09:00:02.000Z' },
	])
		t.regex(hear(['result/site', { ...site, ...broken }]).faults[0]!, /no whole evidence/);
});

test('the same seed gives the same faults, one after the other', (t) => {
	const first = (seed: number) => {
		const plan = faultPlan(seed);
		return range(200).map((): CaptureFault => plan.next().value);
	};
	t.deepEqual(first(5), first(5));
	t.notDeepEqual(first(5), first(6));
	const plan = first(5);
	for (let at = 1; at < plan.length; at++) t.true(plan[at]!.from >= plan[at - 1]!.from + plan[at - 1]!.frames + 200);
	t.is(new Set(plan.map(({ kind }) => kind)).size, 6);
});

test('a green light is proven by an open vein and then a closure in one piece, and by nothing else', (t) => {
	const protocol = protocolDefaults;
	const sees = (vein: Observation['vein'], more: Partial<Observation> = {}): Partial<Observation> => ({
		vein,
		...more,
	});
	/** Frames of 40 ms; the light is green at the last. */
	const judge = (...frames: Partial<Observation>[]) => {
		const proof = new GreenProof();
		let fault: string | null = null;
		for (const [at, frame] of frames.entries()) {
			const observation: Observation = {
				...{ timeMs: 40 * at, signal: 'ok', scene: 'live', repeated: false, landmark: 'sfj', landmarkConfidence: 0.99 },
				...{ vein: 'none', veinConfidence: 0.99, ...frame },
			};
			fault = proof.turn(observation, at === frames.length - 1 ? 'sfj' : null, protocol);
		}
		return fault;
	};
	const open = range(25).map(() => sees('open'));
	const closed = range(10).map(() => sees('closed'));
	t.is(judge(...open, ...closed), null);
	t.is(judge(...open, ...closed, sees('open')), null, 'the vein opens again within the pass');
	t.regex(judge(...closed)!, /proven/);
	t.regex(judge(...open)!, /proven/);
	t.regex(judge(...open, ...closed.slice(0, 3))!, /proven/);
	t.regex(judge(...open, sees('none', { signal: 'no-cable', repeated: true }), ...closed)!, /proven/);
	t.regex(judge(...open, ...closed, sees('none', { signal: 'stuck', repeated: true }))!, /before a fault/);
	t.regex(judge(...open, ...closed, sees('closed', { landmark: 'fv' }))!, /landmark/);
});
