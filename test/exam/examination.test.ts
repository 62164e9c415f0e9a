import test from 'ava';
import fc from 'fast-check';
import { advance } from '../../src/exam/advance.ts';
import { cancelExamination, endExamination, interrupt, setSide, startExamination } from '../../src/exam/command.ts';
import { siteOutcome } from '../../src/exam/examination.ts';
import type { Observation } from '../../src/exam/observation.ts';
import type { ExamRecord, SiteRecord } from '../../src/exam/record.ts';
import type { ExamState } from '../../src/exam/state.ts';
import { provesClosure } from './oracle.ts';
import { Play } from './play.ts';
import { away, closed, closing, observation, protocols, stream, streams } from './stream.ts';

const fv = { landmark: 'fv' } as const;
type Parts = Parameters<typeof stream>;
const compression = (site: Partial<Observation> = {}): Parts => [
	[12, site],
	[5, { ...site, ...closing }],
	[15, { ...site, ...closed }],
];

function play(...parts: Parts): Play {
	const made = new Play();
	made.see(stream(...parts));
	return made;
}

const nowOf = (made: Play): number => made.turns.at(-1)!.timeMs;
const kinds = (records: readonly ExamRecord[]): string[] => records.map((record) => record.kind);
const examinationOf = (made: Play) => made.records.findLast((record) => record.kind === 'examination')!;
const outcomesOf = (made: Play): string[] =>
	examinationOf(made).sites.map((site: SiteRecord) => `${site.site} ${site.outcome}`);

test('an examination starts with the first landmark in view for 200 ms, and is dated to its first image', (t) => {
	const made = play([10, away], [10]);
	t.deepEqual(made.records, []);
	made.see([observation({ timeMs: nowOf(made) + 20 })]);
	t.deepEqual(made.records, [{ kind: 'examination-started', examination: 1, side: 'unknown', atMs: 1220 }]);
});

test('a stray sight of a landmark starts nothing', (t) => {
	const made = play([10, away], [9], [10, away], [9], [300, away]);
	t.deepEqual(made.records, []);
});

test('with every site captured the examination is complete, in the order of the protocol', (t) => {
	const made = play(...compression(fv), [50, away], ...compression());
	t.deepEqual(kinds(made.records), ['examination-started', 'site', 'site', 'examination']);
	t.like(examinationOf(made), { outcome: 'captured', endedBy: 'complete', examination: 1, startedMs: 1020 });
	t.deepEqual(outcomesOf(made), ['sfj captured', 'fv captured']);
	const sites = made.records.filter((record) => record.kind === 'site').map((record) => record.site);
	t.deepEqual(examinationOf(made).sites, sites.reverse());
});

test('the next examination begins only after the probe was lifted', (t) => {
	const complete: Parts = [...compression(), [20, away], ...compression(fv)];
	const made = play(...complete, [60, fv], [200, { ...fv, repeated: true }], [100, fv], [49, away], [60, fv]);
	t.is(made.records.length, 4, 'away for less than a second');
	made.see(
		stream([30, away], [1, fv], [30, away], [60, fv]).map((o) => ({ ...o, timeMs: o.timeMs + nowOf(made) - 1000 })),
	);
	t.is(made.records.length, 4, 'away for more than a second, but not in one go');
	made.see(
		stream([30, away], [1, { scene: 'frozen' }], [30, away], [60, fv]).map((o) => ({
			...o,
			timeMs: o.timeMs + nowOf(made) - 1000,
		})),
	);
	t.is(made.records.length, 4, 'a frozen picture in between shows no absence');
	made.see(stream([51, away], [20, fv]).map((o) => ({ ...o, timeMs: o.timeMs + nowOf(made) - 1000 })));
	t.like(made.records.at(-1), { kind: 'examination-started', examination: 2 });
});

test('after an end without any picture for a while the next examination begins without a lift', (t) => {
	const made = play(...compression(), [20, away], ...compression(fv), [300, { scene: 'frozen' }], [20, fv]);
	t.like(made.records.at(-1), { kind: 'examination-started', examination: 2 });
});

test('a vein that does not close is not captured, and a site that was not seen is not seen', (t) => {
	const made = play([12], [5, closing], [8, closed], [30], [20, closing], [20], [251, away]);
	t.like(examinationOf(made), { outcome: 'not-captured', endedBy: 'idle' });
	t.deepEqual(outcomesOf(made), ['sfj not-captured', 'fv not-seen']);
	const [sfj, other] = examinationOf(made).sites;
	t.like(sfj, { presses: 2, capturedMs: null, closedForMs: 140, closedImages: 8, closedMs: 1360, openMs: 1240 });
	t.deepEqual(other, {
		site: 'fv',
		outcome: 'not-seen',
		presses: 0,
		firstSeenMs: null,
		openMs: null,
		closedMs: null,
		capturedMs: null,
		closedForMs: 0,
		closedConfidence: 0,
		landmarkConfidence: 0,
		closedImages: 0,
	});
});

