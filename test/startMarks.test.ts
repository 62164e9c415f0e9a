import test from 'ava';
import { monotonicMs } from '../src/clock.ts';
import { firstLightIn } from '../src/evaluation/startBench.ts';
import { firstLight, processStart, StartMarks } from '../src/startMarks.ts';

test('parts of the start follow each other over all threads, each from the end of the one before', (t) => {
	const marks = [
		{ part: 'program', atMs: 1050 },
		{ part: 'page and store', atMs: 1400 },
		{ part: 'thread', atMs: 1200 },
		{ part: 'first look', atMs: 1520.26 },
	];
	t.deepEqual(firstLight(marks, { atMs: 1000, sinceBootMs: 9000 }, 612.4), {
		afterMs: 520,
		sinceBootMs: 9520,
		cpuMs: 612,
		parts: { program: 50, thread: 150, 'page and store': 200, 'first look': 120.3 },
	});
});

test('the start of the process is known from the kernel, before the first code ran', (t) => {
	const start = processStart()!;
	t.true(start.atMs < monotonicMs());
	// Node's own beginning, to the hundredth of a second in which the kernel tells its own.
	t.true(start.atMs <= monotonicMs() - performance.now() + 20);
	t.true(start.sinceBootMs > 0);
});

test('a mark is the moment of its call', (t) => {
	const marks = new StartMarks();
	const before = monotonicMs();
	marks.over('one');
	marks.over('two');
	t.deepEqual(
		marks.marks.map(({ part }) => part),
		['one', 'two'],
	);
	t.true(marks.marks.every(({ atMs }) => atMs >= before && atMs <= monotonicMs()));
});

test('the line of the log that tells the first light is found among the others', (t) => {
	const told = { afterMs: 900, sinceBootMs: 9900, cpuMs: 800, parts: { program: 90 } };
	t.deepEqual(firstLightIn(JSON.stringify({ level: 30, ...told, msg: 'first light' })), told);
	t.is(firstLightIn('{"level":30,"msg":"vision ready"}'), null);
});
