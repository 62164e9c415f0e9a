import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { advance, nextStep, trialStarts, type UpdateEvent } from '../../src/update/install/advance.ts';
import {
	emptyJournal,
	type Journal,
	journalSchema,
	type Model,
	modelsToKeep,
	modelToRun,
} from '../../src/update/install/journal.ts';
import { JournalFile } from '../../src/update/install/journalFile.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';

const at = '2026-05-04T03:02:01Z';
const model = (letter: string): Model => ({ name: 'tiny', version: `1.0.${letter}`, sha256: letter.repeat(64) });
const events = fc.oneof(
	fc.constantFrom('1', '2', '3').map((letter): UpdateEvent => ({ event: 'wanted', model: model(letter) })),
	fc
		.constantFrom('download-began', 'fetched', 'gate-passed', 'switch-allowed', 'idle', 'started', 'probation-over')
		.map((event) => ({ event }) as UpdateEvent),
	fc
		.constantFrom('fetch-failed', 'refused', 'gate-failed', 'trial-failed')
		.map((event) => ({ event, reason: 'because' }) as UpdateEvent),
);
const history = fc.array(events, { maxLength: 60 });
const play = (what: readonly UpdateEvent[], from: Journal = emptyJournal) =>
	what.reduce((journal, event) => advance(journal, event, at), from);

/** The way of a model that does all right, up to its probation. */
const good: UpdateEvent[] = (
	['download-began', 'fetched', 'gate-passed', 'switch-allowed', 'idle', 'started'] as const
).map((event) => ({ event }));
const install = (letter: string): UpdateEvent[] => [{ event: 'wanted', model: model(letter) }, ...good];

test('whatever happens in whatever order, the journal can be written and read, and names a defined next step', (t) => {
	fc.assert(
		fc.property(history, (what) => {
			const journal = play(what);
			t.deepEqual(journalSchema.parse(JSON.parse(JSON.stringify(journal))), journal);
			t.is(nextStep(journal) === 'nothing', journal.candidate === null);
			const running = modelToRun(journal);
			t.true(running === null || modelsToKeep(journal).has(running.sha256));
		}),
		{ numRuns: 300 },
	);
	t.pass();
});

test('a model runs only after fetching, gate and leave to switch, in this order', (t) => {
	fc.assert(
		fc.property(history, (what) => {
			let journal = emptyJournal;
			let passed: string[] = [];
			for (const event of what) {
				const next = advance(journal, event, at);
				if (next.candidate?.sha256 !== journal.candidate?.sha256) passed = [];
				if (next !== journal) passed.push(event.event);
				const [before, after] = [modelToRun(journal)?.sha256, modelToRun(next)?.sha256];
				if (after !== before && next.candidate?.stage === 'trial') {
					t.is(event.event, 'idle');
					for (const step of ['fetched', 'gate-passed', 'switch-allowed']) t.true(passed.includes(step));
				}
				// Every other change of what runs is a rollback to what was committed.
				else if (after !== before) t.is(after, journal.current?.sha256);
				journal = next;
			}
		}),
		{ numRuns: 300 },
	);
	t.pass();
});

test('what is in quarantine never runs again, whoever wants it', (t) => {
	fc.assert(
		fc.property(history, history, (before, after) => {
			const journal = play(before);
			const barred = journal.quarantined;
			const later = play(after, journal);
			t.true(barred.every((hash) => later.quarantined.includes(hash)));
			t.false(later.candidate !== null && later.quarantined.includes(later.candidate.sha256));
		}),
		{ numRuns: 300 },
	);
	t.pass();
});

test('every model that was begun ends in the trail, with a reason', (t) => {
	fc.assert(
		fc.property(history, (what) => {
			let journal = emptyJournal;
			for (const event of what) {
				const next = advance(journal, event, at);
				const left = journal.candidate && next.candidate?.sha256 !== journal.candidate.sha256;
				if (left) {
					const end = next.outcomes[journal.outcomes.length]!;
					t.is(end.sha256, journal.candidate!.sha256);
					t.truthy(end.reason);
				}
				journal = next;
			}
		}),
		{ numRuns: 300 },
	);
	t.pass();
});

test('a model that comes through is committed, and the one before is kept', (t) => {
	const one = play([...install('1'), { event: 'probation-over' }]);
	const two = play([...install('2'), { event: 'probation-over' }], one);
	t.deepEqual([two.current, two.previous, two.candidate], [model('2'), model('1'), null]);
	t.deepEqual(
		two.outcomes.map(({ result }) => result),
		['committed', 'committed'],
	);
});

test('one that fails on trial is rolled back and quarantined; the old one runs', (t) => {
	const one = play([...install('1'), { event: 'probation-over' }]);
	const two = play([...install('2'), { event: 'trial-failed', reason: 'answers NaN' }], one);
	t.deepEqual([modelToRun(two), two.quarantined], [model('1'), [model('2').sha256]]);
	const again = play([{ event: 'wanted', model: model('2') }], two);
	t.is(again.candidate, null);
	t.regex(again.outcomes.at(-1)!.reason, /quarantine/);
});

test('a trial that never comes through rolls back by itself at the next start', (t) => {
	const starts: UpdateEvent[] = Array.from({ length: trialStarts }, () => ({ event: 'started' }));
	const journal = play(install('1'));
	t.is(play(starts.slice(1), journal).candidate?.stage, 'trial');
	const over = play(starts, journal);
	t.deepEqual([modelToRun(over), over.outcomes[0]!.result], [null, 'rolled-back']);
});

test('a link that breaks leaves the model wanted; one that is refused may be asked for again', (t) => {
	const began = play([{ event: 'wanted', model: model('1') }, { event: 'download-began' }]);
	t.is(play([{ event: 'fetch-failed', reason: 'no link' }], began).candidate?.stage, 'queued');
	const refused = play([{ event: 'refused', reason: 'other bytes' }], began);
	t.deepEqual([refused.candidate, refused.quarantined], [null, []]);
	t.is(play([{ event: 'wanted', model: model('1') }], refused).candidate?.stage, 'queued');
});

test('an event that does not fit changes nothing: the same journal comes back', (t) => {
	const journal = play([{ event: 'wanted', model: model('1') }]);
	for (const event of ['fetched', 'gate-passed', 'idle', 'started', 'probation-over'] as const)
		t.is(advance(journal, { event }, at), journal);
});

test('a journal is read as it was written; a damaged one is said, not guessed', (t) => {
	const path = join(temporaryFolder(), 'journal.json');
	const file = new JournalFile(path);
	file.open();
	for (const event of install('1')) file.take(event, new Date(at));
	const again = new JournalFile(path);
	again.open();
	t.deepEqual(again.journal, file.journal);
	writeFileSync(path, readFileSync(path).subarray(0, -5));
	t.throws(() => new JournalFile(path).open(), { code: 'store-failed', message: /no journal of updates/ });
});

test('what cannot be written has not happened', (t) => {
	const noFolder = join(temporaryFolder(), 'file');
	writeFileSync(noFolder, '');
	const file = new JournalFile(join(noFolder, 'journal.json'));
	file.open();
	t.throws(() => file.take({ event: 'wanted', model: model('1') }, new Date(at)), { code: 'store-failed' });
	t.is(file.journal, emptyJournal);
});