test('a press shorter than 100 ms is not counted', (t) => {
	t.is(examinationOf(play([12], [5, closing], [20], [251, away])).sites[0]!.presses, 0);
	t.is(examinationOf(play([12], [6, closing], [20], [251, away])).sites[0]!.presses, 1);
});

test('the longest closure is kept as evidence, whatever came after it', (t) => {
	const made = play([12], [8, closed], [10], [4, closed], [10], [1, away], [20, closed], [251, away]);
	t.like(examinationOf(made).sites[0], { closedForMs: 140, closedImages: 8, closedMs: 1260, openMs: 1240 });
});

test('the closure that counted is the evidence, even where a longer one did not', (t) => {
	const made = new Play({ closedImages: 4 });
	made.see(stream([12], [1, closed], [1, closed, 240], [10], [4, closed, 70], [251, away]));
	t.like(examinationOf(made).sites[0], { outcome: 'captured', closedForMs: 210, closedImages: 4 });
});

test('a capture is a press, however short', (t) => {
	const made = new Play({ minPressMs: 1000 });
	made.see(stream([12], [11, closed], [60, closed], [251, away]));
	t.is(examinationOf(made).sites[0]!.presses, 1);
});

test('a stray sight of another landmark does not make it seen', (t) => {
	t.deepEqual(outcomesOf(play([20], [9, fv], [20], [251, away])), ['sfj not-captured', 'fv not-seen']);
	t.deepEqual(outcomesOf(play([20], [11, fv], [20], [251, away])), ['sfj not-captured', 'fv not-captured']);
});

test('every repetition of a press in one pass is counted', (t) => {
	const press: Parts = [[6, closing], [3]];
	t.is(examinationOf(play([12], ...press, ...press, ...press, [251, away])).sites[0]!.presses, 3);
});

test('an examination ends by itself when no landmark was seen for 5 s, whatever the reason', (t) => {
	const causes: Record<string, Partial<Observation>> = {
		away,
		frozen: { scene: 'frozen' },
		'no cable': { signal: 'no-cable' },
		repeats: { repeated: true },
	};
	for (const [name, cause] of Object.entries(causes)) {
		const made = play([20], [250, cause]);
		t.deepEqual(kinds(made.records), ['examination-started'], name);
		made.see([observation({ timeMs: nowOf(made) + 1, ...cause })]);
		t.like(examinationOf(made), { endedBy: 'idle', atMs: nowOf(made) }, name);
	}
});

test('a clock that jumps by more than the idle time ends the examination, either way', (t) => {
	for (const jump of [5001, -5001]) t.like(examinationOf(play([20], [1, {}, jump])), { endedBy: 'idle' });
	for (const jump of [4999, -4999]) t.deepEqual(kinds(play([20], [1, {}, jump]).records), ['examination-started']);
});

test('after a long silence the old examination ends and the next one begins with what is in view', (t) => {
	const made = play([20], [1, {}, 5001], [10]);
	t.deepEqual(kinds(made.records), ['examination-started', 'examination', 'examination-started']);
});

test('an operator who starts while the last one is still on the screen gets a full examination', (t) => {
	const made = play(...compression(), [20, away], ...compression(fv), [100, away], [20, fv]);
	made.turn(nowOf(made), (state, next) => endExamination(state, nowOf(made), next));
	const late = nowOf(made) + 4000;
	made.turn(late, (state, next) => startExamination(state, late, next));
	made.see([observation({ timeMs: late + 2000, ...away })]);
	t.like(made.records.at(-1), { kind: 'examination-started', examination: 3 }, 'it does not idle out');
});

test('after an examination in which nothing was seen, the next one needs no lift', (t) => {
	const made = play([10, away]);
	made.turn(nowOf(made), (state, next) => startExamination(state, nowOf(made), next));
	made.turn(nowOf(made), (state, next) => endExamination(state, nowOf(made), next));
	made.see(stream([12]).map((o) => ({ ...o, timeMs: o.timeMs + 1000 })));
	t.like(made.records.at(-1), { kind: 'examination-started', examination: 2 });
});

test('an examination ends after its longest time, and the next one waits for a lift', (t) => {
	const made = new Play({ timeLimitMs: 2000 });
	made.see(stream([300]));
	t.deepEqual(kinds(made.records), ['examination-started', 'examination']);
	t.like(examinationOf(made), { endedBy: 'time-limit', outcome: 'not-captured' });
	t.is(made.turns.at(-1)!.guidance, 'dont-know', 'no examination runs, and none was completed');
});

