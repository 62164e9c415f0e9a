import test from 'ava';
import { evaluationOf } from '../../src/evaluation/evaluation.ts';
import type { JudgedRecording } from '../../src/evaluation/judgedRecording.ts';
import { reportHtml } from '../../src/evaluation/report/report.ts';
import { timelineStrip } from '../../src/evaluation/report/timelineStrip.ts';
import { judgedOf } from './judge.ts';

function report(judged: JudgedRecording[], name = 'a set'): string {
	const evaluation = evaluationOf(judged, {
		...{ landmarks: ['sfj', 'fv', 'none'], seconds: 1 },
		set: { name, license: 'l', source: 'x' },
		model: { name: 'm', version: '1', sha256: 'abc' },
	});
	return reportHtml(evaluation, judged, '2031-01-01');
}

const some = [
	judgedOf({ id: 'fine', kind: 'full-press', layout: 'wide' }, [['sfj closed > sfj closed', 5]], ['sfj']),
	judgedOf({ id: 'lost', kind: 'full-press' }, [
		['sfj open > sfj open', 5],
		['sfj closed > fv open', 5],
	]),
];

test('the report is one page that asks for nothing from elsewhere', (t) => {
	const page = report(some);
	t.regex(page, /^<!doctype html>/);
	t.notRegex(page, /<script|<link|<img|@import|url\(|(?:src|href)=|https?:/);
	t.regex(page, /default-src 'none'/);
});

test('every tag that is opened is closed again, in order', (t) => {
	const open: string[] = [];
	const alone = new Set(['meta', 'br', '!doctype']);
	for (const [, slash, name, inside] of report(some).matchAll(/<(\/?)([!\w]+)([^>]*)>/g)) {
		if (alone.has(name!) || inside!.endsWith('/')) continue;
		if (slash === '') open.push(name!);
		else if (open.pop() !== name) return t.fail(`</${name}> closes another tag`);
	}
	t.deepEqual(open, []);
});

test('charts have a name for those who do not see them, and their numbers stand as text', (t) => {
	const page = report(some);
	for (const [svg] of page.matchAll(/<svg[^>]*>/g)) t.regex(svg, /role="img" aria-label="[^"]+"/);
	t.regex(page, /<b>50%<\/b><span>5<\/span>/);
	t.regex(page, /expected calibration error 0\.\d{3}/);
});

test('a name in a set cannot become part of the page', (t) => {
	const page = report([judgedOf({ id: 'a', kind: '<b onclick="x">' }, [['none none > sfj open', 1]])], '</title><i>');
	t.false(page.includes('<b onclick'));
	t.false(page.includes('</title><i>'));
	t.regex(page, /&#60;\/title&#62;/);
});

test('each of the worst recordings has why and its strip', (t) => {
	const page = report(some);
	t.regex(page, /<h3>lost <span class="tag bad">missed<\/span>/);
	t.regex(page, /of 5 closed frames 0% were called closed/);
	t.is(page.match(/class="strip/g)!.length, 1);
});

test('a set without kinds, layouts, closed frames or faults has a report', (t) => {
	const page = report([
		judgedOf({ expected: { landmark: 'none', outcome: 'not-captured' } }, [['none none > none none', 2]]),
	]);
	t.regex(page, /not given/);
	t.regex(page, /Every frame of every recording is right/);
	t.regex(page, /too few recordings for an interval/);
	t.notRegex(page, /NaN|undefined|By the machine/);
	t.notRegex(report([judgedOf({}, [])]), /NaN|undefined/);
});

test('a strip marks where what was said is wrong, but not while the vein is closing', (t) => {
	const wrong = (text: string) => [...timelineStrip(judgedOf({}, [[text, 3]]).spans).matchAll(/class="wrong"/g)].length;
	t.is(wrong('sfj open > sfj open'), 0);
	t.is(wrong('sfj closing > sfj open'), 0);
	t.is(wrong('sfj closed > sfj open'), 1);
	t.is(wrong('sfj closed > fv open'), 2);
});
