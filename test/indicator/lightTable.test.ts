import test from 'ava';
import { guidances } from '../../src/exam/guidance.ts';
import { colours, lightTable } from '../../src/indicator/lightTable.ts';
import { lightTableMarkdown } from '../../src/indicator/lightTableMarkdown.ts';
import { isOn, type Pattern, patterns, periodMs } from '../../src/indicator/pattern.ts';
import { mayIdentify, shownWords } from '../../src/indicator/shown.ts';

const states = shownWords.map((guidance) => ({ guidance, ...lightTable[guidance] }));
const distinct = (values: unknown[]): boolean => new Set(values).size === values.length;

/** What an eye sees of a pattern, in steps of 10 ms over its period, from the moment it lights up. */
const seen = ({ steps }: Pattern): string =>
	(steps[0] === 0 ? '' : '1'.repeat(Math.max(steps[0]!, 0) / 10)) +
	steps
		.slice(1)
		.map((ms, i) => `${i % 2}`.repeat(ms / 10))
		.join('');

test('every guidance has a state, and no other has', (t) => {
	t.deepEqual(Object.keys(lightTable).sort(), [...shownWords].sort());
});

test('texts, signs, sentences and patterns all differ, so that colour is never needed', (t) => {
	t.true(distinct(states.map(({ text }) => text)));
	t.true(distinct(states.map(({ symbol }) => symbol)));
	t.true(distinct(states.map(({ detail }) => detail)));
	t.true(distinct(states.map(({ pattern }) => seen(pattern))));
});

test('green is captured and nothing else, and no other colour has green in it', (t) => {
	t.deepEqual(
		states.filter(({ colour }) => colours[colour].green).map(({ guidance }) => guidance),
		['captured'],
	);
	t.deepEqual(colours.green, { red: false, green: true, blue: false });
});

test('only captured is steady, and only dont-know is dark', (t) => {
	const always = (on: boolean) =>
		states
			.filter(({ pattern }) =>
				Array.from({ length: periodMs(pattern) }, (_, ms) => isOn(pattern, ms)).every((is) => is === on),
			)
			.map(({ guidance }) => guidance);
	t.deepEqual(always(true), ['captured']);
	t.deepEqual(always(false), ['dont-know']);
	t.is(lightTable['dont-know'].colour, 'dark');
});

test('identify takes the place of nothing that speaks of a press, a result or a fault, and of nothing while an examination runs', (t) => {
	t.deepEqual(
		guidances.filter((guidance) => !mayIdentify(guidance, false)),
		['press', 'hold', 'captured', 'release', 'exam-done', 'fault'],
	);
	t.deepEqual(
		guidances.filter((guidance) => mayIdentify(guidance, true)),
		[],
	);
});

test('words fit a small display, signs are one printable character', (t) => {
	for (const { text, symbol, detail, screen } of states) {
		t.regex(text, /^[A-Z' ]{1,10}$/);
		t.regex(symbol, /^[!-~]$/);
		t.regex(detail, /^[A-Z][^.]*\.$/);
		t.regex(screen, /^#[0-9a-f]{6}$/);
	}
});

test('no word is an alarm or a finding', (t) => {
	const words = states.map(({ text, detail }) => `${text} ${detail}`).join(' ');
	t.notRegex(words, /clot|thromb|dvt|alarm|danger|warning|positive|negative|healthy|normal|disease|patient/i);
});

test('nothing flashes more than three times in any second', (t) => {
	for (const [name, pattern] of Object.entries(patterns)) {
		const starts: number[] = [];
		for (let ms = 1; ms < 6000; ms++) if (isOn(pattern, ms) && !isOn(pattern, ms - 1)) starts.push(ms);
		const most = Math.max(0, ...starts.map((start) => starts.filter((ms) => ms >= start && ms < start + 1000).length));
		t.true(most <= 3, `${name}: ${most}`);
	}
});

test('a pattern begins with on and goes through its steps again and again', (t) => {
	const at = (...times: number[]) => times.map((ms) => isOn(patterns.double, ms));
	t.deepEqual(at(0, 149.9, 150, 299, 300, 449, 450, 1199), [true, true, false, false, true, true, false, false]);
	t.deepEqual(at(1200, 1350, 1500, 12_000_000), [true, false, true, true]);
	t.deepEqual(at(-5), [true], 'a clock that is late is the beginning');
	t.false(isOn(patterns.dark, -5));
});

test('the docs table has a row for each guidance with all it says', (t) => {
	const lines = lightTableMarkdown().split('\n');
	for (const { guidance, text, symbol, colour, pattern, detail } of states) {
		const row = lines.find((line) => line.startsWith(`| \`${guidance}\` |`))!;
		for (const part of [text, `\`${symbol}\``, colour, pattern.words, detail])
			t.true(row.includes(part), `${guidance}: ${part}`);
		t.is(row.split('|').length, 8);
	}
	t.regex(lightTableMarkdown(), /two short flashes, then a pause \(on 150, off 150, on 150, off 750 ms\)/);
});