test('the operator starts an examination before any landmark was seen; it does not idle out', (t) => {
	const made = play([10, away]);
	made.turn(nowOf(made), (state, next) => startExamination(state, nowOf(made), next, 'left'));
	t.like(made.turns.at(-1), { guidance: 'dont-know', records: [{ kind: 'examination-started', side: 'left' }] });
	made.see([observation({ timeMs: nowOf(made) + 60_000, ...away })]);
	t.is(made.records.length, 1);
	made.turn(nowOf(made), (state, next) => endExamination(state, nowOf(made), next));
	t.like(examinationOf(made), { endedBy: 'operator', side: 'left', outcome: 'not-captured' });
	t.deepEqual(outcomesOf(made), ['sfj not-seen', 'fv not-seen']);
});

test('starting an examination ends the running one first', (t) => {
	const made = play(...compression());
	const turn = made.turn(5000, (state, next) => startExamination(state, 5000, next));
	t.deepEqual(kinds(turn.records), ['examination', 'examination-started']);
	t.like(turn.records[0], { examination: 1, endedBy: 'operator' });
	t.like(turn.records[1], { examination: 2, atMs: 5000 });
	t.is(turn.guidance, 'dont-know', 'nothing was captured in this one');
	t.is(siteOutcome(made.state, 0), null);
});

test('an operator who ends, cancels or stops with the probe still on does not start the next one', (t) => {
	const ends = {
		operator: endExamination,
		cancelled: cancelExamination,
		shutdown: (state: ExamState, nowMs: number, next: ExamState) => endExamination(state, nowMs, next, 'shutdown'),
	};
	for (const [endedBy, command] of Object.entries(ends)) {
		const made = play(...compression());
		made.turn(nowOf(made), (state, next) => command(state, nowOf(made), next));
		t.like(examinationOf(made), { endedBy, outcome: 'not-captured' });
		t.deepEqual(outcomesOf(made), ['sfj captured', 'fv not-seen']);
		made.see(stream([100]).map((o) => ({ ...o, timeMs: o.timeMs + 2000 })));
		t.is(made.records.length, 3, endedBy);
		t.is(made.turns.at(-1)!.guidance, 'dont-know');
	}
});

test('ending without an examination changes nothing', (t) => {
	const made = play([5, away]);
	made.turn(2000, (state, next) => endExamination(state, 2000, next));
	t.deepEqual(made.records, []);
	t.is(made.turns.at(-1)!.guidance, 'searching');
});

test('a side holds for one examination and is never carried to the next', (t) => {
	const made = play([5, away]);
	made.turn(1200, (state, next) => setSide(state, 'left', next));
	made.see(stream([20], [10, closing]).map((o) => ({ ...o, timeMs: o.timeMs + 300 })));
	t.like(made.records[0], { kind: 'examination-started', side: 'left' });
	made.turn(3000, (state, next) => setSide(state, 'right', next));
	made.turn(3100, (state, next) => endExamination(state, 3100, next));
	t.like(examinationOf(made), { side: 'right' });
	made.turn(3200, (state, next) => startExamination(state, 3200, next));
	t.like(made.records.at(-1), { kind: 'examination-started', side: 'unknown' });
});

test('setting the side changes neither what is shown nor what was seen', (t) => {
	const made = play([12], [10, closed]);
	const before = made.turns.at(-1)!;
	t.like(
		made.turn(before.timeMs, (state, next) => setSide(state, 'right', next)),
		{ guidance: 'hold', site: 'sfj', expiresMs: before.expiresMs },
	);
	t.is(made.see([observation({ timeMs: before.timeMs + 20, ...closed })]).guidance, 'captured');
});

test('after an interruption the examination goes on and the pass does not', (t) => {
	const made = play(...compression(), [12, fv], [10, { ...fv, ...closed }]);
	const posted = structuredClone(made.state);
	made.state = posted;
	const now = nowOf(made);
	t.is(made.turn(now, (state, next) => interrupt(state, now, next)).guidance, 'dont-know');
	made.see(stream([20, { ...fv, ...closed }]).map((o) => ({ ...o, timeMs: o.timeMs - 1000 + now })));
	t.is(made.turns.at(-1)!.guidance, 'release', 'not seen open since');
	t.is(siteOutcome(made.state, 0), 'captured');
	t.is(siteOutcome(made.state, 1), null);
	t.is(made.state.examination, 1);
});

