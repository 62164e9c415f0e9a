import test from 'ava';
import type { Guidance } from '../../src/exam/guidance.ts';
import { ConsoleLight } from '../../src/indicator/consoleLight.ts';
import { describe } from '../../src/indicator/describe.ts';

const indication = (guidance: Guidance, site: string | null, expiresMs: number) => ({ guidance, site, expiresMs });

test('a line is printed when what is shown or its site changes, with the time since the first', (t) => {
	const lines: string[] = [];
	const light = new ConsoleLight({ write: (line) => lines.push(line) });
	light.open();
	light.show(indication('press', 'sfj', 1250), { nowMs: 1000 });
	light.show(indication('press', 'sfj', 1350), { nowMs: 1100 });
	light.show(indication('press', 'fv', 1450), { nowMs: 1200 });
	light.show(indication('hold', 'fv', 2000), { nowMs: 1234 });
	light.close();
	t.is(lines.length, 3);
	t.is(lines[0], `    0.00 s  ${describe('press', 'sfj')}`);
	t.is(lines[1], `    0.20 s  ${describe('press', 'fv')}`);
	t.is(lines[2], `    0.23 s  ${describe('hold', 'fv')}`);
});

test('an expired result is printed as dont-know, without its site', (t) => {
	const lines: string[] = [];
	const light = new ConsoleLight({ write: (line) => lines.push(line) });
	light.open();
	light.show(indication('captured', 'sfj', 250), { nowMs: 0 });
	light.show(indication('captured', 'sfj', 250), { nowMs: 250 });
	light.show(indication('captured', 'sfj', 250), { nowMs: 300 });
	t.is(lines.length, 2);
	t.true(lines[1]!.endsWith(describe('dont-know', null)));
});

test('opened again, it begins anew', (t) => {
	const lines: string[] = [];
	const light = new ConsoleLight({ write: (line) => lines.push(line), ansi: true });
	for (const nowMs of [5000, 9000]) {
		light.open();
		light.show(indication('captured', 'sfj', nowMs + 250), { nowMs });
	}
	t.is(lines.length, 2);
	t.is(lines[1], `    0.00 s  \u001b[32m${describe('captured', 'sfj')}\u001b[0m`);
});

test('a line names the word, the site and what to do', (t) => {
	t.is(
		describe('press', 'sfj'),
		'v PRESS      sfj (groin, saphenofemoral junction): The site is in view and the vein is not closed: press until it closes.',
	);
	t.is(describe('press', 'new', 'elbow').slice(0, 26), 'v PRESS      new (elbow): ');
	t.is(describe('press', 'new').slice(0, 18), 'v PRESS      new: ');
	t.is(describe('dont-know', null), "? DON'T KNOW The picture cannot be judged now.");
});