test('the checklist speaks of the running examination, then of the last', (t) => {
	const made = new Play();
	t.is(siteOutcome(made.state, 0), null);
	made.see(stream([12]));
	t.is(siteOutcome(made.state, 0), null);
	made.see(stream([12], [5, closing], [15, closed]).map((o) => ({ ...o, timeMs: o.timeMs + 300 })));
	t.is(siteOutcome(made.state, 0), 'captured');
	t.is(siteOutcome(made.state, 1), null);
	made.turn(9000, (state, next) => endExamination(state, 9000, next));
	t.is(siteOutcome(made.state, 0), 'captured');
	t.is(siteOutcome(made.state, 1), 'not-seen');
});

test('examinations go on counting where an earlier exam of this process stopped', (t) => {
	const made = new Play();
	made.state.examination = 7;
	made.see(stream([20]));
	t.like(made.records[0], { examination: 8 });
});

type Command = 'start' | 'end' | 'cancel' | 'interrupt' | 'left';
const commands: Record<Command, (state: ExamState, nowMs: number, next: ExamState) => ReturnType<typeof interrupt>> = {
	start: startExamination,
	end: endExamination,
	cancel: cancelExamination,
	interrupt,
	left: (state, _nowMs, next) => setSide(state, 'left', next),
};
const words = fc.constantFrom<Command>('start', 'end', 'cancel', 'interrupt', 'left');

test('every examination is recorded once with every site, and nothing is lost: any stream, rules and commands', (t) => {
	const rules = protocols.chain((some) =>
		fc
			.record({
				idleEndMs: fc.constantFrom(300, 1000, 5000),
				liftMs: fc.constantFrom(0, 100, 1000),
				timeLimitMs: fc.constantFrom(1000, 3000, 1_200_000),
			})
			.map((more) => ({ ...some, ...more })),
	);
	const given = fc.array(fc.tuple(fc.nat({ max: 400 }), words), { maxLength: 3 });
	const seen = { examinations: 0, complete: 0, sites: 0 };
	const property = fc.property(streams(20), rules, given, (history, some, interruptions) => {
		const made = new Play(some);
		let since = 0;
		let now = 0;
		for (const [i, o] of history.entries()) {
			for (const [at, word] of interruptions)
				if (at === i) {
					made.turn(now, (state, next) => commands[word](state, now, next));
					if (word !== 'left' && !(word === 'end' || word === 'cancel')) since = i;
					if ((word === 'end' || word === 'cancel') && made.turns.at(-1)!.records.length > 0) since = i;
				}
			if (Number.isFinite(o.timeMs)) now = o.timeMs;
			const { phase } = made.state;
			const place = made.protocol.sites.indexOf(o.landmark);
			const marked = place >= 0 && siteOutcome(made.state, place) === 'captured';
			const turn = made.turn(o.timeMs, (state, next) => advance(state, o, next));
			const ended = turn.records.some((record) => record.kind === 'examination' && record.endedBy !== 'complete');
			const site = turn.records.find((record) => record.kind === 'site');
			const proven = provesClosure(history.slice(since), i - since, made.protocol);
			if (site !== undefined && !(proven && site.site.site === o.landmark)) return false;
			const open = phase === 'ready' || (phase === 'running' && !marked);
			if (proven && open && !ended && site === undefined) return false;
		}
		made.turn(now, (state, next) => endExamination(state, now, next, 'shutdown'));
		return consistent(made, seen);
	});
	fc.assert(property, { numRuns: 800 });
	t.log(seen);
	t.true(seen.examinations > 200 && seen.complete > 10 && seen.sites > 100, 'the streams do reach all of it');
});

function consistent(made: Play, seen: { examinations: number; complete: number; sites: number }): boolean {
	let running = false;
	let number = 0;
	let captured = new Map<string, SiteRecord>();
	for (const record of made.records) {
		if (record.kind === 'examination-started') {
			if (running || record.examination !== ++number) return false;
			running = true;
			captured = new Map();
			continue;
		}
		if (!running || record.examination !== number) return false;
		if (record.kind === 'site') {
			if (record.site.outcome !== 'captured' || captured.has(record.site.site)) return false;
			captured.set(record.site.site, record.site);
			seen.sites++;
			continue;
		}
		running = false;
		seen.examinations++;
		if (record.sites.map((site) => site.site).join() !== made.protocol.sites.join()) return false;
		for (const site of record.sites) {
			const early = captured.get(site.site);
			if ((site.outcome === 'captured') !== (early !== undefined)) return false;
			if (early !== undefined && JSON.stringify(early) !== JSON.stringify(site)) return false;
			if ((site.outcome === 'not-seen') !== (site.firstSeenMs === null)) return false;
			if (site.outcome === 'not-seen' && (site.presses > 0 || site.closedImages > 0)) return false;
		}
		const all = captured.size === made.protocol.sites.length;
		if ((record.outcome === 'captured') !== all || (record.endedBy === 'complete') !== all) return false;
		if (all) seen.complete++;
	}
	return !running;
}
